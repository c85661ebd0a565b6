using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Storage.Packages;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Packages;

public sealed class PackageStoreTests : IAsyncLifetime
{
    private static readonly TestEntry Good = new("index.js", "exports.handler = () => 1");

    private readonly PackageStoreFixture fixture = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Package_is_named_by_its_digest_and_reads_back()
    {
        var zip = ZipFile.Create(Good);
        var package = (await fixture.Store.AddAsync(zip)).Value;

        package.ShouldBe(new PackageReference(Convert.ToHexStringLower(SHA256.HashData(zip)), zip.Length));
        using var read = fixture.Store.OpenRead(package.Digest).ShouldNotBeNull();
        using var copy = new MemoryStream();
        await read.CopyToAsync(copy);
        copy.ToArray().ShouldBe(zip);
        File.Exists(fixture.ZipPath(package)).ShouldBeTrue();
        fixture.Store.OpenRead(new string('0', 64)).ShouldBeNull();
        fixture.Store.OpenRead("../../../etc/passwd").ShouldBeNull();
    }

    [Fact]
    public async Task Unpacked_size_is_told_and_found_out_for_a_reference_that_lacks_it()
    {
        var zip = ZipFile.Create(Good, new("more", new string('x', 5_000)));
        var size = Good.Content.Length + 5_000;

        (await fixture.Store.AddAsync(zip)).Value.UnzippedBytes.ShouldBe(size);
        var again = (await fixture.Store.AddAsync(zip)).Value;
        again.UnzippedBytes.ShouldBe(size);
        var measured = await fixture.Store.MeasureAsync(again with { UnzippedBytes = null });
        measured.UnzippedBytes.ShouldBe(size);

        await Should.ThrowAsync<StoreException>(() =>
            fixture.Store.MeasureAsync(new PackageReference(new string('0', 64), 1)));
    }

    [Fact]
    public async Task Files_folders_and_links_are_unpacked_with_plain_modes()
    {
        var folder = await fixture.UnpackAsync(
            Good,
            new("bin/run", "#!/bin/sh\necho ran") { Mode = 0x8FED },
            new("private", "x") { Mode = 0x8180 },
            new("none", "x") { Mode = 0, Host = 0 },
            new("stored", "as is") { Method = 0 },
            new("empty"),
            new("ünï/cödé.txt", "x"),
            new("./dot/./file", "x"),
            TestEntry.Folder("empty-folder/"),
            TestEntry.Folder("empty-folder/"),
            new("Readme"), new("README"),
            TestEntry.Link("node_modules/.bin/tool", "../tool/cli.js"),
            new("node_modules/tool/cli.js", "tool"),
            TestEntry.Link("chain", "./node_modules/.bin/tool"),
            TestEntry.Link("self", "."),
            TestEntry.Link("a/b/up", "../.."),
            TestEntry.Link("dangling", "missing"));

        File.ReadAllText(Path.Combine(folder, "index.js")).ShouldBe(Good.Content);
        File.ReadAllText(Path.Combine(folder, "stored")).ShouldBe("as is");
        File.ReadAllText(Path.Combine(folder, "dot/file")).ShouldBe("x");
        File.ReadAllText(Path.Combine(folder, "ünï/cödé.txt")).ShouldBe("x");
        File.ReadAllText(Path.Combine(folder, "chain")).ShouldBe("tool");
        File.ReadAllText(Path.Combine(folder, "a/b/up/index.js")).ShouldBe(Good.Content);
        new FileInfo(Path.Combine(folder, "empty")).Length.ShouldBe(0);
        Directory.Exists(Path.Combine(folder, "empty-folder")).ShouldBeTrue();
        new FileInfo(Path.Combine(folder, "node_modules/.bin/tool")).LinkTarget.ShouldBe("../tool/cli.js");
        if (!OperatingSystem.IsWindows())
        {
            Mode("bin/run").ShouldBe("755");
            Mode("index.js").ShouldBe("644");
            Mode("private").ShouldBe("644");
            Mode("none").ShouldBe("644");
            Mode("bin").ShouldBe("755");
            Mode("").ShouldBe("755");
        }

        string Mode(string name) => OperatingSystem.IsWindows()
            ? ""
            : Convert.ToString((int)File.GetUnixFileMode(Path.Combine(folder, name)), 8);
    }

    [Fact]
    public async Task Zip_of_the_framework_is_accepted()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = archive.CreateEntry("src/app.py").Open();
            await entry.WriteAsync("x = 1"u8.ToArray());
        }

        var package = (await fixture.Store.AddAsync(bytes.ToArray())).Value;
        File.ReadAllText(Path.Combine(await fixture.Store.GetFolderAsync(package), "src/app.py")).ShouldBe("x = 1");
    }

    [Fact]
    public async Task Zip64_and_a_comment_and_streamed_sizes_are_accepted()
    {
        var plain = ZipFile.Create(Good);
        var directoryBytes = 46 + Good.Name.Length;
        var zip64 = ZipFile.Create(
            [Good], null,
            ZipFile.Zip64End(1, (ulong)(plain.Length - 22 - directoryBytes), (ulong)directoryBytes));
        (await fixture.Store.AddAsync(zip64)).IsSuccess.ShouldBeTrue();

        byte[] commented = [.. ZipFile.Create([Good], end => end[20] = 2), (byte)'h', (byte)'i'];
        (await fixture.Store.AddAsync(commented)).IsSuccess.ShouldBeTrue();

        var streamed = ZipFile.Create(Good with { Flags = 0x0808, LocalUnpackedBytes = 0 });
        (await fixture.Store.AddAsync(streamed)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Same_bytes_again_are_stored_once_and_count_as_new()
    {
        var package = (await fixture.AddAsync(Good)).Value;
        fixture.Time.Advance(TimeSpan.FromDays(1));
        (await fixture.AddAsync(Good)).Value.ShouldBe(package);

        await fixture.Store.CollectAsync(new HashSet<string>(), fixture.Time.GetUtcNow().AddHours(-1));
        fixture.Store.OpenRead(package.Digest).ShouldNotBeNull().Dispose();
    }

    [Fact]
    public async Task Concurrent_adds_of_the_same_and_of_other_bytes_all_succeed()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => Task.Run(
            () => fixture.AddAsync(new TestEntry("number", $"{number % 4}"), Good))));

        results.ShouldAllBe(result => result.IsSuccess);
        results.Select(result => result.Value.Digest).Distinct().Count().ShouldBe(4);
        Directory.GetFileSystemEntries(fixture.Folder.TemporaryPath).ShouldBeEmpty();
        foreach (var result in results.Take(4))
        {
            File.Exists(Path.Combine(await fixture.Store.GetFolderAsync(result.Value), "index.js")).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Damaged_package_is_not_served_and_repaired_by_adding_it_again()
    {
        var package = (await fixture.AddAsync(Good)).Value;
        var bytes = await File.ReadAllBytesAsync(fixture.ZipPath(package));
        bytes[40] ^= 1;
        await File.WriteAllBytesAsync(fixture.ZipPath(package), bytes);
        Directory.Delete(await fixture.Store.GetFolderAsync(package), recursive: true);

        Should.Throw<StoreException>(() => fixture.Store.OpenRead(package.Digest)).Message.ShouldContain("damaged");
        (await Should.ThrowAsync<StoreException>(fixture.Store.GetFolderAsync(package)))
            .Message.ShouldContain("damaged");

        (await fixture.AddAsync(Good)).Value.ShouldBe(package);
        fixture.Store.OpenRead(package.Digest).ShouldNotBeNull().Dispose();
        File.Exists(Path.Combine(await fixture.Store.GetFolderAsync(package), "index.js")).ShouldBeTrue();
    }

    [Fact]
    public async Task Missing_folder_is_unpacked_again_and_a_missing_package_is_said()
    {
        var package = (await fixture.AddAsync(Good)).Value;
        Directory.Delete(await fixture.Store.GetFolderAsync(package), recursive: true);
        File.Exists(Path.Combine(await fixture.Store.GetFolderAsync(package), "index.js")).ShouldBeTrue();

        var missing = await Should.ThrowAsync<StoreException>(
            fixture.Store.GetFolderAsync(new PackageReference(new string('0', 64), 1)));
        missing.Message.ShouldContain("missing");
        await Should.ThrowAsync<ArgumentException>(
            fixture.Store.GetFolderAsync(new PackageReference("../../etc", 1)));
    }

    [Fact]
    public async Task Unpacked_code_is_trusted_within_a_boot_and_made_anew_after_it()
    {
        var package = (await fixture.AddAsync(Good)).Value;
        var file = Path.Combine(await fixture.Store.GetFolderAsync(package), "index.js");
        await File.WriteAllTextAsync(file, "");

        await fixture.ReopenAsync();
        File.ReadAllText(Path.Combine(await fixture.Store.GetFolderAsync(package), "index.js")).ShouldBe("");
        await fixture.ReopenAsync("second boot");
        File.ReadAllText(Path.Combine(await fixture.Store.GetFolderAsync(package), "index.js")).ShouldBe(Good.Content);
    }

    [Fact]
    public async Task What_a_crash_left_unfinished_is_swept_at_the_next_start()
    {
        Directory.CreateDirectory(Path.Combine(fixture.Folder.TemporaryPath, "half/folder"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Folder.TemporaryPath, "half.zip"), "x");

        await fixture.ReopenAsync();
        Directory.GetFileSystemEntries(fixture.Folder.TemporaryPath).ShouldBeEmpty();
    }

    [Fact]
    public async Task Collect_removes_what_is_unused_and_old()
    {
        var used = (await fixture.AddAsync(new TestEntry("a", "1"))).Value;
        var unused = (await fixture.AddAsync(new TestEntry("a", "2"))).Value;
        await fixture.Store.GetMergedFolderAsync([used, unused]);
        fixture.Time.Advance(TimeSpan.FromHours(2));
        var young = (await fixture.AddAsync(new TestEntry("a", "3"))).Value;

        var freed = await fixture.Store.CollectAsync(
            new HashSet<string> { used.Digest }, fixture.Time.GetUtcNow().AddHours(-1));

        freed.ShouldBe(unused.SizeBytes + 1);
        fixture.Store.OpenRead(unused.Digest).ShouldBeNull();
        fixture.Store.OpenRead(used.Digest).ShouldNotBeNull().Dispose();
        fixture.Store.OpenRead(young.Digest).ShouldNotBeNull().Dispose();
        Directory.GetDirectories(fixture.Folder.CodePath).Length.ShouldBe(2);
        Directory.GetDirectories(fixture.Folder.LayersPath).ShouldBeEmpty();
        Directory.GetFileSystemEntries(fixture.Folder.TemporaryPath).ShouldBeEmpty();
    }

    [Fact]
    public async Task Package_that_cannot_be_written_is_said()
    {
        // The file that the package would be moved over is a folder, which no move replaces.
        var zip = ZipFile.Create(Good);
        var digest = Convert.ToHexStringLower(SHA256.HashData(zip));
        Directory.CreateDirectory(fixture.ZipPath(new PackageReference(digest, 1)));

        (await fixture.Store.AddAsync(zip)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.StoreUnavailable);
    }

    [Theory]
    [InlineData("", 0u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    public void Checksum_is_crc32(string text, uint expected)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        Crc32.Append(0, bytes).ShouldBe(expected);
        Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, bytes.Length / 3)), bytes.AsSpan(bytes.Length / 3))
            .ShouldBe(expected);
    }
}

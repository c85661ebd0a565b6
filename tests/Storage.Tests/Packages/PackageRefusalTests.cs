using System.Text;
using Lambent.Kernel;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Packages;

public sealed class PackageRefusalTests : IAsyncLifetime
{
    private const string AwsUnreadable =
        "Could not unzip uploaded file. Please check your file, then try to upload again.";

    private static readonly TestEntry Good = new("index.js", "exports.handler = () => 1");

    private readonly PackageStoreFixture fixture = new();

    public static TheoryData<string, TestEntry[]> RefusedEntries { get; } = new()
    {
        { "../up", [new("../up")] },
        { "a/../../up", [new("a/../../up")] },
        { "a/..", [new("a/..")] },
        { "..", [new("..")] },
        { "/etc/passwd", [new("/etc/passwd")] },
        { "C:/windows", [new("C:/windows")] },
        { "c:x", [new("c:x")] },
        { "a\\b", [new("a\\b")] },
        { "..\\up", [new("..\\up")] },
        { "a\0b", [new("a\0b")] },
        { "", [new("")] },
        { "a//b", [new("a//b")] },
        { ".", [new(".")] },
        { "././.", [TestEntry.Link("././.", "index.js")] },
        { new string('x', 256), [new(new string('x', 256))] },
        { LongPath(4097), [new(LongPath(4097))] },
        { "file", [new("file"), new("file")] },
        { "./file", [new("file"), new("./file")] },
        { "a/b", [new("a"), new("a/b")] },
        { "a", [new("a/b"), new("a")] },
        { "a/", [new("a"), TestEntry.Folder("a/")] },
        { "link/x", [TestEntry.Link("link", "a"), new("link/x")] },
        { "link", [new("link/x"), TestEntry.Link("link", "a")] },
        { "link/deeper/x", [TestEntry.Link("link", "a"), new("link/deeper/x")] },
        { "link", [TestEntry.Link("link", "/etc/passwd")] },
        { "link", [TestEntry.Link("link", "../x")] },
        { "a/link", [TestEntry.Link("a/link", "../../x")] },
        { "link", [TestEntry.Link("link", "a/../../x")] },
        { "link", [TestEntry.Link("link", "other/../x"), TestEntry.Link("other", "d/e")] },
        { "link", [TestEntry.Link("link", "..\\x")] },
        { "link", [TestEntry.Link("link", "")] },
        { "link", [TestEntry.Link("link", new string('x', 5_000))] },
        { "link/", [TestEntry.Link("link/", "x")] },
        { "pipe", [new("pipe") { Mode = 0x11B6 }] },
        { "char", [new("char") { Mode = 0x21B6 }] },
        { "block", [new("block") { Mode = 0x61B6 }] },
        { "socket", [new("socket") { Mode = 0xC1B6 }] },
        { "secret", [new("secret", "x") { Flags = 0x0801 }] },
        { "secret", [new("secret", "x") { Flags = 0x0840 }] },
        { "method", [new("method", "x") { Method = 12 }] },
        { "folder/", [new("folder/", "content") { Mode = 0x41ED }] },
        { "fffe", [new("") { RawName = [0xff, 0xfe] }] },
        { "bomb", [new("bomb") { RawContent = new byte[3 * Limits.MiB] }] },
    };

    public static TheoryData<string, byte[]> UnreadableFiles { get; } = new()
    {
        { "NotAZipFile", [] },
        { "NotAZipFile", [1] },
        { "NotAZipFile", Encoding.ASCII.GetBytes(new string('x', 100_000)) },
        { "NotAZipFile", ZipFile.Create(Good)[..^1] },
        { "NotAZipFile", ZipFile.Create(Good)[..^20] },
        { "NotAZipFile", [.. ZipFile.Create(Good), 0] },
        { "DirectoryOutOfPlace", ZipFile.Create(Good)[1..] },
        { "DirectoryOutOfPlace", [0, .. ZipFile.Create(Good)] },
        { "DirectoryOutOfPlace", End(end => end[16]++) },
        { "DirectoryOutOfPlace", End(end => end[19] = 0xff) },
        { "DirectoryOutOfPlace", End(end => end[12]--) },
        { "SeveralDisks", End(end => end[4] = 1) },
        { "SeveralDisks", End(end => end[8]++) },
        { "DirectoryBroken", End(end => (end[8], end[10]) = (2, 2)) },
        { "EntryCountDisagrees", ZipFile.Create([Good, new("b")], end => (end[8], end[10]) = (1, 1)) },
        { "ChecksumDiffers", ZipFile.Create(Good with { Checksum = 1 }) },
        { "HeadersDisagree", ZipFile.Create(Good with { LocalName = "index.mjs" }) },
        { "HeadersDisagree", ZipFile.Create(Good with { LocalUnpackedBytes = 1 }) },
        { "HeadersDisagree", ZipFile.Create(Good with { LocalFlags = 1 }) },
        { "HeadersDisagree", ZipFile.Create(Good with { Offset = 5 }) },
        { "HeadersDisagree", ZipFile.Create(Good with { Offset = 0x00ff_ffff }) },
        { "HeadersDisagree", ZipFile.Create(Good with { PackedBytes = 100_000 }) },
        { "SizesBroken", ZipFile.Create(Good with { Offset = uint.MaxValue }) },
        { "SizesBroken", ZipFile.Create(Good with { PackedBytes = uint.MaxValue }) },
        { "SizesBroken", ZipFile.Create(Good with { Method = 0, UnpackedBytes = 1 }) },
        { "LongerThanItSays", ZipFile.Create(Good with { UnpackedBytes = 5 }) },
        { "ShorterThanItSays", ZipFile.Create(Good with { UnpackedBytes = 50 }) },
        { "DeflateBroken", Broken(Good) },
        { "EntriesOverlap", ZipFile.Create(Good, Good with { Offset = 0 }) },
        { "Zip64OutOfPlace", Zip64(offset: 1, entries: 0, bytes: 0) },
        { "Zip64Disagrees", Zip64(offset: 0, entries: 1, bytes: 0) },
        { "Zip64Disagrees", Zip64(offset: 0, entries: 0, bytes: 1, recordOffset: -1) },
    };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Theory]
    [MemberData(nameof(RefusedEntries))]
    public async Task Entry_that_must_not_become_a_file_is_refused_by_name(string name, TestEntry[] entries)
    {
        var error = (await fixture.AddAsync([Good, .. entries])).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.PackageEntryRefused, error.Message);
        error.Field.ShouldBe(name);
        error.Message.ShouldContain(name);
        ShouldHaveLeftNothing();
    }

    [Theory]
    [MemberData(nameof(UnreadableFiles))]
    public async Task File_that_does_not_fit_together_is_unreadable(string reason, byte[] zip)
    {
        var error = (await fixture.Store.AddAsync(zip)).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.PackageUnreadable, error.Message);
        error.Message.ShouldBe(AwsUnreadable);
        error.Reason.ShouldBe(reason);
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task Zip_without_entries_is_refused()
    {
        var error = (await fixture.AddAsync()).Error.ShouldNotBeNull();

        error.ShouldBe(new Error(ErrorCode.PackageUnreadable, "Uploaded file must be a non-empty zip"));
    }

    [Fact]
    public async Task Zip_above_the_limit_is_refused()
    {
        var error = (await fixture.Store.AddAsync(new byte[Limits.ZippedPackageBytesMax + 1])).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.PackageTooLarge);
        error.Message.ShouldBe("Zipped size must be smaller than 52428800 bytes");
    }

    [Theory]
    [InlineData(262_144_001, 0)]
    [InlineData(200_000_000, 100_000_000)]
    [InlineData(0xffff_fffe, 0)]
    public async Task Declared_size_above_the_limit_is_refused(uint first, uint second)
    {
        // Not deflated so well that they would be bombs: what counts here is the sum.
        var content = new byte[400_000];
        new Random(1).NextBytes(content);
        var error = (await fixture.AddAsync(
            new("a") { RawContent = content, UnpackedBytes = first },
            new("b") { RawContent = content, UnpackedBytes = second })).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.PackageTooLarge);
        error.Message.ShouldBe("Unzipped size must be smaller than 262144000 bytes");
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task More_folders_than_allowed_are_refused_though_no_entry_names_them()
    {
        // 70 names of 1,500 folders each.
        var entries = Enumerable.Range(0, 70)
            .Select(number => new TestEntry($"{number}" + string.Concat(Enumerable.Repeat("/a", 1_500))))
            .ToArray();
        var error = (await fixture.AddAsync(entries)).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.PackageTooLarge);
        error.Message.ShouldContain("100000 are allowed");
        ShouldHaveLeftNothing();
    }

    [Fact]
    public async Task More_entries_than_allowed_are_refused()
    {
        var zip = Zip64(offset: 0, entries: 100_000, bytes: 0, small: ushort.MaxValue);
        var error = (await fixture.Store.AddAsync(zip)).Error.ShouldNotBeNull();

        error.Message.ShouldBe("The package has 100001 files and folders; 100000 are allowed.");
    }

    /// <summary>Whatever single byte is wrong: an answer, never an exception, and nothing outside the folder.</summary>
    [Fact]
    public async Task File_with_any_byte_changed_is_answered()
    {
        var zip = ZipFile.Create(
            Good,
            TestEntry.Folder("lib/"),
            new("lib/run", "#!/bin/sh") { Mode = 0x81ED },
            TestEntry.Link("l", "lib/run"));
        for (var position = 0; position < zip.Length; position++)
        {
            foreach (var change in new byte[] { 0x01, 0xff })
            {
                var changed = zip.ToArray();
                changed[position] ^= change;
                var result = await fixture.Store.AddAsync(changed);
                if (!result.IsSuccess)
                {
                    result.Error!.Code.ShouldBeOneOf(
                        ErrorCode.PackageUnreadable, ErrorCode.PackageEntryRefused, ErrorCode.PackageTooLarge);
                }
            }
        }

        Directory.GetFileSystemEntries(fixture.Folder.TemporaryPath).ShouldBeEmpty();
        Directory.GetFileSystemEntries(fixture.Folder.Root).Select(Path.GetFileName).Order()
            .ShouldBe(["code", "layers", "lock", "objects", "packages", "temp"]);
    }

    [Fact]
    public async Task File_cut_anywhere_is_unreadable()
    {
        var zip = ZipFile.Create(Good, new("b", "content"));
        for (var length = 0; length < zip.Length; length++)
        {
            (await fixture.Store.AddAsync(zip.AsMemory(0, length))).Error.ShouldNotBeNull()
                .Code.ShouldBe(ErrorCode.PackageUnreadable);
        }
    }

    private void ShouldHaveLeftNothing()
    {
        Directory.GetFileSystemEntries(fixture.Folder.PackagesPath).ShouldBeEmpty();
        Directory.GetDirectories(fixture.Folder.CodePath).ShouldBeEmpty();
        Directory.GetFileSystemEntries(fixture.Folder.TemporaryPath).ShouldBeEmpty();
    }

    private static string LongPath(int length) =>
        string.Join('/', Enumerable.Repeat(new string('x', 200), length / 201 + 1))[..length].TrimEnd('/') + "y";

    private static byte[] End(Action<byte[]> change) => ZipFile.Create([Good], change);

    private static byte[] Broken(TestEntry entry)
    {
        var zip = ZipFile.Create(entry);
        var data = 30 + entry.Name.Length;
        zip.AsSpan(data, 4).Fill(0xff);
        return zip;
    }

    /// <summary>A good file with a zip64 end record that is wrong by the differences given.</summary>
    private static byte[] Zip64(int offset, int entries, int bytes, int recordOffset = 0, ushort small = 1)
    {
        var plain = ZipFile.Create(Good);
        var directoryBytes = 46 + Good.Name.Length;
        var directoryOffset = plain.Length - 22 - directoryBytes;
        return ZipFile.Create(
            [Good],
            end => (end[8], end[9], end[10], end[11]) =
                ((byte)small, (byte)(small >> 8), (byte)small, (byte)(small >> 8)),
            ZipFile.Zip64End((ulong)(1 + entries), (ulong)(directoryOffset + offset + recordOffset),
                (ulong)(directoryBytes + bytes)));
    }
}

using System.IO.Compression;
using Lambent.Cli.Commands;
using Lambent.Cli.Packaging;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Packaging;

public sealed class PackageArchiveTests
{
    [Fact]
    public void Pack_sameFiles_makesTheSameBytesWhateverTheirTimes()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.js", "two");
        folder.Write("a/x.js", "one");
        var first = PackageArchive.Pack(FolderReader.Read(folder.Path));
        using var other = new TemporaryFolder();
        other.Write("a/x.js", "one");
        other.Write("b.js", "two");
        File.SetLastWriteTimeUtc(other.Combine("b.js"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        var second = PackageArchive.Pack(FolderReader.Read(other.Path));
        second.Zip.ShouldBe(first.Zip);
        second.Sha256.ShouldBe(first.Sha256);
    }

    [Fact]
    public void Pack_files_keepsWhoMayRunThemAndNothingElseOfTheirPermissions()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bootstrap", "#!/bin/sh", executable: true);
        File.SetUnixFileMode(folder.Write("secret.txt", "x"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var entries = Entries(PackageArchive.Pack(FolderReader.Read(folder.Path)));
        Mode(entries["bootstrap"]).ShouldBe(Convert.ToInt32("100755", 8));
        Mode(entries["secret.txt"]).ShouldBe(Convert.ToInt32("100644", 8));
    }

    [Fact]
    public void Pack_linkInside_isKeptAsALink()
    {
        using var folder = new TemporaryFolder();
        folder.Write("lib/real.js", "x");
        File.CreateSymbolicLink(folder.Combine("link.js"), "lib/real.js");
        Directory.CreateSymbolicLink(folder.Combine("lib2"), "lib");
        var entries = Entries(PackageArchive.Pack(FolderReader.Read(folder.Path)));
        Mode(entries["link.js"]).ShouldBe(Convert.ToInt32("120777", 8));
        Text(entries["link.js"]).ShouldBe("lib/real.js");
        Text(entries["lib2"]).ShouldBe("lib");
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside")]
    [InlineData("lib/../../outside")]
    public void Read_linkOutside_isRefused(string target)
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.Combine("link"), target);
        var refused = Should.Throw<CommandFailedException>(() => FolderReader.Read(folder.Path));
        refused.Failure.Code.ShouldBe(FailureCodes.PackageEntryRefused);
        refused.Message.ShouldContain(target);
    }

    [Fact]
    public void Read_folder_leavesOutWhatIsIgnored()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".git/config", "x");
        folder.Write("__pycache__/a.pyc", "x");
        folder.Write("notes.md", "x");
        folder.Write("app.py", "x");
        folder.Write(".lambentignore", "*.md\n");
        FolderReader.Read(folder.Path).Files.ShouldBe(["app.py"]);
    }

    [Fact]
    public void Pack_tooLarge_isRefusedBeforeItIsSent()
    {
        using var folder = new TemporaryFolder();
        var bytes = new byte[PackageArchive.ZippedBytesMax + 1];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(folder.Combine("noise.bin"), bytes);
        var refused = Should.Throw<CommandFailedException>(() => PackageArchive.Pack(FolderReader.Read(folder.Path)));
        refused.Failure.Exit.ShouldBe(ExitCode.Limit);
    }

    private static Dictionary<string, ZipArchiveEntry> Entries(PackedPackage package) =>
        new ZipArchive(new MemoryStream(package.Zip)).Entries.ToDictionary(entry => entry.FullName);

    private static int Mode(ZipArchiveEntry entry) => (entry.ExternalAttributes >> 16) & 0xFFFF;

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}

using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Tests.Isolation;

public sealed class LinkedFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lt-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Files_folders_links_and_rights_appear_in_the_second_place()
    {
        var (source, target) = (Folder("source"), Folder("target"));
        File.WriteAllText(Path.Combine(source, "bootstrap"), "#!/bin/sh");
        File.SetUnixFileMode(
            Path.Combine(source, "bootstrap"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Path.Combine(source, "node_modules/deep/empty"));
        File.WriteAllText(Path.Combine(source, "node_modules/deep/index.js"), "deep");
        File.CreateSymbolicLink(Path.Combine(source, "link"), "node_modules/deep/index.js");
        Directory.CreateSymbolicLink(Path.Combine(source, "linked-folder"), "node_modules");

        LinkedFolder.Fill(source, target);

        File.ReadAllText(Path.Combine(target, "node_modules/deep/index.js")).ShouldBe("deep");
        Directory.Exists(Path.Combine(target, "node_modules/deep/empty")).ShouldBeTrue();
        new FileInfo(Path.Combine(target, "link")).LinkTarget.ShouldBe("node_modules/deep/index.js");
        new FileInfo(Path.Combine(target, "linked-folder")).LinkTarget.ShouldBe("node_modules");
        File.GetUnixFileMode(Path.Combine(target, "bootstrap"))
            .ShouldBe(File.GetUnixFileMode(Path.Combine(source, "bootstrap")));
        // The same file in two places: what is written to the one is seen in the other.
        File.AppendAllText(Path.Combine(source, "node_modules/deep/index.js"), "er");
        File.ReadAllText(Path.Combine(target, "node_modules/deep/index.js")).ShouldBe("deeper");

        Directory.Delete(target, recursive: true);
        File.Exists(Path.Combine(source, "bootstrap")).ShouldBeTrue();
    }

    [Fact]
    public void Folder_that_is_not_there_is_an_error() =>
        Should.Throw<IOException>(() => LinkedFolder.Fill(Path.Combine(root, "none"), Folder("target")));

    [Fact]
    public void File_that_is_there_already_is_an_error_and_stays()
    {
        var (source, target) = (Folder("source"), Folder("target"));
        File.WriteAllText(Path.Combine(source, "a"), "new");
        File.WriteAllText(Path.Combine(target, "a"), "old");
        Should.Throw<IOException>(() => LinkedFolder.Fill(source, target));
        File.ReadAllText(Path.Combine(target, "a")).ShouldBe("old");
    }

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;
}

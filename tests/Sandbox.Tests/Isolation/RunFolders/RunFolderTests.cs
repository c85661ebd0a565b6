using System.Text;
using Lambent.Sandbox.Isolation.RunFolders;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.RunFolders;

public sealed class RunFolderTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("lt-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Servers_that_start_in_the_same_instant_wait_for_one_another()
    {
        var folders = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => Task.Run(() =>
            {
                RunFolder.TakeAbandoned(root).ShouldBeEmpty("all that are made are in use");
                return RunFolder.Create(root);
            })));
        folders.Select(folder => folder.Path).Distinct().Count().ShouldBe(32);
        foreach (var folder in folders)
        {
            folder.Dispose();
        }
    }

    [Fact]
    public void Folder_is_its_owners_alone_and_gone_when_disposed()
    {
        var folder = RunFolder.Create(root);
        ((int)File.GetUnixFileMode(folder.Path)).ShouldBe(0x1C0);
        folder.Dispose();
        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Fact]
    public void Folder_in_use_is_not_abandoned()
    {
        using var folder = RunFolder.Create(root);
        RunFolder.TakeAbandoned(root).ShouldBeEmpty();
    }

    [Fact]
    public void Folder_without_a_living_owner_is_abandoned()
    {
        var path = Directory.CreateDirectory(Path.Combine(root, "lambent-01234567")).FullName;
        var (found, taken) = RunFolder.TakeAbandoned(root).ShouldHaveSingleItem();
        found.ShouldBe(path);
        // Nobody else may take it meanwhile.
        RunFolder.TakeAbandoned(root).ShouldBeEmpty();
        taken.Dispose();
    }

    [Fact]
    public void Environments_folder_leaves_room_for_a_sockets_path()
    {
        using var folder = RunFolder.Create(root);
        folder.EnvironmentFolder("e1").ShouldBe(Path.Combine(folder.Path, "e1"));
        foreach (var length in Enumerable.Range(1, 63))
        {
            var path = folder.EnvironmentFolder(new string('x', length)) + "/host/frames.sock";
            Encoding.UTF8.GetByteCount(path).ShouldBeLessThanOrEqualTo(RunFolder.SocketPathBytesMax);
        }
    }

    [Fact]
    public async Task Sweep_removes_what_nobody_owns_and_says_so()
    {
        Directory.CreateDirectory(Path.Combine(root, "lambent-01234567", "e1", "host"));
        var findings = await Sweep.RunAsync(root, TimeProvider.System);
        findings.ShouldHaveSingleItem().ShouldContain("lambent-01234567");
        Directory.GetDirectories(root).ShouldBeEmpty();
        (await Sweep.RunAsync(root, TimeProvider.System)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Servers_that_sweep_and_end_at_once_remove_each_folder_once()
    {
        for (var round = 0; round < 20; round++)
        {
            foreach (var number in Enumerable.Range(0, 10))
            {
                var left = Directory.CreateDirectory(Path.Combine(root, $"lambent-0000000{number}", "e1", "host"));
                File.Create(Path.Combine(left.Parent!.Parent!.FullName, RunFolder.LockName)).Dispose();
            }

            var ending = Enumerable.Range(0, 8).Select(_ => RunFolder.Create(root)).ToList();
            var sweeps = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Sweep.RunAsync(root, TimeProvider.System)));
            var ends = ending.Select(folder => Task.Run(folder.Dispose)).ToList();

            var findings = (await Task.WhenAll(sweeps.ToList())).SelectMany(found => found).ToList();
            await Task.WhenAll(ends);

            findings.Count.ShouldBe(10, string.Join('\n', findings));
            findings.ShouldAllBe(finding => finding.StartsWith("Cleared away"));
            Directory.GetDirectories(root).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Sweep_of_a_place_that_does_not_exist_finds_nothing() =>
        (await Sweep.RunAsync(Path.Combine(root, "none"), TimeProvider.System)).ShouldBeEmpty();
}

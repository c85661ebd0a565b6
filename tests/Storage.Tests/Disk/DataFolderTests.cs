using System.Diagnostics;
using Lambent.Kernel;
using Lambent.Storage.Disk;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Disk;

public sealed class DataFolderTests
{
    [Fact]
    public void Folder_is_created_for_its_owner_alone()
    {
        using var parent = new TemporaryFolder();
        using var folder = DataFolder.Open(parent["deep/data"]).Value;

        Directory.Exists(folder.PackagesPath).ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(parent["deep/data"]).ShouldBe(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void Second_opener_is_told_who_has_it_and_gets_it_afterwards()
    {
        using var parent = new TemporaryFolder();
        var first = DataFolder.Open(parent["data"]).Value;

        var refused = DataFolder.Open(parent["data"]).Error.ShouldNotBeNull();
        refused.Code.ShouldBe(ErrorCode.ResourceConflict);
        refused.Message.ShouldContain($"process {Environment.ProcessId}");

        first.Dispose();
        DataFolder.Open(parent["data"]).Value.Dispose();
    }

    [Fact]
    public void Lock_left_by_a_dead_process_is_not_in_the_way()
    {
        using var parent = new TemporaryFolder();
        DataFolder.Open(parent["data"]).Value.Dispose();
        File.WriteAllText(parent["data/lock"], "1\n");

        using var folder = DataFolder.Open(parent["data"]).Value;
    }

    [Fact]
    public void Lock_of_another_process_ends_with_it()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("needs flock(1)");
        }

        using var parent = new TemporaryFolder();
        DataFolder.Open(parent["data"]).Value.Dispose();
        var start = new ProcessStartInfo("flock", ["--no-fork", parent["data/lock"], "sh", "-c", "echo held; exec cat"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using var holder = Process.Start(start)!;
        holder.StandardOutput.ReadLine().ShouldBe("held");
        DataFolder.Open(parent["data"]).IsSuccess.ShouldBeFalse();

        holder.Kill();
        holder.WaitForExit();
        DataFolder.Open(parent["data"]).Value.Dispose();
    }

    [Fact]
    public void Folder_that_cannot_be_made_is_refused()
    {
        using var parent = new TemporaryFolder();
        File.WriteAllText(parent["file"], "");

        DataFolder.Open(parent["file/data"]).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.StoreUnavailable);
    }
}

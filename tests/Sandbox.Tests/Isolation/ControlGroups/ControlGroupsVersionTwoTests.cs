using System.Diagnostics;
using System.Globalization;
using Lambent.Sandbox.Isolation.ControlGroups;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.ControlGroups;

/// <summary>
/// Where the groups of a server are made: against plain files in the places of the kernel's, which keep what they hold
/// whatever is written. And what works with any unified hierarchy against the kernel itself.
/// </summary>
public sealed class ControlGroupsVersionTwoTests : IDisposable
{
    private const int OwnProcess = 4711;
    private const string Instance = "lambent-1";
    private const string All = "cpuset cpu io memory hugetlb pids rdma\n";
    private static readonly ControlGroupLimits Limits = new(MemoryMegabytes: 128, EphemeralStorageMegabytes: 512);

    private readonly string top = Directory.CreateTempSubdirectory("lt-").FullName;

    public void Dispose() => Directory.Delete(top, recursive: true);

    [Fact]
    public void Delegated_group_holds_the_instance_and_its_environments()
    {
        MakeGroup("service", All, handsDown: "cpu memory pids");
        MakeGroup($"service/{Instance}", "cpu memory pids", handsDown: "cpu memory pids");
        var groups = TryCreate("service").ShouldNotBeNull();
        (groups.Version, groups.BoundsMemory, groups.BoundsProcessor, groups.BoundsProcesses)
            .ShouldBe((2, true, true, true));
        groups.Folders.ShouldBe([In($"service/{Instance}")]);
        groups.Create("environment", Limits);
        Directory.Exists(In($"service/{Instance}/environment")).ShouldBeTrue();
    }

    [Fact]
    public void Controllers_that_the_machine_lacks_are_said_to_bound_nothing()
    {
        MakeGroup("service", "memory pids", handsDown: "memory pids");
        MakeGroup($"service/{Instance}", "memory pids", handsDown: "memory pids");
        var groups = TryCreate("service").ShouldNotBeNull();
        (groups.BoundsMemory, groups.BoundsProcessor, groups.BoundsProcesses).ShouldBe((true, false, true));
    }

    [Theory]
    [InlineData("hugetlb", "hugetlb")]
    [InlineData("", "")]
    [InlineData(All, "")]
    public void Hierarchy_without_the_controllers_is_not_used(string controllers, string handsDown)
    {
        MakeGroup("", controllers, handsDown);
        TryCreate("").ShouldBeNull();
    }

    [Fact]
    public void Group_that_is_shared_with_others_is_left_as_it_is()
    {
        MakeGroup("user", All, handsDown: "", processes: [OwnProcess, 1]);
        MakeGroup("", All, handsDown: "cpu memory pids");
        MakeGroup(Instance, "cpu memory pids", handsDown: "cpu memory pids");
        TryCreate("user").ShouldNotBeNull().Folders.ShouldBe([In(Instance)]);
        Directory.Exists(In("user/lambent-host")).ShouldBeFalse();
    }

    [Fact]
    public void Own_processes_move_to_a_leaf_so_that_their_group_can_hand_down()
    {
        MakeGroup("service", All, handsDown: "", processes: [OwnProcess]);
        MakeGroup("service/lambent-host", "", handsDown: "");
        TryCreate("service").ShouldBeNull("plain files do not hand down what is written");
        File.ReadAllText(In("service/lambent-host/cgroup.procs")).ShouldBe("4711");
        File.ReadAllText(In("service/cgroup.subtree_control")).ShouldStartWith("+");
    }

    [Fact]
    public async Task Process_in_a_group_of_the_kernel_is_accounted_killed_and_leaves_nothing()
    {
        if (ControlGroupMounts.Read().VersionTwo is not { } place || !TryMake(place, out var folder))
        {
            Assert.Skip("There is no unified hierarchy that can be written.");
            return;
        }

        var group = new ControlGroupVersionTwo(folder, Limits, TimeProvider.System);
        // Begins when it is told to, so that what it starts is in the group too.
        using var process = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "read go; sleep 1000 & while :; do :; done"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
        try
        {
            group.Add(process.Id);
            ControlGroupFile.ReadProcesses(folder).ShouldContain(process.Id);
            await process.StandardInput.WriteLineAsync("go");
            while (ControlGroupFile.ReadProcesses(folder).Count < 2)
            {
                await Task.Yield();
            }

            var used = TimeSpan.Zero;
            while (used == TimeSpan.Zero)
            {
                await Task.Yield();
                used = group.ReadProcessorTime().ShouldNotBeNull();
            }

            group.HasKilledForMemory().ShouldBeFalse();
            group.Kill();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(137);
            // What the process started held its output open.
            (await process.StandardOutput.ReadToEndAsync()).ShouldBeEmpty();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await group.DisposeAsync();
        }

        Directory.Exists(folder).ShouldBeFalse();
    }

    private static bool TryMake(ControlGroupMounts.Place place, out string folder)
    {
        folder = Path.Combine(place.Own, $"lambent-test-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private ControlGroupsVersionTwo? TryCreate(string own) => ControlGroupsVersionTwo.TryCreate(
        new ControlGroupMounts(
            new Dictionary<string, ControlGroupMounts.Place>(), new ControlGroupMounts.Place(In(own), top)),
        Instance,
        OwnProcess,
        TimeProvider.System);

    private void MakeGroup(string path, string controllers, string handsDown, params int[] processes)
    {
        Directory.CreateDirectory(In(path));
        File.WriteAllText(Path.Combine(In(path), "cgroup.controllers"), controllers);
        File.WriteAllText(Path.Combine(In(path), "cgroup.subtree_control"), handsDown);
        File.WriteAllLines(
            Path.Combine(In(path), "cgroup.procs"),
            processes.Select(process => process.ToString(CultureInfo.InvariantCulture)));
    }

    private string In(string path) => path.Length == 0 ? top : Path.Combine(top, path);
}

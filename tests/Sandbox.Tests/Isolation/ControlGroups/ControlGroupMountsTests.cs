using Lambent.Sandbox.Isolation.ControlGroups;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.ControlGroups;

public sealed class ControlGroupMountsTests
{
    [Fact]
    public void Version_one_beside_an_empty_version_two_is_found_by_controller()
    {
        var mounts = ControlGroupMounts.Parse(
            [
                "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct",
                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:5 - cgroup cgroup rw,memory",
                "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
            ],
            ["4:memory:/service/a", "1:cpu,cpuacct:/", "0::/"],
            _ => true);
        mounts.VersionOne["memory"].ShouldBe(
            new ControlGroupMounts.Place("/sys/fs/cgroup/memory/service/a", "/sys/fs/cgroup/memory"));
        mounts.VersionOne["cpu"].Own.ShouldBe("/sys/fs/cgroup/cpu,cpuacct");
        mounts.VersionTwo.ShouldBe(new ControlGroupMounts.Place("/sys/fs/cgroup/unified", "/sys/fs/cgroup/unified"));
    }

    [Fact]
    public void Version_two_of_a_service_is_its_own_group()
    {
        var mounts = ControlGroupMounts.Parse(
            ["30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"],
            ["0::/system.slice/lambent.service"],
            _ => true);
        mounts.VersionOne.ShouldBeEmpty();
        mounts.VersionTwo.ShouldBe(
            new ControlGroupMounts.Place("/sys/fs/cgroup/system.slice/lambent.service", "/sys/fs/cgroup"));
    }

    [Fact]
    public void Part_of_the_hierarchy_that_a_container_sees_is_taken_for_the_whole()
    {
        var mounts = ControlGroupMounts.Parse(
            ["35 31 0:32 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"],
            ["4:memory:/docker/abc/inner", "3:cpuset:/docker/abc"],
            path => path == "/sys/fs/cgroup/memory/inner");
        mounts.VersionOne["memory"].Own.ShouldBe("/sys/fs/cgroup/memory/inner");
    }

    [Fact]
    public void Own_group_out_of_sight_is_replaced_by_the_top()
    {
        var mounts = ControlGroupMounts.Parse(
            ["30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"], ["0::/../../outside"], _ => false);
        mounts.VersionTwo!.Own.ShouldBe("/sys/fs/cgroup");
    }
}

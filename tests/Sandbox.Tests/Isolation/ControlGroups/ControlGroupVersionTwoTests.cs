using Lambent.Sandbox.Isolation.ControlGroups;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.ControlGroups;

/// <summary>What is written and read, against plain files in the places of the kernel's.</summary>
public sealed class ControlGroupVersionTwoTests : IDisposable
{
    private static readonly ControlGroupLimits Limits = new(MemoryMegabytes: 128, EphemeralStorageMegabytes: 512);

    private readonly string folder = Directory.CreateTempSubdirectory("lt-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Limits_are_written_in_the_kernels_words()
    {
        foreach (var name in new[] { "memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max" })
        {
            Write(name, "");
        }

        Write("cgroup.procs", "");
        var group = Group();
        group.Add(4711);
        group.LimitProcessor(Limits.Cores);
        Read("memory.max").ShouldBe("788529152");
        Read("memory.swap.max").ShouldBe("0");
        Read("memory.oom.group").ShouldBe("1");
        Read("pids.max").ShouldBe("1024");
        Read("cgroup.procs").ShouldBe("4711");
        Read("cpu.max").ShouldBe("7235 100000");
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(0.072, "7")]
    [InlineData(1, "100")]
    [InlineData(5.79, "579")]
    public void Weight_follows_the_cores(double cores, string weight)
    {
        Write("cpu.weight", "");
        Group().Weigh(cores);
        Read("cpu.weight").ShouldBe(weight);
    }

    [Fact]
    public void Use_of_memory_is_read_from_the_right_lines()
    {
        Write("memory.current", "209715200\n");
        Write("memory.stat", "file 1000\nanon_thp 7\nanon 123456789\nshmem 5\n");
        Write("memory.peak", "300000000\n");
        Write("memory.events", "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\noom_group_kill 0\n");
        var group = Group();
        group.ReadUsage().ShouldBe(209_715_200);
        group.ReadAnonymous().ShouldBe(123_456_789);
        group.ReadPeakUsage().ShouldBe(300_000_000);
        group.HasKilledForMemory().ShouldBeTrue();
    }

    [Fact]
    public void Kernel_without_a_high_water_mark_answers_with_the_present_use()
    {
        Write("memory.current", "4096\n");
        Group().ReadPeakUsage().ShouldBe(4096);
    }

    private ControlGroupVersionTwo Group() => new(folder, Limits, TimeProvider.System);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);

    private string Read(string name) => File.ReadAllText(Path.Combine(folder, name));
}

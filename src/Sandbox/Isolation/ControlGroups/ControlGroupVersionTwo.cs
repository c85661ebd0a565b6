using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>One environment in version 2: one folder for all controllers.</summary>
internal sealed class ControlGroupVersionTwo : ControlGroup
{
    /// <summary>What the kernel gives a group that nobody weighed.</summary>
    private const int UsualWeight = 100;
    private const int WeightMax = 10_000;
    private const int PeriodMicroseconds = 100_000;
    private const int QuotaMicrosecondsMin = 1_000;

    private readonly string folder;
    private readonly TimeProvider time;
    private readonly SafeFileHandle? usage;
    private readonly SafeFileHandle? statistics;
    private readonly SafeFileHandle? peak;

    public ControlGroupVersionTwo(string folder, ControlGroupLimits limits, TimeProvider time)
    {
        this.folder = folder;
        this.time = time;
        Directory.CreateDirectory(folder);
        ControlGroupFile.TryWrite(In("memory.max"), limits.HardBytesMax.ToString(CultureInfo.InvariantCulture));
        ControlGroupFile.TryWrite(In("memory.swap.max"), "0");
        ControlGroupFile.TryWrite(In("memory.oom.group"), "1");
        ControlGroupFile.TryWrite(
            In("pids.max"), ControlGroupLimits.ProcessesMax.ToString(CultureInfo.InvariantCulture));
        usage = ControlGroupFile.TryOpen(In("memory.current"));
        statistics = ControlGroupFile.TryOpen(In("memory.stat"));
        // Since Linux 5.19.
        peak = ControlGroupFile.TryOpen(In("memory.peak"));
    }

    public override void Add(int process) =>
        ControlGroupFile.Write(In("cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));

    public override void Kill()
    {
        // All at once, also what is being forked right now; since Linux 5.14.
        if (!ControlGroupFile.TryWrite(In("cgroup.kill"), "1"))
        {
            ControlGroupFolder.Kill(folder);
        }
    }

    public override void LimitProcessor(double cores)
    {
        var quota = Math.Max(QuotaMicrosecondsMin, (int)(cores * PeriodMicroseconds));
        ControlGroupFile.TryWrite(
            In("cpu.max"), string.Create(CultureInfo.InvariantCulture, $"{quota} {PeriodMicroseconds}"));
    }

    public override void Weigh(double cores) => ControlGroupFile.TryWrite(
        In("cpu.weight"),
        ((int)Math.Clamp(cores * UsualWeight, 1, WeightMax)).ToString(CultureInfo.InvariantCulture));

    public override TimeSpan? ReadProcessorTime()
    {
        using var file = ControlGroupFile.TryOpen(In("cpu.stat"));
        return file is null ? null : TimeSpan.FromMicroseconds(ControlGroupFile.ReadField(file, "usage_usec"u8));
    }

    public override long ReadUsage() => usage is null ? 0 : ControlGroupFile.ReadNumber(usage);

    public override long ReadAnonymous() => statistics is null ? 0 : ControlGroupFile.ReadField(statistics, "anon"u8);

    public override long ReadPeakUsage() => peak is null ? ReadUsage() : ControlGroupFile.ReadNumber(peak);

    public override bool HasKilledForMemory()
    {
        using var file = ControlGroupFile.TryOpen(In("memory.events"));
        return file is not null && ControlGroupFile.ReadField(file, "oom_kill"u8) > 0;
    }

    public override async ValueTask DisposeAsync()
    {
        usage?.Dispose();
        statistics?.Dispose();
        peak?.Dispose();
        await ControlGroupFolder.RemoveAsync(folder, kill: false, time);
    }

    private string In(string file) => Path.Combine(folder, file);
}

/// <summary>Version 2, the unified hierarchy.</summary>
internal sealed class ControlGroupsVersionTwo : IControlGroups
{
    private static readonly string[] Controllers = ["memory", "cpu", "pids"];

    private readonly string parent;
    private readonly IReadOnlySet<string> enabled;
    private readonly TimeProvider time;

    private ControlGroupsVersionTwo(string parent, IReadOnlySet<string> enabled, TimeProvider time)
    {
        this.parent = parent;
        this.enabled = enabled;
        this.time = time;
    }

    public int Version => 2;

    public bool BoundsMemory => enabled.Contains("memory");

    public bool BoundsProcessor => enabled.Contains("cpu");

    public bool BoundsProcesses => enabled.Contains("pids");

    public IReadOnlyList<string> Folders => [parent];

    /// <summary>Null when the hierarchy has none of the controllers or cannot be written.</summary>
    public static ControlGroupsVersionTwo? TryCreate(
        ControlGroupMounts mounts, string instance, int ownProcess, TimeProvider time)
    {
        if (mounts.VersionTwo is not { } place)
        {
            return null;
        }

        // Below the own group when it is ours to divide (a service with Delegate=yes, a container), so that limits on
        // the service hold for its environments too; otherwise, with root, beside the other groups at the top.
        return TryCreateIn(place.Own, instance, ownProcess, ownsAll: place.Own == place.Top, time)
            ?? (place.Own == place.Top
                ? null
                : TryCreateIn(place.Top, instance, ownProcess, ownsAll: false, time));
    }

    public ControlGroup Create(string name, ControlGroupLimits limits) =>
        new ControlGroupVersionTwo(Path.Combine(parent, name), limits, time);

    public Task RemoveAsync(TimeProvider time) => ControlGroupFolder.RemoveAsync(parent, kill: false, time);

    private static ControlGroupsVersionTwo? TryCreateIn(
        string folder, string instance, int ownProcess, bool ownsAll, TimeProvider time)
    {
        var wanted = Read(Path.Combine(folder, "cgroup.controllers")).Intersect(Controllers).ToHashSet();
        if (wanted.Count == 0 || !Enable(folder, wanted, ownProcess, ownsAll))
        {
            return null;
        }

        try
        {
            var parent = Directory.CreateDirectory(Path.Combine(folder, instance)).FullName;
            var control = Path.Combine(parent, "cgroup.subtree_control");
            TryEnable(control, wanted);
            var enabled = Read(control).ToHashSet(StringComparer.Ordinal);
            return new ControlGroupsVersionTwo(parent, enabled, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// A group that hands its controllers down must have no processes of its own. Where all in it are ours to move,
    /// this program alone or everything in a container, they go into a leaf.
    /// </summary>
    private static bool Enable(string folder, HashSet<string> wanted, int ownProcess, bool ownsAll)
    {
        var control = Path.Combine(folder, "cgroup.subtree_control");
        if (TryEnable(control, wanted))
        {
            return true;
        }

        var processes = ControlGroupFile.ReadProcesses(folder);
        if (!ownsAll && processes.Any(process => process != ownProcess))
        {
            return false;
        }

        try
        {
            var leaf = Directory.CreateDirectory(Path.Combine(folder, "lambent-host")).FullName;
            foreach (var process in processes)
            {
                ControlGroupFile.TryWrite(
                    Path.Combine(leaf, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
            }

            return TryEnable(control, wanted);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool TryEnable(string control, HashSet<string> wanted)
    {
        foreach (var controller in wanted.Except(Read(control)))
        {
            ControlGroupFile.TryWrite(control, $"+{controller}");
        }

        return wanted.IsSubsetOf(Read(control));
    }

    private static string[] Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

using System.Globalization;
using Lambent.Sandbox.Isolation.Launching;
using Lambent.Sandbox.Isolation.Native;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>One environment in version 1: a folder in each controller's hierarchy.</summary>
internal sealed class ControlGroupVersionOne : ControlGroup
{
    /// <summary>What the kernel gives a group that nobody weighed.</summary>
    private const int UsualShares = 1_024;
    private const int SharesMin = 2;
    private const int SharesMax = 262_144;
    private const int PeriodMicroseconds = 100_000;

    /// <summary>The kernel's least quota.</summary>
    private const int QuotaMicrosecondsMin = 1_000;

    private readonly IReadOnlyDictionary<string, string> folders;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly SafeFileHandle? usage;
    private readonly SafeFileHandle? statistics;
    private readonly SafeFileHandle? peak;
    private Action? stopNotifications;
    private bool disposed;

    /// <param name="folders">By controller: the environment's folder, not made yet.</param>
    public ControlGroupVersionOne(
        IReadOnlyDictionary<string, string> folders, ControlGroupLimits limits, TimeProvider time)
    {
        this.folders = folders;
        this.time = time;
        foreach (var folder in folders.Values)
        {
            Directory.CreateDirectory(folder);
        }

        if (folders.TryGetValue("memory", out var memory))
        {
            var bytes = limits.HardBytesMax.ToString(CultureInfo.InvariantCulture);
            ControlGroupFile.Write(Path.Combine(memory, "memory.limit_in_bytes"), bytes);
            // Without swap accounting the file does not exist; with it, swap must not stretch the limit.
            ControlGroupFile.TryWrite(Path.Combine(memory, "memory.memsw.limit_in_bytes"), bytes);
            usage = ControlGroupFile.TryOpen(Path.Combine(memory, "memory.usage_in_bytes"));
            statistics = ControlGroupFile.TryOpen(Path.Combine(memory, "memory.stat"));
            peak = ControlGroupFile.TryOpen(Path.Combine(memory, "memory.max_usage_in_bytes"));
        }

        if (folders.TryGetValue("pids", out var processes))
        {
            ControlGroupFile.Write(
                Path.Combine(processes, "pids.max"),
                ControlGroupLimits.ProcessesMax.ToString(CultureInfo.InvariantCulture));
        }
    }

    public override IReadOnlyList<string> JoinFiles =>
        [.. folders.Values.Select(folder => Path.Combine(folder, "tasks"))];

    public override void Add(int process)
    {
        var id = process.ToString(CultureInfo.InvariantCulture);
        foreach (var folder in folders.Values.Distinct(StringComparer.Ordinal))
        {
            ControlGroupFile.Write(Path.Combine(folder, "cgroup.procs"), id);
        }
    }

    public override void Kill()
    {
        if (folders.Values.FirstOrDefault() is { } folder)
        {
            ControlGroupFolder.Kill(folder);
        }
    }

    public override void LimitProcessor(double cores)
    {
        if (folders.TryGetValue("cpu", out var folder))
        {
            var quota = Math.Max(QuotaMicrosecondsMin, (int)(cores * PeriodMicroseconds));
            ControlGroupFile.Write(
                Path.Combine(folder, "cpu.cfs_quota_us"), quota.ToString(CultureInfo.InvariantCulture));
        }
    }

    public override void Weigh(double cores)
    {
        if (folders.TryGetValue("cpu", out var folder))
        {
            var shares = (int)Math.Clamp(cores * UsualShares, SharesMin, SharesMax);
            ControlGroupFile.TryWrite(
                Path.Combine(folder, "cpu.shares"), shares.ToString(CultureInfo.InvariantCulture));
        }
    }

    public override TimeSpan? ReadProcessorTime()
    {
        using var file = folders.TryGetValue("cpuacct", out var folder)
            ? ControlGroupFile.TryOpen(Path.Combine(folder, "cpuacct.usage"))
            : null;
        return file is null ? null : new TimeSpan(ControlGroupFile.ReadNumber(file) / TimeSpan.NanosecondsPerTick);
    }

    public override long ReadUsage() => usage is null ? 0 : ControlGroupFile.ReadNumber(usage);

    public override long ReadAnonymous() =>
        statistics is null ? 0 : ControlGroupFile.ReadField(statistics, "total_rss"u8);

    public override long ReadPeakUsage() => peak is null ? 0 : ControlGroupFile.ReadNumber(peak);

    public override bool HasKilledForMemory()
    {
        using var file = folders.TryGetValue("memory", out var folder)
            ? ControlGroupFile.TryOpen(Path.Combine(folder, "memory.oom_control"))
            : null;
        return file is not null && ControlGroupFile.ReadField(file, "oom_kill"u8) > 0;
    }

    public override bool TryNotify(Reactor reactor, long threshold, Action crossed)
    {
        if (usage is null || !folders.TryGetValue("memory", out var folder))
        {
            return false;
        }

        lock (gate)
        {
            if (disposed)
            {
                return false;
            }

            var notification = new Descriptor(NativeException.Check(
                Libc.EventDescriptor(0, Libc.OpenCloseOnExec | Libc.OpenNonBlocking), "eventfd"));
            var request = string.Create(
                CultureInfo.InvariantCulture, $"{notification.Number} {usage.DangerousGetHandle()} {threshold}");
            if (!ControlGroupFile.TryWrite(Path.Combine(folder, "cgroup.event_control"), request))
            {
                notification.Dispose();
                return false;
            }

            // Both run on the reactor's thread, one after the other.
            ulong token = 0;
            reactor.Post(() => token = reactor.Add(notification, () => OnNotification(notification, crossed)));
            stopNotifications = () => reactor.Post(() =>
            {
                reactor.Remove(token, notification);
                notification.Dispose();
            });
            return true;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
            stopNotifications?.Invoke();
            usage?.Dispose();
            statistics?.Dispose();
            peak?.Dispose();
        }

        foreach (var folder in folders.Values)
        {
            await ControlGroupFolder.RemoveAsync(folder, kill: false, time);
        }
    }

    private static unsafe void OnNotification(Descriptor notification, Action crossed)
    {
        ulong count;
        _ = Libc.Read(notification.Number, (byte*)&count, sizeof(ulong));
        crossed();
    }
}

/// <summary>Version 1, also beside a version 2 that has no controllers (the hybrid layout).</summary>
internal sealed class ControlGroupsVersionOne : IControlGroups
{
    private static readonly string[] Controllers = ["memory", "cpu", "cpuacct", "pids"];

    private readonly Dictionary<string, string> parents;
    private readonly TimeProvider time;

    private ControlGroupsVersionOne(Dictionary<string, string> parents, TimeProvider time)
    {
        this.parents = parents;
        this.time = time;
    }

    public int Version => 1;

    public bool BoundsMemory => parents.ContainsKey("memory");

    public bool BoundsProcessor => parents.ContainsKey("cpu");

    public bool BoundsProcesses => parents.ContainsKey("pids");

    // Controllers may share a hierarchy, and then a folder.
    public IReadOnlyList<string> Folders => [.. parents.Values.Distinct(StringComparer.Ordinal)];

    /// <summary>Null when none of the controllers can be written.</summary>
    public static ControlGroupsVersionOne? TryCreate(ControlGroupMounts mounts, string instance, TimeProvider time)
    {
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var controller in Controllers)
        {
            if (!mounts.VersionOne.TryGetValue(controller, out var place))
            {
                continue;
            }

            try
            {
                parents.Add(controller, Directory.CreateDirectory(Path.Combine(place.Own, instance)).FullName);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // This controller stays out of reach; the checks say so.
            }
        }

        return parents.Count == 0 ? null : new ControlGroupsVersionOne(parents, time);
    }

    public ControlGroup Create(string name, ControlGroupLimits limits) => new ControlGroupVersionOne(
        parents.ToDictionary(pair => pair.Key, pair => Path.Combine(pair.Value, name), StringComparer.Ordinal),
        limits,
        time);

    public async Task RemoveAsync(TimeProvider time)
    {
        foreach (var folder in Folders)
        {
            await ControlGroupFolder.RemoveAsync(folder, kill: false, time);
        }
    }
}

using Lambent.Sandbox.Isolation.Launching;

namespace Lambent.Sandbox.Isolation.ControlGroups;

/// <summary>
/// Ends environments whose own memory outgrows the function's setting. The kernel's limit alone cannot: it counts the
/// files of /tmp too (see <see cref="ControlGroupLimits"/>).
/// </summary>
/// <remarks>
/// One loop reads one small file for each environment, every 50 ms, and every 5 ms while one of them grows fast; the
/// exact figure is read only above the setting. Version 1 can tell when the use of memory crosses the setting. There
/// an environment leaves the loop once that is arranged, costs nothing more, and is caught within a millisecond.
/// Version 2 has nothing like it: memory.high would slow down functions that only fill /tmp.
/// </remarks>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PeriodWhileGrowing = TimeSpan.FromMilliseconds(5);

    private readonly Reactor reactor;
    private readonly Reactor arranging;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<MemoryWatchEntry> looked = [];
    private readonly ITimer timer;
    private bool disposed;

    /// <param name="reactor">Brings the kernel's notifications.</param>
    public MemoryWatch(Reactor reactor, TimeProvider time, Action<string> warn)
    {
        this.reactor = reactor;
        this.time = time;
        // The kernel answers each arrangement only after all processors have moved on: a thread that may wait.
        arranging = new Reactor("lambent-arranging", warn);
        timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Watches until the entry is disposed.</summary>
    /// <param name="exceeded">Called once, from any thread.</param>
    public MemoryWatchEntry Watch(ControlGroup group, long limitBytes, Action exceeded)
    {
        var entry = new MemoryWatchEntry(this, group, limitBytes, exceeded, time);
        Look(entry);
        arranging.Post(() => entry.IsNotified = group.TryNotify(reactor, limitBytes, () => OnNotification(entry)));
        return entry;
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            looked.Clear();
            timer.Dispose();
        }

        arranging.Dispose();
    }

    internal void Remove(MemoryWatchEntry entry)
    {
        lock (gate)
        {
            looked.Remove(entry);
        }
    }

    private void OnNotification(MemoryWatchEntry entry)
    {
        // Above the setting the mix can change without crossing it again: files deleted, memory taken in their place.
        if (entry.Examine() == MemoryFinding.AboveSetting)
        {
            Look(entry);
        }
    }

    private void Look(MemoryWatchEntry entry)
    {
        lock (gate)
        {
            if (disposed || entry.IsDisposed || looked.Contains(entry))
            {
                return;
            }

            looked.Add(entry);
            if (looked.Count == 1)
            {
                timer.Change(Period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void OnTimer()
    {
        MemoryWatchEntry[] entries;
        lock (gate)
        {
            entries = [.. looked];
        }

        var growing = false;
        foreach (var entry in entries)
        {
            var finding = entry.Examine();
            growing |= entry.IsGrowing;
            if (finding == MemoryFinding.Exceeded)
            {
                Remove(entry);
            }
            else if (finding == MemoryFinding.BelowSetting && entry.IsNotified)
            {
                // A notification that came while the entry was still in the list has been ignored: look once more.
                Remove(entry);
                OnNotification(entry);
            }
        }

        lock (gate)
        {
            if (looked.Count > 0 && !disposed)
            {
                timer.Change(growing ? PeriodWhileGrowing : Period, Timeout.InfiniteTimeSpan);
            }
        }
    }
}

internal enum MemoryFinding
{
    BelowSetting,

    /// <summary>More is charged than the setting, but the process's own memory is within it.</summary>
    AboveSetting,

    Exceeded,
}

/// <summary>One environment under watch.</summary>
internal sealed class MemoryWatchEntry(
    MemoryWatch watch, ControlGroup group, long limitBytes, Action exceeded, TimeProvider time) : IDisposable
{
    private const long GrowthBytes = 4 * ControlGroupLimits.Megabyte;
    private static readonly TimeSpan SampleAge = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private long lastUsage;
    private long lastPeakUsage = -1;
    private long lastSample;
    private long peak;
    private bool hasExceeded;
    private bool isNotified;

    /// <summary>Whether the kernel tells of growth, so that nobody need look below the setting.</summary>
    public bool IsNotified
    {
        get => Volatile.Read(ref isNotified);
        set => Volatile.Write(ref isNotified, value);
    }

    public bool IsGrowing { get; private set; }

    public bool IsDisposed { get; private set; }

    public bool HasExceeded
    {
        get
        {
            lock (gate)
            {
                return hasExceeded;
            }
        }
    }

    /// <summary>
    /// The largest anonymous memory seen, in bytes. Asking is cheap, it may be asked for each call: the exact figure is
    /// read again only after the kernel's own high-water mark has moved.
    /// </summary>
    public long ReadPeakBytes()
    {
        lock (gate)
        {
            if (IsDisposed)
            {
                return peak;
            }

            var mark = group.ReadPeakUsage();
            var stale = mark == 0 && (lastSample == 0 || time.GetElapsedTime(lastSample) >= SampleAge);
            if (stale || (mark != 0 && mark != lastPeakUsage))
            {
                lastPeakUsage = mark;
                lastSample = time.GetTimestamp();
                peak = Math.Max(peak, group.ReadAnonymous());
            }

            return peak;
        }
    }

    public MemoryFinding Examine()
    {
        lock (gate)
        {
            if (IsDisposed || hasExceeded)
            {
                return MemoryFinding.Exceeded;
            }

            var usage = group.ReadUsage();
            IsGrowing = usage - lastUsage > GrowthBytes;
            lastUsage = usage;
            // The kernel notifies when the limit is reached, not when it is passed.
            if (usage < limitBytes)
            {
                return MemoryFinding.BelowSetting;
            }

            var anonymous = group.ReadAnonymous();
            peak = Math.Max(peak, anonymous);
            if (anonymous <= limitBytes)
            {
                return MemoryFinding.AboveSetting;
            }

            hasExceeded = true;
        }

        exceeded();
        return MemoryFinding.Exceeded;
    }

    /// <summary>Ends the watch; <see cref="ReadPeakBytes"/> goes on answering. Before the group is disposed.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            IsDisposed = true;
        }

        watch.Remove(this);
    }
}

using System.Collections.Concurrent;
using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>The side of the pool that whoever decides about scaling sees.</summary>
public sealed partial class EnvironmentPool
{
    /// <summary>After a start ahead of calls failed, so long none is made: calls find out for themselves.</summary>
    private static readonly TimeSpan AheadPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<EnvironmentSpecification, long> aheadPaused = new();

    /// <summary>
    /// Raised when a call found no place and an environment is started for it; on the call's thread, so whoever hears
    /// it only takes a note.
    /// </summary>
    public event Action<EnvironmentSpecification>? Missed;

    /// <summary>Environments that there is room for besides those there are.</summary>
    public int FreeCount => capacity.CurrentCount;

    /// <summary>What goes on in each version that is here. Not for two threads at once.</summary>
    public IReadOnlyList<VersionLoad> DescribeLoads() => [.. pools.Values.Select(pool => pool.DescribeLoad())];

    /// <summary>Environments of a version that are started, and on their way.</summary>
    public (int Ready, int Starting) CountOf(EnvironmentSpecification specification) =>
        pools.TryGetValue(specification, out var pool) ? pool.Counts : default;

    /// <summary>
    /// The most calls of a backlog that are worth having in flight, of a version whose calls are so short that they
    /// share few environments; null of any other.
    /// </summary>
    public int? CallsInFlightMax(EnvironmentSpecification specification) =>
        pools.TryGetValue(specification, out var pool) ? pool.CallsInFlightMax : null;

    /// <summary>What goes on in one version; null when nothing of it is here.</summary>
    public VersionLoad? DescribeLoad(EnvironmentSpecification specification) =>
        pools.TryGetValue(specification, out var pool) ? pool.DescribeLoad() : null;

    /// <summary>
    /// Starts environments until there are so many, a few at a time, as far as there is room. Holds until the next
    /// number; nothing is kept or stopped by it.
    /// </summary>
    /// <param name="specification">The current one of the version.</param>
    /// <param name="count">Environments, ready or on their way; not negative.</param>
    public void StartAhead(EnvironmentSpecification specification, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((count == 0 && !pools.ContainsKey(specification)) || IsPaused(specification))
        {
            return;
        }

        var pool = PoolOf(specification);
        pool.WantAhead(count);
        while (Volatile.Read(ref startingAhead) < StartsAheadMax && FreeCount > 0 && pool.TakeAhead() is { } start)
        {
            _ = StartAheadAsync(pool, start);
        }
    }

    internal void Miss(EnvironmentSpecification specification) => Missed?.Invoke(specification);

    /// <summary>A start of this version ahead of calls failed.</summary>
    internal void PauseAhead(EnvironmentSpecification specification) =>
        aheadPaused[specification] = Timestamp + (long)(AheadPause.TotalSeconds * TimestampFrequency);

    private bool IsPaused(EnvironmentSpecification specification)
    {
        if (aheadPaused.IsEmpty || !aheadPaused.TryGetValue(specification, out var until))
        {
            return false;
        }

        if (Timestamp < until)
        {
            return true;
        }

        // Those of other versions as well, whose turn may never come again.
        foreach (var (paused, end) in aheadPaused)
        {
            if (Timestamp >= end)
            {
                aheadPaused.TryRemove(KeyValuePair.Create(paused, end));
            }
        }

        return false;
    }

    private async Task StartAheadAsync(VersionPool pool, Task first)
    {
        Interlocked.Increment(ref startingAhead);
        try
        {
            for (var start = first; start is not null; start = FreeCount > 0 ? pool.TakeAhead() : null)
            {
                await start;
            }
        }
        finally
        {
            Interlocked.Decrement(ref startingAhead);
        }
    }
}

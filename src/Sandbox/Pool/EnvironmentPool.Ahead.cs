using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>The side of the pool that whoever decides about scaling sees.</summary>
public sealed partial class EnvironmentPool
{
    /// <summary>
    /// Raised when a call found no place and an environment is started for it; on the call's thread, so whoever hears
    /// it only takes a note.
    /// </summary>
    public event Action<EnvironmentSpecification>? Missed;

    /// <summary>Environments that there is room for besides those there are.</summary>
    public int FreeCount => capacity.CurrentCount;

    /// <summary>What goes on in each version that has environments or waits for one. Not for two threads at once.</summary>
    public IReadOnlyList<VersionLoad> DescribeLoads() => [.. pools.Values.Select(pool => pool.DescribeLoad())];

    /// <summary>The same of one version; null when nothing of it is here.</summary>
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
        if (count == 0 && !pools.ContainsKey(specification))
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

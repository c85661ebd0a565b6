namespace Lambent.Sandbox.Pool;

public sealed record PoolOptions
{
    /// <summary>How long an environment without calls is kept.</summary>
    public required TimeSpan IdleTimeout { get; init; }

    /// <summary>
    /// Older environments take no new calls: nothing runs indefinitely, and their credentials are about to end.
    /// </summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Environments on this node at a time; above it an idle one of another function makes room.</summary>
    public required int EnvironmentsMax { get; init; }

    /// <summary>Environments that are started before it is known whose.</summary>
    public GenericPoolOptions Generic { get; init; } = new() { MemoryBytesMax = 0 };

    /// <summary>How long a call waits for room on a full node before it is refused.</summary>
    public TimeSpan CapacityWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often deadlines and idle times are looked at; a call is ended at most this late.</summary>
    public TimeSpan SweepPeriod { get; init; } = TimeSpan.FromMilliseconds(25);
}

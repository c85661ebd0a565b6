namespace Lambent.Storage.Telemetry;

/// <summary>
/// What one account may hand over and has waiting, so that a flood of one account drops its own items and nobody
/// else's. Used under the queue's lock.
/// </summary>
internal sealed class AccountShare(TelemetryOptions options, TimeProvider time)
{
    private long batch;

    public TelemetryBudget Records { get; } = new(options.RecordsPerSecond, time);

    public TelemetryBudget Lines { get; } = new(options.LinesPerSecond, time);

    public int WaitingItems { get; private set; }

    public long WaitingBytes { get; private set; }

    /// <summary>Whether nothing is lost by forgetting it.</summary>
    public bool IsIdle => Records.IsIdle && Lines.IsIdle;

    /// <summary>Nothing of an earlier batch waits any more.</summary>
    public void Enter(long currentBatch)
    {
        if (batch != currentBatch)
        {
            (batch, WaitingItems, WaitingBytes) = (currentBatch, 0, 0);
        }
    }

    public void Add(long bytes)
    {
        WaitingItems++;
        WaitingBytes += bytes;
    }
}

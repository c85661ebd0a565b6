namespace Lambent.Storage.Telemetry;

/// <summary>
/// What one account may hand over and has waiting, so that a flood of one account drops its own items and nobody
/// else's. Used under the queue's lock.
/// </summary>
internal sealed class AccountShare(TelemetryOptions options, TimeProvider time)
{
    /// <summary>Above it, functions that have been quiet are forgotten.</summary>
    private const int SourcesKept = 1_024;

    private readonly Dictionary<string, SourceShare> sources = new(StringComparer.Ordinal);
    private long batch;
    private string? lastName;
    private SourceShare? lastSource;

    public TelemetryBudget Records { get; } = new(options.RecordsPerSecond, time);

    public TelemetryBudget Lines { get; } = new(options.LinesPerSecond, time);

    public TelemetryBudget Spans { get; } = new(options.SpansPerSecond, time);

    /// <summary>Lines that were not accepted.</summary>
    public LogDrops Dropped { get; } = new();

    public int WaitingItems { get; private set; }

    public long WaitingBytes { get; private set; }

    /// <summary>Whether nothing is lost by forgetting it.</summary>
    public bool IsIdle => Records.IsIdle && Lines.IsIdle && Spans.IsIdle;

    /// <summary>Nothing of an earlier batch waits any more.</summary>
    public void Enter(long currentBatch)
    {
        if (batch != currentBatch)
        {
            (batch, WaitingItems, WaitingBytes) = (currentBatch, 0, 0);
        }
    }

    /// <summary>What the function of that name has left of this second.</summary>
    public SourceShare Source(string name)
    {
        // Lines come in runs, and their names from the same object.
        if (!ReferenceEquals(name, lastName) || lastSource is null)
        {
            if (!sources.TryGetValue(name, out lastSource))
            {
                if (sources.Count >= SourcesKept)
                {
                    foreach (var (idle, _) in sources.Where(entry => entry.Value.IsIdle).ToList())
                    {
                        sources.Remove(idle);
                    }
                }

                sources[name] = lastSource = new SourceShare(options, time);
            }

            lastName = name;
        }

        return lastSource;
    }

    public void Add(long bytes)
    {
        WaitingItems++;
        WaitingBytes += bytes;
    }
}

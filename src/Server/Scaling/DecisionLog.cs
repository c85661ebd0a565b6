using Lambent.Kernel.Scaling.Control;

namespace Lambent.Server.Scaling;

/// <summary>
/// The last decisions about one function or source: those that changed something, and every ten seconds one that did
/// not. Guarded by whoever has it.
/// </summary>
internal sealed class DecisionLog
{
    /// <summary>Decisions that are kept, at about half a kilobyte each.</summary>
    public const int RecordsMax = 128;

    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(10);

    private readonly Queue<ScalingRecord> records = new();
    private DateTimeOffset keptAt;
    private long number;

    /// <summary>The last decision, whether or not it is kept; null before the first.</summary>
    public ScalingRecord? Last { get; private set; }

    /// <summary>The kept ones, oldest first.</summary>
    public IReadOnlyCollection<ScalingRecord> Records => records;

    public void Add(DateTimeOffset now, ScalingDecision decision, QueueStep? queue = null, HttpStep? http = null)
    {
        var isChange = Last is not { } last || Differs(last.Decision, decision);
        var isKept = isChange || now - keptAt >= SamplePeriod;
        number += isKept ? 1 : 0;
        Last = new ScalingRecord
        {
            Number = number, At = now, IsChange = isChange, Queue = queue, Http = http, Decision = decision,
        };
        if (!isKept)
        {
            return;
        }

        keptAt = now;
        records.Enqueue(Last);
        if (records.Count > RecordsMax)
        {
            records.Dequeue();
        }
    }

    private static bool Differs(ScalingDecision one, ScalingDecision other) =>
        one.Concurrency != other.Concurrency
        || one.Environments != other.Environments
        || one.Limit != other.Limit;
}

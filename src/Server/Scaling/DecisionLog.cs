using Lambent.Kernel.Scaling.Control;

namespace Lambent.Server.Scaling;

/// <summary>
/// The last decisions about one function or source: those that changed something, and every ten seconds one that did
/// not. Guarded by whoever has it.
/// </summary>
/// <param name="lastNumber">Of the last decision from before; numbers go on from there.</param>
internal sealed class DecisionLog(long lastNumber = 0)
{
    /// <summary>Decisions that are kept, at about half a kilobyte each.</summary>
    public const int RecordsMax = Kernel.Limits.DecisionsOfOneMax;

    private static readonly TimeSpan SamplePeriod = TimeSpan.FromSeconds(10);

    private readonly Queue<ScalingRecord> records = new();
    private DateTimeOffset keptAt;
    private long number = lastNumber;
    private long takenNumber = lastNumber;

    /// <summary>The last decision, whether or not it is kept; null before the first.</summary>
    public ScalingRecord? Last { get; private set; }

    /// <summary>The kept ones, oldest first.</summary>
    public IReadOnlyCollection<ScalingRecord> Records => records;

    /// <summary>Those that are kept and were not taken before, oldest first.</summary>
    public IReadOnlyList<ScalingRecord> TakeNew()
    {
        if (number == takenNumber)
        {
            return [];
        }

        var before = takenNumber;
        takenNumber = number;
        return [.. records.Where(record => record.Number > before)];
    }

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

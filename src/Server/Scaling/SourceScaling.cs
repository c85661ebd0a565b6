using Lambent.Kernel.Scaling.Control;

namespace Lambent.Server.Scaling;

/// <summary>One source as the controller for backlogs sees it. Safe for several threads at once.</summary>
internal sealed class SourceScaling(SourceKey source, long lastNumber = 0)
{
    private readonly Lock gate = new();
    private readonly DecisionLog log = new(lastNumber);
    private QueueScalingState state;
    private long arrivedBefore;
    private bool hasBegun;

    /// <summary>When something was decided last.</summary>
    public DateTimeOffset DecidedAt { get; private set; }

    public ScalingDecision Decide(
        in SourceLoad load,
        FunctionUse use,
        (int Ready, int Starting) environments,
        ScalingLimits limits,
        double nowSeconds,
        DateTimeOffset now)
    {
        lock (gate)
        {
            // What is there and what was taken have arrived. A first look counts all of it: it is new here.
            var arrivedSoFar = load.Taken + load.Backlog;
            var arrived = hasBegun ? arrivedSoFar - arrivedBefore : load.Backlog;
            (arrivedBefore, hasBegun) = (arrivedSoFar, true);
            var queue = new QueueLoad
            {
                NowSeconds = nowSeconds,
                Backlog = Math.Max(0, load.Backlog),
                OldestSeconds = Math.Max(0, load.OldestAge.TotalSeconds),
                Arrived = Math.Max(0, arrived),
                MessagesPerCall = Math.Max(1, load.MessagesPerCall),
                CallsInFlight = Math.Max(0, load.InFlight),
                EnvironmentsReady = environments.Ready,
                EnvironmentsStarting = environments.Starting,
                Use = use,
                Limits = limits with { Source = load.ConcurrencyMax },
            };
            var before = state;
            (state, var decision) = QueueScaling.Decide(before, queue);
            log.Add(now, decision, queue: new QueueStep(before, queue));
            DecidedAt = now;
            return decision;
        }
    }

    /// <summary>Decisions that were not taken before.</summary>
    public IReadOnlyList<ScalingRecord> TakeNew()
    {
        lock (gate)
        {
            return log.TakeNew();
        }
    }

    public ScalingView View()
    {
        lock (gate)
        {
            return new ScalingView(source.Function, null, source, log.Last, [.. log.Records]);
        }
    }
}

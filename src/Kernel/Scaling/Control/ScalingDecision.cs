namespace Lambent.Kernel.Scaling.Control;

/// <summary>Why the controller decided as it did.</summary>
public enum ScalingReason
{
    /// <summary>There is nothing to do.</summary>
    Idle,

    /// <summary>Work waits: enough to be done with it in the time it may take.</summary>
    Backlog,

    /// <summary>The oldest work has waited so long that what was planned does not suffice.</summary>
    BehindSchedule,

    /// <summary>As many calls as arrive while one runs.</summary>
    ArrivalRate,

    /// <summary>The same, and arrivals become more: for those that will be there when environments are ready.</summary>
    GrowingRate,

    /// <summary>Calls in flight, and some to spare for those that come at the same moment.</summary>
    CallsInFlight,

    /// <summary>Calls in flight become more with each look.</summary>
    GrowingCalls,

    /// <summary>As before: the difference is too small to be worth a change.</summary>
    Settled,

    /// <summary>More than is needed now, because it was needed a moment ago.</summary>
    Holding,

    /// <summary>Fewer than before, after they were not needed for a while.</summary>
    Falling,
}

/// <summary>What kept the controller from what it wanted.</summary>
public enum ScalingLimit
{
    None,

    /// <summary>The function's reserved concurrency.</summary>
    Reserved,

    /// <summary>What the account has left.</summary>
    Account,

    /// <summary>The most that the source's owner allows.</summary>
    Source,

    /// <summary>Environments that the node may have.</summary>
    NodeEnvironments,

    /// <summary>The node's memory.</summary>
    NodeMemory,

    /// <summary>The node's processors: more calls at a time would not be done sooner.</summary>
    NodeProcessor,
}

/// <summary>What the controller wants, and the numbers it comes from.</summary>
public readonly record struct ScalingDecision
{
    /// <summary>Calls to have in flight.</summary>
    public int Concurrency { get; init; }

    /// <summary>Environments to have for them, and for those that are about to come.</summary>
    public int Environments { get; init; }

    /// <summary>Calls that would be in flight without limits.</summary>
    public int Wanted { get; init; }

    public ScalingReason Reason { get; init; }

    /// <summary>The tightest limit, when less than wanted is possible.</summary>
    public ScalingLimit Limit { get; init; }

    /// <summary>What that limit allows; meaningless without one.</summary>
    public int LimitedTo { get; init; }

    /// <summary>Arrivals per second as estimated.</summary>
    public double RatePerSecond { get; init; }

    /// <summary>Calls that the arrivals keep in flight.</summary>
    public double RateCalls { get; init; }

    /// <summary>Calls that the backlog, or for HTTP the growth and the spare places, add.</summary>
    public double ExtraCalls { get; init; }

    /// <summary>Messages of the backlog for each of its calls: the target per call in flight.</summary>
    public double MessagesPerPlace { get; init; }
}

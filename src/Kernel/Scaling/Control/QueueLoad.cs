namespace Lambent.Kernel.Scaling.Control;

/// <summary>A source of work with a backlog, as it is at one moment.</summary>
public readonly record struct QueueLoad
{
    /// <summary>On any clock that does not go back.</summary>
    public double NowSeconds { get; init; }

    /// <summary>Messages that are due and not taken.</summary>
    public int Backlog { get; init; }

    /// <summary>How long the oldest of them has been due.</summary>
    public double OldestSeconds { get; init; }

    /// <summary>Messages that arrived since the decision before.</summary>
    public double Arrived { get; init; }

    /// <summary>Messages that a call takes; at least 1.</summary>
    public double MessagesPerCall { get; init; }

    /// <summary>Calls of this source that run.</summary>
    public int CallsInFlight { get; init; }

    /// <summary>Environments of the function that are started.</summary>
    public int EnvironmentsReady { get; init; }

    /// <summary>Environments of the function that are on their way.</summary>
    public int EnvironmentsStarting { get; init; }

    /// <summary>In what time a backlog is to be done; 0 for <see cref="QueueScaling.DrainSecondsDefault"/>.</summary>
    public double DrainSeconds { get; init; }

    public FunctionUse Use { get; init; }

    public ScalingLimits Limits { get; init; }
}

/// <summary>What the controller remembers of a source from one decision to the next.</summary>
/// <param name="NowSeconds">Of the last decision.</param>
/// <param name="HasBegun">False before the first.</param>
/// <param name="Arrivals">The estimate of the rate.</param>
/// <param name="DrainPerSecond">Messages per second by which the backlog is to shrink; 0 without a plan.</param>
/// <param name="Peak">Calls that were needed of late; begins anew when a backlog is gone.</param>
/// <param name="Wanted">Calls that were wanted last, before limits.</param>
/// <param name="Environments">Environments that were wanted last, before limits.</param>
public readonly record struct QueueScalingState(
    double NowSeconds,
    bool HasBegun,
    ArrivalRate Arrivals,
    double DrainPerSecond,
    RecentPeak Peak,
    int Wanted,
    int Environments);

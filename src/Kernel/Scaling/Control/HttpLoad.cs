namespace Lambent.Kernel.Scaling.Control;

/// <summary>A function whose callers wait, as it is at one moment.</summary>
public readonly record struct HttpLoad
{
    /// <summary>On any clock that does not go back.</summary>
    public double NowSeconds { get; init; }

    /// <summary>Calls that arrived since the decision before.</summary>
    public double Arrived { get; init; }

    /// <summary>Calls since then that found no place, and had an environment started.</summary>
    public double Missed { get; init; }

    /// <summary>Calls that run.</summary>
    public int CallsInFlight { get; init; }

    /// <summary>Calls that wait for an environment.</summary>
    public int CallsWaiting { get; init; }

    /// <summary>The most that ran and waited at a time since the decision before; null when nobody counted.</summary>
    public int? CallsMost { get; init; }

    /// <summary>Of the calls, those that come from queues, whose number is decided elsewhere.</summary>
    public int CallsOfQueues { get; init; }

    /// <summary>Environments of the function that are started.</summary>
    public int EnvironmentsReady { get; init; }

    /// <summary>Environments of the function that are on their way.</summary>
    public int EnvironmentsStarting { get; init; }

    public FunctionUse Use { get; init; }

    public ScalingLimits Limits { get; init; }
}

/// <summary>What the controller remembers of a function from one decision to the next.</summary>
/// <param name="NowSeconds">Of the last decision.</param>
/// <param name="HasBegun">False before the first.</param>
/// <param name="Arrivals">The estimate of the rate.</param>
/// <param name="Calls">Calls in flight and waiting, then.</param>
/// <param name="GrowthPerSecond">How fast they became more, then.</param>
/// <param name="Peak">Calls that were to be ready for of late.</param>
public readonly record struct HttpScalingState(
    double NowSeconds,
    bool HasBegun,
    ArrivalRate Arrivals,
    int Calls,
    double GrowthPerSecond,
    RecentPeak Peak);

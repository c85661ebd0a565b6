namespace Lambent.Kernel.Scaling.Control;

/// <summary>
/// One decision with all that it was made of. The controllers are pure, so the same can be decided again at any time:
/// exactly one of the two steps is set.
/// </summary>
public sealed record ScalingRecord
{
    /// <summary>Counts up for each function or source.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the decision differs from the one before; otherwise it is kept as a sample.</summary>
    public required bool IsChange { get; init; }

    public QueueStep? Queue { get; init; }

    public HttpStep? Http { get; init; }

    public required ScalingDecision Decision { get; init; }

    /// <summary>What the controller decides from the same numbers now.</summary>
    public ScalingDecision Replay() =>
        Queue is { } queue ? QueueScaling.Decide(queue.Before, queue.Load).Decision
        : Http is { } http ? HttpScaling.Decide(http.Before, http.Load).Decision
        : Decision;

    /// <summary>Whether the controller decides the same again.</summary>
    public bool Agrees() => Replay() == Decision;
}

/// <summary>What a decision about a source with a backlog was made of.</summary>
public readonly record struct QueueStep(QueueScalingState Before, QueueLoad Load);

/// <summary>What a decision about calls whose callers wait was made of.</summary>
public readonly record struct HttpStep(HttpScalingState Before, HttpLoad Load);

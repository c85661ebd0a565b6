namespace Lambent.Kernel.Events;

/// <summary>
/// What holds for one event and differs from what its target says. A member that is null leaves the target's own.
/// </summary>
public sealed record EventPolicy
{
    public static readonly EventPolicy None = new();

    /// <summary>Attempts after the first, 0 to <see cref="Limits.EventRetriesMax"/>.</summary>
    public int? RetriesMax { get; init; }

    /// <summary>How long after its acceptance an event may still be attempted.</summary>
    public TimeSpan? AgeMax { get; init; }

    /// <summary>
    /// The pause before the first retry; it doubles with each further one. Null: a minute more each time, as AWS.
    /// </summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>
    /// 0 to <see cref="Limits.EventPriorityMax"/>. A higher one goes first, but not for ever: see
    /// <see cref="EventRank"/>.
    /// </summary>
    public int Priority { get; init; }

    /// <summary>Where the event goes, as it was, when it cannot be delivered.</summary>
    public DeliveryTarget? DeadLetterTarget { get; init; }

    /// <summary>Whether the handler's result is kept, for <see cref="Limits.EventResultRetention"/>.</summary>
    public bool KeepsResult { get; init; }
}

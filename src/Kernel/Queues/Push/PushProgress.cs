using System.Collections.Immutable;

namespace Lambent.Kernel.Queues.Push;

/// <summary>How far a message is with one subscriber.</summary>
public enum PushState
{
    /// <summary>It is to be tried.</summary>
    Pending,

    /// <summary>The subscriber answered 202: it acknowledges later, or is tried again.</summary>
    Accepted,

    Delivered,

    /// <summary>No attempt is left, or the subscriber wants no more.</summary>
    Failed,
}

/// <summary>
/// How far a message of a push queue is with its subscribers. It is written from the first attempt on that did not end
/// the message: what every subscriber takes at once leaves no trace.
/// </summary>
public sealed record PushProgress
{
    public required string MessageId { get; init; }

    /// <summary>Rounds of attempts that ended.</summary>
    public int Rounds { get; init; }

    /// <summary>By name.</summary>
    public ImmutableSortedDictionary<string, SubscriberProgress> Subscribers { get; init; } =
        ImmutableSortedDictionary.Create<string, SubscriberProgress>(StringComparer.Ordinal);

    /// <summary>Why it is not over although no attempt is left, or null.</summary>
    public string? Problem { get; init; }

    public SubscriberProgress Of(string name) => Subscribers.GetValueOrDefault(name) ?? new SubscriberProgress();
}

/// <summary>The same for one subscriber.</summary>
public sealed record SubscriberProgress
{
    public PushState State { get; init; }

    public int Tries { get; init; }

    /// <summary>Of the last answer; null when there was none.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What was wrong with the last attempt, or null.</summary>
    public string? Problem { get; init; }

    public DateTimeOffset? LastTriedAt { get; init; }

    /// <summary>When it is tried again; null: at once, or never.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public bool IsOver => State is PushState.Delivered or PushState.Failed;
}

/// <summary>What came of posting a message to a subscriber.</summary>
/// <param name="Subscriber">Its name.</param>
/// <param name="StatusCode">The answer's, or null when there was none.</param>
/// <param name="Problem">Why it was not taken, for people; null when it was.</param>
/// <param name="RetryAfter">What the other side asks for, or null.</param>
public sealed record PushAttempt(string Subscriber, int? StatusCode, string? Problem, TimeSpan? RetryAfter = null)
{
    private const int AcceptedStatus = 202;
    private const int GoneStatus = 410;

    /// <summary>The subscriber acknowledges later.</summary>
    public bool IsAccepted => Problem is null && StatusCode == AcceptedStatus;

    /// <summary>The subscriber wants no more.</summary>
    public bool IsGone => StatusCode == GoneStatus;
}

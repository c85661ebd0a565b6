using System.Collections.Immutable;

namespace Lambent.Kernel.Queues;

/// <summary>What a message is: it does not change while it is delivered.</summary>
public sealed record MessageContent
{
    public required string Id { get; init; }

    public required string Body { get; init; }

    public ImmutableSortedDictionary<string, MessageAttribute> Attributes { get; init; } = NoAttributes;

    public required string SenderId { get; init; }

    public string? TraceHeader { get; init; }

    public string? GroupId { get; init; }

    public string? DeduplicationId { get; init; }

    /// <summary>The queue it was moved away from because it was received too often.</summary>
    public string? DeadLetterSourceArn { get; init; }

    public static ImmutableSortedDictionary<string, MessageAttribute> NoAttributes { get; } =
        ImmutableSortedDictionary.Create<string, MessageAttribute>(StringComparer.Ordinal);
}

/// <summary>Where a message is in its life. Small, because each receive writes it.</summary>
public sealed record MessageState
{
    /// <summary>Rising in a queue, never given twice.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it can be received: now, after its delay, or after its visibility timeout.</summary>
    public required DateTimeOffset VisibleAt { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>Its retention counts from here: from its sending, in a FIFO dead-letter queue from its move.</summary>
    public required DateTimeOffset RetainedFrom { get; init; }

    /// <summary>The last receive in this queue, or null.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    public DateTimeOffset? FirstReceivedAt { get; init; }

    public int ReceiveCount { get; init; }

    /// <summary>The group whose order it keeps; null in standard queues.</summary>
    public string? GroupId { get; init; }

    /// <summary>0 to 9; null in queues without priorities. Read only where it decides the order.</summary>
    public int? Priority { get; init; }

    public bool IsVisible(DateTimeOffset now) => VisibleAt <= now;

    public bool IsInFlight(DateTimeOffset now) => ReceivedAt is not null && VisibleAt > now;
}

/// <summary>The messages of a queue that have one message group and one priority.</summary>
/// <param name="GroupId">Null for those without.</param>
/// <param name="Priority">Null in queues without priorities.</param>
/// <param name="Counts">Them by state.</param>
/// <param name="OldestSentAt">Of the one that was sent first.</param>
/// <param name="NextVisibleAt">When the next one that is hidden becomes visible, or null.</param>
public sealed record MessageShare(
    string? GroupId, int? Priority, MessageCounts Counts, DateTimeOffset OldestSentAt, DateTimeOffset? NextVisibleAt);

/// <summary>How many messages are in which state.</summary>
public readonly record struct MessageCounts(long Visible, long InFlight, long Delayed);

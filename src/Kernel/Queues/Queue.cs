using System.Collections.Immutable;

namespace Lambent.Kernel.Queues;

/// <summary>A queue without its messages.</summary>
public sealed record Queue
{
    public required QueueId Id { get; init; }

    /// <summary>
    /// Unique in the account for ever: a queue that is deleted and made again shares nothing with the old one.
    /// </summary>
    public required long Number { get; init; }

    /// <summary>The number of the lane that holds its messages; <see cref="Number"/> until the first purge.</summary>
    public required long LaneNumber { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    public DateTimeOffset? PurgedAt { get; init; }

    public required QueueSettings Settings { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = NoTags;

    public static ImmutableSortedDictionary<string, string> NoTags { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public bool IsFifo => Id.IsFifo;

    /// <summary>Whether messages with a higher priority are received before others.</summary>
    public bool HasPriorities => QueueTags.HasPriorities(Tags);

    public QueueLane Lane => new(Id.Account, LaneNumber);
}

/// <summary>What the attributes of a queue say. The defaults are those of a new queue.</summary>
public sealed record QueueSettings
{
    public int VisibilityTimeoutSeconds { get; init; } = Limits.VisibilityTimeoutSecondsDefault;

    public int DelaySeconds { get; init; }

    public int MaximumMessageBytes { get; init; } = Limits.MessageBytesMax;

    public int RetentionSeconds { get; init; } = Limits.MessageRetentionSecondsDefault;

    public int ReceiveWaitSeconds { get; init; }

    public RedrivePolicy? Redrive { get; init; }

    public RedriveAllowPolicy? RedriveAllow { get; init; }

    /// <summary>The policy document as it was given; what it grants is read by <see cref="QueuePolicy"/>.</summary>
    public string? Policy { get; init; }

    /// <summary>Remembered and given back. Nothing is encrypted with it.</summary>
    public string? KmsMasterKeyId { get; init; }

    public int KmsDataKeyReusePeriodSeconds { get; init; } = 300;

    public bool SqsManagedSse { get; init; } = true;

    public bool ContentBasedDeduplication { get; init; }

    /// <summary>FIFO queues: whether a deduplication id counts in its message group only.</summary>
    public bool DeduplicatesPerGroup { get; init; }

    /// <summary>FIFO queues: remembered and given back. There is no limit of the rate here.</summary>
    public bool HasThroughputPerGroup { get; init; }

    public TimeSpan Retention => TimeSpan.FromSeconds(RetentionSeconds);
}

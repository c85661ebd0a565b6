namespace Lambent.Kernel.Queues;

/// <summary>How far a redrive came.</summary>
public enum MoveTaskStatus
{
    Running,
    Completed,
    Cancelling,
    Cancelled,
    Failed,
}

/// <summary>Moves the messages of a dead-letter queue back to where they came from, or to one queue.</summary>
public sealed record MoveTask
{
    public required string Id { get; init; }

    public required QueueId Source { get; init; }

    /// <summary>Null: each message goes to the queue it came from.</summary>
    public QueueId? Destination { get; init; }

    /// <summary>Messages a second, or null for as fast as it goes.</summary>
    public int? RateMax { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public MoveTaskStatus Status { get; init; }

    public long Moved { get; init; }

    /// <summary>Messages in the source when it started.</summary>
    public long ToMove { get; init; }

    public string? FailureReason { get; init; }

    public bool IsActive => Status is MoveTaskStatus.Running or MoveTaskStatus.Cancelling;
}

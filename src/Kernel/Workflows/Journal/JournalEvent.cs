using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Journal;

/// <summary>
/// One thing that happened in an execution, and is never changed. The journal is the truth: the execution's state is
/// what its events, applied in order, make of it.
/// </summary>
public sealed record JournalEvent
{
    /// <summary>1, 2, 3… of all events of the execution.</summary>
    public required long Sequence { get; init; }

    /// <summary>1, 2, 3… of those that AWS's history shows; 0 for what is ours alone.</summary>
    public required long Id { get; init; }

    /// <summary>The event before in the same branch; 0 for the first two.</summary>
    public required long Previous { get; init; }

    public required DateTimeOffset At { get; init; }

    public required JournalEventType Type { get; init; }

    /// <summary>The line of control it belongs to; 0 is the execution's own.</summary>
    public required int Branch { get; init; }

    /// <summary>The state; of an activity that began, the worker; of a redrive, the caller's token.</summary>
    public string? Name { get; init; }

    /// <summary>What came in: the input of an execution or a state, the parameters of a task.</summary>
    public DataValue? Input { get; init; }

    /// <summary>What came out.</summary>
    public DataValue? Output { get; init; }

    /// <summary>The variables that were set, by name.</summary>
    public DataObject? Assigned { get; init; }

    /// <summary>Of a state that was left: what follows; null when it was its branch's last.</summary>
    public string? Next { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>Of a failed evaluation: the field.</summary>
    public string? Location { get; init; }

    /// <summary>The number of an iteration; of a Map that started, how many there are; of a redrive, its number.
    /// </summary>
    public int? Index { get; init; }

    /// <summary>Until when the state waits, when it is tried again, when the task times out.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Of a scheduled task.</summary>
    public int? TimeoutSeconds { get; init; }

    public int? HeartbeatSeconds { get; init; }

    /// <summary>Of a Map that started: how many iterations run at a time, and how many may fail.</summary>
    public int? ConcurrencyMax { get; init; }

    public int? ToleratedFailures { get; init; }

    /// <summary>Of an event that was sent: by what it is known again when it is sent twice, or null.</summary>
    public string? Key { get; init; }

    /// <summary>Of a retry: which retrier of the state it counts for.</summary>
    public int? Retrier { get; init; }
}

namespace Lambent.Kernel.Workflows.Views;

/// <summary>How far a state that was entered has come.</summary>
public enum RowStatus
{
    /// <summary>It works, or its work is under way.</summary>
    Running,

    /// <summary>A Wait that waits for its time.</summary>
    Waiting,

    /// <summary>An attempt failed, and the next one waits for its time.</summary>
    Retrying,

    Succeeded,

    /// <summary>It failed, and a catcher led on.</summary>
    Caught,

    Failed,

    /// <summary>Given up because something else failed, or because the execution was ended.</summary>
    Aborted,

    /// <summary>A person gave its output.</summary>
    Skipped,
}

public enum AttemptOutcome
{
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Aborted,
}

/// <summary>One try at the work of a state.</summary>
public sealed record TimelineAttempt
{
    /// <summary>The number of the event that handed it over; null when nothing was.</summary>
    public long? Task { get; init; }

    /// <summary>When it was handed over.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>When somebody began with it; null when nobody said so.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public AttemptOutcome Outcome { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>Of one that failed and is tried again: when.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

/// <summary>A state that was entered: one line of a waterfall.</summary>
public sealed record TimelineRow
{
    /// <summary>0, 1, 2… in the order in which states were entered.</summary>
    public required int Number { get; init; }

    public required string State { get; init; }

    /// <summary>"Task", "Wait" and so on.</summary>
    public required string Type { get; init; }

    /// <summary>The line of control: 0 is the execution's own.</summary>
    public required int Branch { get; init; }

    /// <summary>The row of the Parallel or Map that it belongs to.</summary>
    public int? Parent { get; init; }

    /// <summary>The place of its branch in the Parallel, or of its item in the Map.</summary>
    public int? Index { get; init; }

    /// <summary>How many Parallel and Map states are around.</summary>
    public int Depth { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    /// <summary>The number of the event with its input.</summary>
    public long EnteredBy { get; init; }

    /// <summary>The number of the event that ended it, which has its output if there is one; null while it is going on.
    /// </summary>
    public long? ExitedBy { get; init; }

    /// <summary>When it was left or given up; null while it is going on.</summary>
    public DateTimeOffset? ExitedAt { get; init; }

    public RowStatus Status { get; init; }

    /// <summary>Until when a Wait waits.</summary>
    public DateTimeOffset? Until { get; init; }

    public string? Error { get; init; }

    public string? Cause { get; init; }

    /// <summary>The state that followed.</summary>
    public string? Next { get; init; }

    public IReadOnlyList<TimelineAttempt> Attempts { get; init; } = [];
}

/// <param name="From">Since when nothing new was begun.</param>
/// <param name="To">When it was resumed, or ended; null while it is paused.</param>
public sealed record TimelinePause(DateTimeOffset From, DateTimeOffset? To);

/// <summary>What a waterfall of an execution shows.</summary>
public sealed record Timeline
{
    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public required IReadOnlyList<TimelineRow> Rows { get; init; }

    public IReadOnlyList<TimelinePause> Pauses { get; init; } = [];

    /// <summary>When it was taken up again after its end.</summary>
    public IReadOnlyList<DateTimeOffset> Redrives { get; init; } = [];
}

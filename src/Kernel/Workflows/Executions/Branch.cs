using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Executions;

internal enum BranchPhase
{
    /// <summary>The next state is to be entered.</summary>
    Ready,

    /// <summary>A state was entered, and nothing of it has happened yet.</summary>
    Entered,

    /// <summary>Its task was scheduled.</summary>
    Scheduled,

    /// <summary>Somebody works on its task.</summary>
    Started,

    /// <summary>The state waits for a time.</summary>
    Waiting,

    /// <summary>It is tried again at a time.</summary>
    BackingOff,

    /// <summary>Its branches or iterations run.</summary>
    Fanned,

    /// <summary>Its work is done, its output is to be made.</summary>
    Succeeded,

    /// <summary>Its work failed: to be tried again, caught or handed up.</summary>
    Failed,

    /// <summary>A person gave its output.</summary>
    Skipped,

    /// <summary>The last state was left.</summary>
    Ended,
}

/// <summary>
/// A line of control within an execution: the whole of it, a branch of a Parallel, an iteration of a Map. Which state
/// it is in, and how far that is.
/// </summary>
internal sealed class Branch(int id, Branch? parent, int index, StateGraph graph)
{
    public int Id { get; } = id;

    public Branch? Parent { get; } = parent;

    /// <summary>Its place among its siblings.</summary>
    public int Index { get; } = index;

    public StateGraph Graph { get; } = graph;

    public BranchPhase Phase { get; set; }

    /// <summary>The state it is in or is to enter.</summary>
    public required string StateName { get; set; }

    /// <summary>What that state gets.</summary>
    public required DataValue Input { get; set; }

    public DataObject Variables { get; set; } = DataObject.Empty;

    public VariableScope Scope => new(Variables, Parent?.Scope);

    /// <summary>The number of the last event of this branch that is shown, or of those that ended in it.</summary>
    public required long LastEvent { get; set; }

    /// <summary>The same for all events: where the chance of the next step comes from.</summary>
    public required long LastSequence { get; set; }

    public required DateTimeOffset LastAt { get; set; }

    public long EnteredEvent { get; set; }

    public DateTimeOffset EnteredAt { get; set; }

    /// <summary>How often each retrier of the state has tried again.</summary>
    public int[] Retries { get; set; } = [];

    public DateTimeOffset? Until { get; set; }

    public OpenTask? Task { get; set; }

    public FanOut? FanOut { get; set; }

    /// <summary>The result of the work, or of the last state.</summary>
    public DataValue? Result { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }

    /// <summary>Of an iteration: the item it is for.</summary>
    public DataValue? Item { get; set; }

    /// <summary>Of an iteration: what it began with, and when.</summary>
    public DataValue? GivenInput { get; set; }

    public DateTimeOffset OpenedAt { get; set; }

    /// <summary>Of a Map that reads its items and has not begun: where they are, once they were read.</summary>
    public MapSource? Source { get; set; }

    /// <summary>Given up because a sibling failed; a redrive takes it up again.</summary>
    public bool IsParked { get; set; }

    public State State => Graph.States[StateName];

    public int RetryCount => Retries.Sum();
}

/// <summary>The branches of a Parallel or the iterations of a Map that run.</summary>
internal sealed class FanOut(int total)
{
    public int Total { get; } = total;

    /// <summary>Those that run, in the order in which they began.</summary>
    public List<Branch> Running { get; } = [];

    /// <summary>Iterations that failed or were given up.</summary>
    public List<Branch> Unsuccessful { get; } = [];

    /// <summary>By place; null where there is none yet, or it failed and that is tolerated.</summary>
    public DataValue?[] Results { get; } = new DataValue?[total];

    /// <summary>The first place that has not begun.</summary>
    public int NextIndex { get; set; }

    public int FailedCount { get; set; }

    /// <summary>The event that an iteration which begins follows.</summary>
    public long StartedEvent { get; init; }

    /// <summary>Of a Map: what there is an iteration for, unless it is found by <see cref="Source"/>.</summary>
    public IReadOnlyList<DataValue> Items { get; init; } = [];

    /// <summary>Of a Map whose items were read: where they are. They are taken up in pieces, when it is their turn.
    /// </summary>
    public MapSource? Source { get; init; }

    /// <summary>Items that were taken up, from a place on. Not part of the state, which is the same without.</summary>
    public (int First, IReadOnlyList<DataValue> Items) Window { get; set; } = (0, []);

    /// <summary>Of a Map: at most so many at a time.</summary>
    public int ConcurrencyMax { get; set; } = int.MaxValue;

    public int ToleratedFailures { get; set; }

    /// <summary>Of a distributed Map: whether its run was said to have begun, and to have ended.</summary>
    public bool IsRunBegun { get; set; }

    public bool IsRunOver { get; set; }

    /// <summary>What the first iteration that failed failed with.</summary>
    public string? Error { get; set; }

    public string? Cause { get; set; }

    /// <summary>The event that began the run, of a distributed Map.</summary>
    public (string Name, long Sequence) Run { get; set; }

    /// <summary>Its items or its results could not be read or written.</summary>
    public bool HasLostData { get; set; }

    /// <summary>Where its results were written, once they are.</summary>
    public DataValue? Written { get; set; }

    /// <summary>Iterations that ended, where their input is asked for afterwards.</summary>
    public List<MapIteration> Ended { get; } = [];

    public bool IsFailed => HasLostData || FailedCount > ToleratedFailures;

    /// <summary>Whether the next item is at hand.</summary>
    public bool HasNextItem => Source is null || ItemAt(NextIndex) is not null;

    public DataValue? ItemAt(int index) => Source is null ? Items[index]
        : index >= Window.First && index < Window.First + Window.Items.Count ? Window.Items[index - Window.First]
        : null;

    public bool IsWhole => NextIndex == Total && Running.Count == 0;
}

/// <summary>Work that somebody else does, and has not ended.</summary>
public sealed record OpenTask
{
    /// <summary>The sequence number of the event that scheduled it; unique in the execution.</summary>
    public required long Number { get; init; }

    /// <summary>The line of control that waits for it.</summary>
    public required int Branch { get; init; }

    /// <summary>The state it belongs to.</summary>
    public required string StateName { get; init; }

    public required TaskResource Resource { get; init; }

    public required DataValue Parameters { get; init; }

    /// <summary>What somebody outside sends its result with; null when nobody does.</summary>
    public required string? Token { get; init; }

    public DateTimeOffset? TimeoutAt { get; init; }

    public int? HeartbeatSeconds { get; init; }

    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>The call was made, and its end is still to come.</summary>
    public bool IsSubmitted { get; init; }

    public bool IsStarted { get; init; }

    /// <summary>The answer to the call that began it, when it is submitted.</summary>
    public DataValue? Submitted { get; init; }
}

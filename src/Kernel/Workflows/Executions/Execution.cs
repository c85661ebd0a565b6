using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>
/// The state of an execution: what its journal makes of it, and nothing else. Each event, applied, leaves a state from
/// which the next step can be decided; so a journal may end anywhere, and the execution goes on from there.
/// </summary>
public sealed partial class Execution(ExecutionIdentity identity, StateMachineDefinition definition)
{
    // In order of their numbers, so that what goes on after a restart goes on in the same order.
    private readonly SortedDictionary<int, Branch> branches = [];
    private int nextBranch;

    public ExecutionIdentity Identity { get; } = identity;

    public StateMachineDefinition Definition { get; } = definition;

    public ExecutionStatus Status { get; private set; }

    /// <summary>Events so far, of all kinds.</summary>
    public long EventCount { get; private set; }

    /// <summary>The number of the last event that AWS's history shows.</summary>
    public long LastShownEvent { get; private set; }

    /// <summary>When the last thing happened.</summary>
    public DateTimeOffset LastAt { get; private set; }

    public DataValue Input { get; private set; } = DataNull.Value;

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? StoppedAt { get; private set; }

    public DataValue? Output { get; private set; }

    public string? Error { get; private set; }

    public string? Cause { get; private set; }

    public int RedriveCount { get; private set; }

    public DateTimeOffset? RedrivenAt { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>By which it is found.</summary>
    public DataObject Attributes { get; private set; } = DataObject.Empty;

    /// <summary>The name of the execution that goes on in its place, when it ended with that.</summary>
    public string? ContinuedAs { get; private set; }

    /// <summary>Events that were sent and that no state has waited for yet, the earliest first.</summary>
    internal List<ReceivedEvent> Events { get; } = [];

    /// <summary>The keys of the latest events that were sent with one.</summary>
    internal Queue<string> EventKeys { get; } = [];

    public bool IsOver => Status != ExecutionStatus.Running;

    /// <summary>Work that others do and that has not ended.</summary>
    public IEnumerable<OpenTask> OpenTasks => IsOver ? [] : Active.Select(branch => branch.Task).OfType<OpenTask>();

    /// <summary>When the whole execution times out.</summary>
    public DateTimeOffset? TimeoutAt =>
        Definition.TimeoutSeconds is { } seconds ? (RedrivenAt ?? StartedAt).AddSeconds(seconds) : null;

    /// <summary>When something of it is due, if nothing comes from outside before.</summary>
    public DateTimeOffset? NextDueAt
    {
        get
        {
            if (IsOver)
            {
                return null;
            }

            var next = TimeoutAt;
            foreach (var branch in Active)
            {
                next = Earlier(next, IsPaused ? null : branch.Until);
                next = Earlier(next, branch.Task?.TimeoutAt);
                next = Earlier(next, branch.Task?.HeartbeatAt);
            }

            return next;
        }
    }

    /// <summary>The state each line of control is in, for people.</summary>
    public IReadOnlyList<string> CurrentStates => IsOver ? [] : [.. Active
        .Where(branch => branch.FanOut is null && branch.Phase != BranchPhase.Ended)
        .Select(branch => branch.StateName)];

    internal IReadOnlyDictionary<int, Branch> Branches => branches;

    internal IEnumerable<Branch> Active => branches.Values.Where(branch => !branch.IsParked);

    internal Branch Root => branches[0];

    /// <summary>Rebuilds an execution from its journal.</summary>
    public static Execution Rebuild(
        ExecutionIdentity identity, StateMachineDefinition definition, IEnumerable<JournalEvent> journal)
    {
        var execution = new Execution(identity, definition);
        foreach (var happened in journal)
        {
            execution.Apply(happened);
        }

        return execution;
    }

    /// <summary>The earliest event that a task waits for; null when none is there.</summary>
    internal ReceivedEvent? EventFor(OpenTask task) =>
        Events.Find(sent => sent.Name == (task.Parameters["Name"] as DataText)?.Value);

    internal static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;

    private Branch Open(Branch? parent, int index, StateGraph graph, DataValue input, JournalEvent cause)
    {
        var branch = new Branch(nextBranch++, parent, index, graph)
        {
            StateName = graph.StartAt,
            Input = input,
            LastEvent = parent is null ? 0 : cause.Id == 0 ? parent.LastEvent : cause.Id,
            LastSequence = cause.Sequence,
            LastAt = cause.At,
        };
        branches.Add(branch.Id, branch);
        return branch;
    }

    private void Close(Branch branch)
    {
        DropFanOut(branch);
        branches.Remove(branch.Id);
    }

    private void DropFanOut(Branch branch)
    {
        if (branch.FanOut is { } fan)
        {
            fan.Running.ForEach(Close);
            fan.Unsuccessful.ForEach(Close);
            branch.FanOut = null;
        }
    }

    /// <summary>Leaves everything below as it is, and nothing of it goes on.</summary>
    private static void Park(Branch branch, bool isParked)
    {
        foreach (var child in branch.FanOut is { } fan ? fan.Running.Concat(fan.Unsuccessful) : [])
        {
            child.IsParked = isParked;
            Park(child, isParked);
        }
    }
}

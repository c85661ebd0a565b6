using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>Numbers the events of one iteration anew, and says which followed which.</summary>
internal sealed class ChildHistory
{
    private readonly List<JournalEvent> events = [];
    private readonly Dictionary<int, long> last = [];
    private readonly Dictionary<int, long> lastBelow = [];
    private readonly Dictionary<int, long> fanned = [];

    public void Start(Branch branch, ChildExecution child, JournalEvent happened)
    {
        // The first state follows nothing, as AWS has it.
        Append(branch, child, happened with { Input = child.Input }, JournalEventType.ExecutionStarted, 0);
        last[branch.Id] = 0;
    }

    public void Add(Branch branch, Branch root, JournalEvent happened)
    {
        if (happened.Type.IsHidden())
        {
            return;
        }

        var previous = happened.Type switch
        {
            JournalEventType.MapIterationStarted => fanned.GetValueOrDefault(branch.Id),
            JournalEventType.ParallelStateSucceeded or JournalEventType.ParallelStateFailed
                or (>= JournalEventType.MapIterationSucceeded and <= JournalEventType.MapIterationAborted) =>
                lastBelow.GetValueOrDefault(branch.Id, LastOf(branch)),
            _ => LastOf(branch),
        };
        var number = Number(happened, happened.Type, previous);
        last[branch.Id] = number;
        if (happened.Type is JournalEventType.ParallelStateStarted or JournalEventType.MapStateStarted)
        {
            fanned[branch.Id] = number;
        }

        for (var above = branch.Parent; above is not null && branch != root; above = above.Parent)
        {
            lastBelow[above.Id] = number;
            if (above == root)
            {
                break;
            }
        }
    }

    public void End(ChildExecution child, JournalEvent happened)
    {
        var type = child.Status switch
        {
            ExecutionStatus.Succeeded => JournalEventType.ExecutionSucceeded,
            ExecutionStatus.Failed => JournalEventType.ExecutionFailed,
            _ => JournalEventType.ExecutionAborted,
        };
        var ended = happened with { Output = child.Output, Error = child.Error, Cause = child.Cause, Name = null };
        Number(ended, type, events.Count);
        child.History = events;
    }

    public void Redrive(Branch branch, ChildExecution child, JournalEvent happened) => Append(
        branch, child, happened with { Index = child.RedriveCount }, JournalEventType.ExecutionRedriven, events.Count);

    private void Append(
        Branch branch, ChildExecution child, JournalEvent happened, JournalEventType type, long previous)
    {
        last[branch.Id] = Number(happened, type, previous);
        child.History = events;
    }

    private long Number(JournalEvent happened, JournalEventType type, long previous)
    {
        var number = events.Count + 1L;
        events.Add(happened with { Type = type, Id = number, Previous = previous });
        return number;
    }

    /// <summary>A branch that has just begun follows what began it.</summary>
    private long LastOf(Branch branch)
    {
        for (var at = branch; at is not null; at = at.Parent)
        {
            if (last.TryGetValue(at.Id, out var number))
            {
                return number;
            }
        }

        return 0;
    }
}

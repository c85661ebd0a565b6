using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Views;

/// <summary>
/// Reads the iterations of distributed Maps out of the journal that they share with their execution. Each looks like an
/// execution: it started, its events are numbered from 1, it ended.
/// </summary>
public sealed class ChildReader
{
    private readonly Execution execution;
    private readonly (long Run, int Index)? wanted;
    private readonly SortedDictionary<long, ChildExecution> children = [];
    private readonly Dictionary<int, ChildExecution> running = [];
    private readonly Dictionary<int, long> runs = [];
    private readonly Dictionary<int, string> labels = [];
    private readonly ChildHistory history = new();

    private ChildReader(ExecutionIdentity identity, StateMachineDefinition definition, (long, int)? wanted) =>
        (execution, this.wanted) = (new Execution(identity, definition), wanted);

    /// <param name="identity">Of the execution.</param>
    /// <param name="definition">It runs on.</param>
    /// <param name="journal">All of it.</param>
    /// <param name="wanted">Run and index of the one whose history is wanted, or null.</param>
    /// <returns>In the order in which they began.</returns>
    public static IReadOnlyList<ChildExecution> Read(
        ExecutionIdentity identity,
        StateMachineDefinition definition,
        IEnumerable<JournalEvent> journal,
        (long Run, int Index)? wanted = null)
    {
        var reader = new ChildReader(identity, definition, wanted);
        foreach (var happened in journal)
        {
            reader.Add(happened);
        }

        return [.. reader.children.Values];
    }

    private void Add(JournalEvent happened)
    {
        if (happened.Type == JournalEventType.ExecutionStarted)
        {
            execution.Apply(happened);
            return;
        }

        var branch = execution.Branches[happened.Branch];
        var isOfRun = branch.State is MapState { IsDistributed: true } && IsOfIteration(happened.Type);
        if (isOfRun && happened.Type != JournalEventType.MapIterationStarted)
        {
            EndOne(branch, happened);
        }
        else if (!isOfRun && branch.Child is { } child && children.Count > 0
            && running.TryGetValue(child.Id, out var of) && IsWanted(of))
        {
            history.Add(branch, child, happened);
        }

        execution.Apply(happened);
        if (isOfRun && happened.Type == JournalEventType.MapIterationStarted)
        {
            Begin(branch, happened);
        }
        else
        {
            Follow(branch, happened);
        }
    }

    /// <summary>What a run, or more than one iteration, is told by.</summary>
    private void Follow(Branch branch, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.MapRunStarted:
                runs[branch.Id] = happened.Sequence;
                labels[branch.Id] = happened.Name!;
                break;
            case JournalEventType.ExecutionRedriven:
                Redrive(happened);
                break;
            case JournalEventType.ExecutionFailed or JournalEventType.ExecutionTimedOut
                or JournalEventType.ExecutionAborted or JournalEventType.MapStateAborted
                or JournalEventType.ParallelStateAborted or JournalEventType.ParallelStateFailed
                or JournalEventType.ParallelStateSucceeded or JournalEventType.ParallelBranchFailed
                or JournalEventType.MapIterationFailed or JournalEventType.MapIterationAborted
                or JournalEventType.MapStateFailed or JournalEventType.StateSkipped:
                AbortLost(happened);
                break;
        }
    }

    private void Begin(Branch map, JournalEvent happened)
    {
        var child = map.FanOut!.Running[^1];
        var state = (MapState)map.State;
        var begun = new ChildExecution(
            happened.Sequence, runs.GetValueOrDefault(map.Id), child.Index, state.IsStandard,
            labels.GetValueOrDefault(map.Id, state.Name), child.Id, happened.Input!, happened.At)
        {
            ItemCount = state.ItemBatcher is null ? null : (child.Item?["Items"] as DataArray)?.Items.Count,
        };
        children.Add(begun.Number, begun);
        running[child.Id] = begun;
        if (IsWanted(begun))
        {
            history.Start(child, begun, happened);
        }
    }

    private void EndOne(Branch map, JournalEvent happened)
    {
        var branch = map.FanOut!.Running.Find(candidate => candidate.Index == happened.Index!.Value)!;
        if (running.TryGetValue(branch.Id, out var child))
        {
            var status = happened.Type switch
            {
                JournalEventType.MapIterationSucceeded => ExecutionStatus.Succeeded,
                JournalEventType.MapIterationFailed => ExecutionStatus.Failed,
                _ => ExecutionStatus.Aborted,
            };
            child.Output = status == ExecutionStatus.Succeeded ? branch.Result : null;
            End(child, status, happened);
            if (status == ExecutionStatus.Succeeded)
            {
                running.Remove(branch.Id);
            }
        }
    }

    private void End(ChildExecution child, ExecutionStatus status, JournalEvent happened)
    {
        var isOwn = happened.Type is JournalEventType.MapIterationFailed or JournalEventType.MapIterationAborted;
        (child.Status, child.StoppedAt) = (status, happened.At);
        (child.Error, child.Cause) = isOwn ? (happened.Error, happened.Cause) : (null, null);
        if (IsWanted(child))
        {
            history.End(child, happened);
        }
    }

    /// <summary>Those that run no more because what they are part of was given up.</summary>
    private void AbortLost(JournalEvent happened)
    {
        foreach (var (branch, child) in running)
        {
            var goesOn = !execution.IsOver
                && execution.Branches.TryGetValue(branch, out var found) && !found.IsParked;
            if (child.Status == ExecutionStatus.Running && !goesOn)
            {
                End(child, ExecutionStatus.Aborted, happened);
            }
        }
    }

    /// <summary>Those that had not succeeded go on.</summary>
    private void Redrive(JournalEvent happened)
    {
        foreach (var (branch, child) in running.Where(one => execution.Branches.ContainsKey(one.Key)))
        {
            (child.Status, child.StoppedAt, child.Error, child.Cause) = (ExecutionStatus.Running, null, null, null);
            (child.RedriveCount, child.RedrivenAt) = (child.RedriveCount + 1, happened.At);
            if (IsWanted(child))
            {
                history.Redrive(execution.Branches[branch], child, happened);
            }
        }
    }

    private bool IsWanted(ChildExecution child) => (child.Run, child.Index) == wanted;

    private static bool IsOfIteration(JournalEventType type) =>
        type is >= JournalEventType.MapIterationStarted and <= JournalEventType.MapIterationAborted;
}

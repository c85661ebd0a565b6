using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>States that have others work: tasks, branches, iterations.</summary>
public sealed partial class Interpreter
{
    private void BeginTask(Branch branch, TaskState state)
    {
        // The token is part of what the task is called with, so its number is known before the event that has it.
        var token = state.Resource.Pattern == IntegrationPattern.WaitForTaskToken
            ? TaskToken.Of(execution.Identity, execution.EventCount + 1)
            : null;
        var scope = ScopeOf(branch, token);
        var seen = SeenBy(branch);
        if (seen.Failure is { } unseen)
        {
            HandleFailure(branch, unseen);
            return;
        }

        scope = scope with { Input = seen.Value };
        var parameters = state.Arguments?.Evaluate(scope)
            ?? (state.Resource.IsOwn(OwnTask.ContinueAsNew) ? new DataObject(("Input", seen.Value)) : seen);
        var (timeout, timeoutFailure) = Seconds(state.TimeoutSeconds, scope);
        var (heartbeat, heartbeatFailure) = Seconds(state.HeartbeatSeconds, scope);
        if ((parameters.Failure ?? timeoutFailure ?? heartbeatFailure) is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        if (IsTooLarge(branch, parameters.Value) || IsRefused(branch, state, parameters.Value))
        {
            return;
        }

        Emit(branch, ScheduledType(state.Resource.Kind), scheduled => scheduled with
        {
            Name = state.Name,
            Input = parameters.Value,
            Until = timeout is { } seconds ? now.AddSeconds(seconds) : null,
            TimeoutSeconds = timeout,
            HeartbeatSeconds = heartbeat,
        });
    }

    /// <summary>What a field for a time gives; that it is a whole number within bounds was checked where it was read.
    /// </summary>
    private static (int? Seconds, EvaluationFailure? Failure) Seconds(IExpression? field, EvaluationScope scope) =>
        field?.Evaluate(scope) is not { } given ? (null, null)
        : given.Failure is { } failure ? (null, failure)
        : ((int)((DataNumber)given.Value).Value, null);

    private void BeginParallel(Branch branch, ParallelState state)
    {
        var input = ArgumentsOf(branch, state);
        if (input.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Emit(branch, JournalEventType.ParallelStateStarted, started => started with { Input = input.Value });
    }

    private Evaluation ArgumentsOf(Branch branch, WorkingState state)
    {
        var seen = SeenBy(branch);
        return seen.Failure is null && state.Arguments is { } arguments
            ? arguments.Evaluate(ScopeOf(branch) with { Input = seen.Value })
            : seen;
    }

    private void BeginMap(Branch branch, MapState state)
    {
        if (state.ItemReader is not null && branch.Source is null)
        {
            ReadItems(branch, state);
            return;
        }

        var plan = MapPlan.Of(state, ScopeOf(branch), SeenBy(branch), branch.Source);
        if (plan.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Emit(branch, JournalEventType.MapStateStarted, started => started with
        {
            Name = state.Name,
            Input = plan.Source is { } source ? source.ToValue() : plan.Items,
            Index = plan.Source?.Count ?? plan.Items!.Items.Count,
            ConcurrencyMax = plan.ConcurrencyMax,
            ToleratedFailures = plan.ToleratedFailures,
        });
    }

    private static bool CanStepFanOut(Branch branch)
    {
        var fan = branch.FanOut!;
        if (branch.State is not MapState map)
        {
            return branch.State is ParallelState { IsRace: true }
                ? fan.Running.Count == 0 || fan.Winner(branch.State) is not null
                : fan.Running.TrueForAll(child => child.Phase == BranchPhase.Ended);
        }

        return (map.IsDistributed && !fan.IsRunBegun) || fan.IsFailed || fan.IsWhole
            || fan.Running.Exists(child => child.Phase == BranchPhase.Ended)
            || (fan.NextIndex < fan.Total && fan.Running.Count < fan.ConcurrencyMax && fan.HasNextItem);
    }

    /// <summary>Takes what iterations gave, begins others as far as may run at a time, and ends the state when all have
    /// ended.</summary>
    private void StepFanOut(Branch branch)
    {
        var fan = branch.FanOut!;
        if (branch.State is not MapState map)
        {
            StepParallel(branch, fan);
        }
        else if (map.IsDistributed && !fan.IsRunBegun)
        {
            Emit(branch, JournalEventType.MapRunStarted, started => started with { Name = map.Label ?? map.Name });
        }
        else if (fan.IsFailed)
        {
            FailMap(branch, map, fan);
        }
        else if (fan.Running.Find(child => child.Phase == BranchPhase.Ended) is { } done)
        {
            Emit(branch, JournalEventType.MapIterationSucceeded, ended => ended with
            {
                Name = branch.StateName, Index = done.Index, Previous = done.LastEvent,
            });
        }
        else if (fan.NextIndex < fan.Total)
        {
            BeginIteration(branch, map, fan);
        }
        else if (MustWrite(map, fan))
        {
            WriteResults(branch, map, fan);
        }
        else
        {
            Emit(branch, map.IsDistributed && !fan.IsRunOver
                ? JournalEventType.MapRunSucceeded
                : JournalEventType.MapStateSucceeded);
        }
    }

    private void StepParallel(Branch branch, FanOut fan)
    {
        if (branch.State is ParallelState { IsRace: true })
        {
            EndRace(branch, fan);
            return;
        }

        Emit(
            branch,
            JournalEventType.ParallelStateSucceeded,
            ended => ended with { Previous = LastOf(fan.Running, branch) });
    }

    private static long LastOf(List<Branch> children, Branch parent)
    {
        var last = parent;
        foreach (var child in children)
        {
            last = child.LastSequence > last.LastSequence ? child : last;
        }

        return last.LastEvent;
    }

    private void BeginIteration(Branch branch, MapState state, FanOut fan)
    {
        var index = fan.NextIndex;
        var item = fan.ItemAt(index)!;
        // Items of batches were selected one by one when the batches were made.
        var selects = state is { ItemSelector: not null, ItemBatcher: null };
        Evaluation input = selects ? SelectionOf(branch, state)!.Select(index, item) : item;
        if (input.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Emit(branch, JournalEventType.MapIterationStarted, started => started with
        {
            Name = state.Name,
            Index = index,
            Input = input.Value,
            Output = fan.Source is not null && selects ? item : null,
            Previous = fan.StartedEvent,
        });
    }

    private static JournalEventType ScheduledType(TaskResourceKind kind) => kind switch
    {
        TaskResourceKind.Function => JournalEventType.LambdaFunctionScheduled,
        TaskResourceKind.Activity => JournalEventType.ActivityScheduled,
        _ => JournalEventType.TaskScheduled,
    };
}

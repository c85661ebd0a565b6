using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>What each event makes of the state. It decides nothing and never fails.</summary>
public sealed partial class Execution
{
    public void Apply(JournalEvent happened)
    {
        (EventCount, LastAt) = (happened.Sequence, happened.At);
        LastShownEvent = Math.Max(LastShownEvent, happened.Id);
        if (happened.Type == JournalEventType.ExecutionStarted)
        {
            (Input, StartedAt) = (happened.Input!, happened.At);
            var root = Open(null, 0, Definition.Graph, happened.Input!, happened);
            root.Variables = happened.Assigned ?? DataObject.Empty;
            return;
        }

        var branch = branches[happened.Branch];
        branch.LastSequence = happened.Sequence;
        if (!happened.Type.IsHidden())
        {
            branch.LastAt = happened.At;
            branch.LastEvent = happened.Id == 0 ? branch.LastEvent : happened.Id;
        }

        if (happened.Type.IsEntered())
        {
            Enter(branch, happened);
        }
        else if (happened.Type.IsExited())
        {
            Exit(branch, happened);
        }
        else if (!ApplyToWork(branch, happened) && !ApplyToFanOut(branch, happened))
        {
            ApplyToExecution(branch, happened);
        }
    }

    private static void Enter(Branch branch, JournalEvent happened)
    {
        branch.StateName = happened.Name!;
        branch.Input = happened.Input!;
        (branch.EnteredEvent, branch.EnteredAt) = (happened.Id, happened.At);
        branch.Retries = branch.State is WorkingState { Retry.Count: > 0 } state ? new int[state.Retry.Count] : [];
        branch.Until = happened.Until;
        branch.Phase = happened.Until is null ? BranchPhase.Entered : BranchPhase.Waiting;
        (branch.Task, branch.Source) = (null, null);
        (branch.Result, branch.Error, branch.Cause) = (null, null, null);
    }

    private void Exit(Branch branch, JournalEvent happened)
    {
        DropFanOut(branch);
        (branch.Task, branch.Until, branch.Result, branch.Error, branch.Cause) = (null, null, null, null, null);
        if (happened.Assigned is { } assigned)
        {
            branch.Variables = branch.Variables.With(assigned);
        }

        if (happened.Next is { } next)
        {
            (branch.StateName, branch.Input, branch.Phase) = (next, happened.Output!, BranchPhase.Ready);
            return;
        }

        (branch.Result, branch.Phase) = (happened.Output, BranchPhase.Ended);
    }

    private bool ApplyToWork(Branch branch, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.TaskScheduled:
            case JournalEventType.LambdaFunctionScheduled:
            case JournalEventType.ActivityScheduled:
                Schedule(branch, happened);
                return true;
            case JournalEventType.TaskStarted:
            case JournalEventType.LambdaFunctionStarted:
            case JournalEventType.ActivityStarted:
                branch.Task = branch.Task! with
                {
                    IsStarted = true, HeartbeatAt = HeartbeatAt(branch.Task, happened.At),
                };
                branch.Phase = BranchPhase.Started;
                return true;
            case JournalEventType.TaskSubmitted:
                branch.Task = branch.Task! with { IsSubmitted = true, Submitted = happened.Output };
                return true;
            case JournalEventType.TaskHeartbeat:
                branch.Task = branch.Task! with { HeartbeatAt = HeartbeatAt(branch.Task, happened.At) };
                return true;
            case JournalEventType.TaskSucceeded:
            case JournalEventType.LambdaFunctionSucceeded:
            case JournalEventType.ActivitySucceeded:
                (branch.Task, branch.Result, branch.Phase) = (null, happened.Output, BranchPhase.Succeeded);
                return true;
            case JournalEventType.TaskFailed:
            case JournalEventType.TaskSubmitFailed:
            case JournalEventType.TaskTimedOut:
            case JournalEventType.LambdaFunctionFailed:
            case JournalEventType.LambdaFunctionTimedOut:
            case JournalEventType.ActivityFailed:
            case JournalEventType.ActivityTimedOut:
            case JournalEventType.EvaluationFailed:
                Fail(branch, happened);
                return true;
            case JournalEventType.StateSkipped:
                DropFanOut(branch);
                (branch.Task, branch.Until) = (null, null);
                (branch.Result, branch.Phase) = (happened.Output, BranchPhase.Skipped);
                return true;
            case JournalEventType.RetryScheduled:
                DropFanOut(branch);
                branch.Retries[happened.Retrier!.Value]++;
                (branch.Until, branch.Phase, branch.Task) = (happened.Until, BranchPhase.BackingOff, null);
                branch.Source = null;
                return true;
            default:
                return false;
        }
    }

    private void Schedule(Branch branch, JournalEvent happened)
    {
        var resource = ((TaskState)branch.State).Resource;
        branch.Until = null;
        branch.Phase = BranchPhase.Scheduled;
        branch.Task = new OpenTask
        {
            Number = happened.Sequence,
            Branch = branch.Id,
            StateName = branch.StateName,
            Resource = resource,
            Parameters = happened.Input!,
            Token = resource.Kind == TaskResourceKind.Activity
                || resource.Pattern == IntegrationPattern.WaitForTaskToken
                    ? TaskToken.Of(Identity, happened.Sequence)
                    : null,
            TimeoutAt = happened.Until,
            HeartbeatSeconds = happened.HeartbeatSeconds,
        };
    }

    private static DateTimeOffset? HeartbeatAt(OpenTask task, DateTimeOffset now) =>
        task.HeartbeatSeconds is { } seconds ? now.AddSeconds(seconds) : null;

    private static void Fail(Branch branch, JournalEvent happened)
    {
        Park(branch, true);
        (branch.Task, branch.Until) = (null, null);
        (branch.Error, branch.Cause, branch.Phase) = (happened.Error, happened.Cause, BranchPhase.Failed);
    }

    private bool ApplyToFanOut(Branch branch, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.ParallelStateStarted:
                StartParallel(branch, happened);
                return true;
            case JournalEventType.MapStateStarted:
                StartMap(branch, happened);
                return true;
            case JournalEventType.MapDataScheduled:
            case JournalEventType.MapDataSucceeded:
            case JournalEventType.MapDataFailed:
                ApplyToMapData(branch, happened);
                return true;
            case JournalEventType.MapIterationStarted:
                StartIteration(branch, happened);
                return true;
            case JournalEventType.MapRunChanged:
                branch.FanOut!.ConcurrencyMax = happened.ConcurrencyMax ?? branch.FanOut.ConcurrencyMax;
                branch.FanOut.ToleratedFailures = happened.ToleratedFailures ?? branch.FanOut.ToleratedFailures;
                return true;
            case JournalEventType.MapIterationSucceeded:
            case JournalEventType.MapIterationFailed:
            case JournalEventType.MapIterationAborted:
                EndIteration(branch, happened);
                return true;
            case JournalEventType.ParallelStateSucceeded:
            case JournalEventType.MapStateSucceeded:
                (branch.Result, branch.Phase) = (ResultOf(branch), BranchPhase.Succeeded);
                DropFanOut(branch);
                return true;
            case JournalEventType.ParallelStateFailed:
            case JournalEventType.MapStateFailed:
                Fail(branch, happened);
                return true;
            case JournalEventType.TaskStateAborted:
            case JournalEventType.WaitStateAborted:
            case JournalEventType.ParallelStateAborted:
            case JournalEventType.MapStateAborted:
                branch.IsParked = true;
                return true;
            case JournalEventType.MapRunStarted:
                branch.FanOut!.IsRunBegun = true;
                branch.FanOut.Run = (happened.Name!, happened.Sequence);
                return true;
            case JournalEventType.MapRunSucceeded:
            case JournalEventType.MapRunFailed:
                branch.FanOut!.IsRunOver = true;
                return true;
            default:
                return false;
        }
    }

    private DataValue ResultOf(Branch branch)
    {
        var fan = branch.FanOut!;
        return branch.State switch
        {
            ParallelState => new DataArray(
                [.. fan.Running.OrderBy(child => child.Index).Select(child => child.Result!)]),
            MapState { ResultWriter: { } writer } => fan.Written
                ?? MapResults.Of(Identity, fan, writer.Transformation ?? MapResults.Compact),
            _ => new DataArray([.. fan.Results.OfType<DataValue>()]),
        };
    }

    private void StartParallel(Branch branch, JournalEvent happened)
    {
        var state = (ParallelState)branch.State;
        branch.FanOut = new FanOut(state.Branches.Count) { StartedEvent = happened.Id };
        branch.Phase = BranchPhase.Fanned;
        for (var index = 0; index < state.Branches.Count; index++)
        {
            branch.FanOut.Running.Add(Open(branch, index, state.Branches[index], happened.Input!, happened));
        }
    }

    private static void StartMap(Branch branch, JournalEvent happened)
    {
        var source = MapSource.From(happened.Input!);
        var items = source is null ? ((DataArray)happened.Input!).Items : [];
        branch.Phase = BranchPhase.Fanned;
        branch.FanOut = new FanOut(source?.Count ?? items.Count)
        {
            StartedEvent = happened.Id,
            Items = items,
            Source = source,
            ConcurrencyMax = happened.ConcurrencyMax ?? int.MaxValue,
            ToleratedFailures = happened.ToleratedFailures ?? 0,
        };
    }

    private void StartIteration(Branch branch, JournalEvent happened)
    {
        var (state, fan, index) = ((MapState)branch.State, branch.FanOut!, happened.Index!.Value);
        var child = Open(branch, index, state.Processor, happened.Input!, happened);
        // Of items that were read, the event has the item itself where the input was made of it.
        child.Item = fan.Source is null ? fan.Items[index] : happened.Output ?? happened.Input;
        (child.GivenInput, child.OpenedAt) = (happened.Input, happened.At);
        fan.Running.Add(child);
        fan.NextIndex = index + 1;
    }

    private void EndIteration(Branch branch, JournalEvent happened)
    {
        var fan = branch.FanOut!;
        var child = fan.Running.Find(running => running.Index == happened.Index!.Value)!;
        if (branch.State is MapState { ResultWriter: not null })
        {
            fan.Ended.Add(MapIteration.Of(child, happened));
        }

        if (happened.Type == JournalEventType.MapIterationSucceeded)
        {
            fan.Results[child.Index] = child.Result;
            fan.Running.Remove(child);
            Close(child);
            return;
        }

        fan.FailedCount++;
        if (happened.Type == JournalEventType.MapIterationFailed && fan.IsFailed && fan.Error is null)
        {
            (fan.Error, fan.Cause) = (happened.Error, happened.Cause);
        }

        fan.Running.Remove(child);
        fan.Unsuccessful.Add(child);
        child.IsParked = true;
        Park(child, true);
    }

    private void ApplyToExecution(Branch branch, JournalEvent happened)
    {
        switch (happened.Type)
        {
            case JournalEventType.ExecutionSucceeded:
                (Status, Output, StoppedAt) = (ExecutionStatus.Succeeded, happened.Output, happened.At);
                break;
            case JournalEventType.ExecutionFailed:
                End(ExecutionStatus.Failed, happened);
                break;
            case JournalEventType.ExecutionTimedOut:
                End(ExecutionStatus.TimedOut, happened);
                break;
            case JournalEventType.ExecutionAborted:
                End(ExecutionStatus.Aborted, happened);
                break;
            case JournalEventType.ExecutionRedriven:
                Redrive(happened);
                break;
            case JournalEventType.ExecutionPaused:
                IsPaused = true;
                break;
            case JournalEventType.ExecutionResumed:
                IsPaused = false;
                break;
            default:
                throw new InvalidOperationException($"Branch {branch.Id}: {happened.Type} is not known.");
        }
    }

    private void End(ExecutionStatus status, JournalEvent happened) =>
        (Status, Error, Cause, StoppedAt, IsPaused) =
            (status, happened.Error, happened.Cause, happened.At, false);

    /// <summary>What was under way or had failed is done again, each with the input it had.</summary>
    private void Redrive(JournalEvent happened)
    {
        (Status, Error, Cause, StoppedAt) = (ExecutionStatus.Running, null, null, null);
        (RedrivenAt, RedriveCount) = (happened.At, RedriveCount + 1);
        foreach (var branch in branches.Values)
        {
            branch.IsParked = false;
            if (branch.FanOut is { } fan)
            {
                fan.Running.AddRange(fan.Unsuccessful);
                fan.Unsuccessful.Clear();
                fan.Ended.RemoveAll(ended => ended.Status != ExecutionStatus.Succeeded);
                (fan.FailedCount, branch.Phase, branch.Task) = (0, BranchPhase.Fanned, null);
                (fan.Error, fan.Cause, fan.IsRunOver) = (null, null, false);
                (fan.HasLostData, fan.Written) = (false, null);
            }
            else if (branch.Phase is BranchPhase.Scheduled or BranchPhase.Started or BranchPhase.Failed
                or BranchPhase.BackingOff)
            {
                (branch.Phase, branch.Task, branch.Until, branch.Result) = (BranchPhase.Entered, null, null, null);
                Array.Clear(branch.Retries);
            }
        }
    }
}

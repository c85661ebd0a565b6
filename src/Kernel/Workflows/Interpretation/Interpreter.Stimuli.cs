using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What comes from outside: results, times, wishes.</summary>
public sealed partial class Interpreter
{
    private enum Ending
    {
        Succeeded,
        Failed,
        TimedOut,
    }

    /// <summary>The task's work is done.</summary>
    /// <returns>False when nothing waits for it any more; then nothing happens.</returns>
    public bool Succeed(long task, DataValue result, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { } branch)
        {
            return false;
        }

        if (PayloadSize.Exceeds(result, Limits.WorkflowPayloadBytesMax))
        {
            EndTask(branch, Ending.Failed, StateErrors.DataLimitExceeded,
                $"The state/task '{branch.Task!.Resource.Arn}' returned a result with a size exceeding the maximum "
                + "number of bytes service limit.");
            return true;
        }

        Emit(branch, EndedType(branch.Task!, Ending.Succeeded), ended => ended with { Output = result });
        return true;
    }

    /// <summary>The task's work failed.</summary>
    public bool Fail(long task, string error, string? cause, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { } branch)
        {
            return false;
        }

        EndTask(branch, Ending.Failed, error, cause);
        return true;
    }

    /// <summary>The call that begins the work could not be made.</summary>
    public bool FailToSubmit(long task, string error, string? cause, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { } branch)
        {
            return false;
        }

        if (branch.Task!.Resource.Pattern == IntegrationPattern.RequestResponse)
        {
            EndTask(branch, Ending.Failed, error, cause);
            return true;
        }

        Emit(
            branch, JournalEventType.TaskSubmitFailed, failed => failed with { Error = error, Cause = cause });
        return true;
    }

    /// <summary>The call that begins the work was made; the work's end comes later.</summary>
    public bool Submit(long task, DataValue answer, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { Task.IsSubmitted: false } branch)
        {
            return false;
        }

        Emit(branch, JournalEventType.TaskSubmitted, submitted => submitted with { Output = answer });
        return true;
    }

    /// <summary>
    /// What <see cref="Succeed"/> or <see cref="Submit"/> would record, without the result and not applied: for work
    /// that is done in the same write as its record, and whose result is known only there.
    /// </summary>
    /// <returns>Null when nothing waits for it any more.</returns>
    public JournalEvent? Prepare(long task, bool isSubmitted, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { } branch || (isSubmitted && branch.Task!.IsSubmitted))
        {
            return null;
        }

        var type = isSubmitted ? JournalEventType.TaskSubmitted : EndedType(branch.Task!, Ending.Succeeded);
        return Next(branch, type);
    }

    /// <summary>Applies what was prepared and is written now.</summary>
    public void Accept(JournalEvent written)
    {
        execution.Apply(written);
    }

    /// <summary>A worker took an activity's task.</summary>
    public bool StartActivity(long task, string? worker, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { Task.IsStarted: false } branch)
        {
            return false;
        }

        Emit(branch, JournalEventType.ActivityStarted, started => started with { Name = worker });
        return true;
    }

    /// <summary>The worker of a task is alive.</summary>
    public bool Beat(long task, DateTimeOffset at)
    {
        if (Waiting(task, at) is not { } branch)
        {
            return false;
        }

        Emit(branch, JournalEventType.TaskHeartbeat);
        return true;
    }

    /// <summary>Time has passed: what is due now ends or goes on.</summary>
    public void Tick(DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver)
        {
            return;
        }

        if (execution.TimeoutAt <= at)
        {
            Emit(execution.Root, JournalEventType.ExecutionTimedOut);
            return;
        }

        foreach (var branch in execution.Active.ToList())
        {
            if (branch.Task?.TimeoutAt <= at)
            {
                EndTask(branch, Ending.TimedOut, StateErrors.Timeout, null);
            }
            else if (branch.Task?.HeartbeatAt <= at)
            {
                EndTask(branch, Ending.TimedOut, StateErrors.HeartbeatTimeout, null);
            }
            else if (branch.Until <= at)
            {
                    }
        }
    }

    /// <summary>Ends the execution from outside.</summary>
    public bool Stop(string? error, string? cause, DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver)
        {
            return false;
        }

        Emit(
            execution.Root,
            JournalEventType.ExecutionAborted,
            aborted => aborted with { Error = error, Cause = cause });
        return true;
    }

    /// <summary>Takes up an execution that failed, was stopped or timed out: what had succeeded is not done again.
    /// </summary>
    /// <param name="at">The time.</param>
    /// <param name="token">By which the caller knows the wish again, or null.</param>
    public bool Redrive(DateTimeOffset at, string? token = null)
    {
        now = at;
        if (!execution.IsOver || execution.Status == ExecutionStatus.Succeeded)
        {
            return false;
        }

        Emit(
            execution.Root,
            JournalEventType.ExecutionRedriven,
            redriven => redriven with { Name = token, Index = execution.RedriveCount + 1 });
        return true;
    }

    /// <summary>Changes a Map that runs.</summary>
    /// <returns>False when it does not run any more.</returns>
    public bool ChangeMapRun(int branch, int? concurrencyMax, int? toleratedFailures, DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver || !execution.Branches.TryGetValue(branch, out var found) || found.FanOut is null
            || found.State is not MapState)
        {
            return false;
        }

        Emit(found, JournalEventType.MapRunChanged, changed => changed with
        {
            Name = found.StateName,
            ConcurrencyMax = concurrencyMax is 0 ? Limits.WorkflowMapConcurrencyMax : concurrencyMax,
            ToleratedFailures = toleratedFailures,
        });
        return true;
    }

    /// <summary>Begins nothing new until <see cref="Resume"/>; what others work on goes on.</summary>
    public bool Pause(DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver || execution.IsPaused)
        {
            return false;
        }

        Emit(execution.Root, JournalEventType.ExecutionPaused);
        return true;
    }

    public bool Resume(DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver || !execution.IsPaused)
        {
            return false;
        }

        Emit(execution.Root, JournalEventType.ExecutionResumed);
        return true;
    }

    /// <summary>Leaves the state named with an output that a person gives, whatever it waits for.</summary>
    /// <returns>False when no line of control is in that state.</returns>
    public bool Skip(string state, DataValue output, DateTimeOffset at)
    {
        now = at;
        var branch = execution.IsOver ? null : execution.Active.FirstOrDefault(candidate =>
            candidate.StateName == state && candidate.Phase is not (BranchPhase.Ready or BranchPhase.Ended));
        if (branch is null || branch.State is ChoiceState or FailState)
        {
            return false;
        }

        Emit(branch, JournalEventType.StateSkipped, skipped => skipped with { Name = state, Output = output });
        return true;
    }

    /// <summary>
    /// Whether <see cref="Skip"/> would leave the state, of an execution that ended: after a redrive.
    /// </summary>
    public bool CanSkip(string state) =>
        (execution.IsOver ? execution.Branches.Values : execution.Active).Any(branch =>
            branch.StateName == state
            && branch.Phase is not (BranchPhase.Ready or BranchPhase.Ended)
            && branch.State is not (ChoiceState or FailState));

    private Branch? Waiting(long task, DateTimeOffset at)
    {
        now = at;
        return execution.IsOver ? null : execution.Active.FirstOrDefault(branch => branch.Task?.Number == task);
    }

    private void EndTask(Branch branch, Ending ending, string error, string? cause)
    {
        Emit(
            branch,
            EndedType(branch.Task!, ending),
            ended => ended with { Error = error, Cause = cause });
    }

    private static JournalEventType EndedType(OpenTask task, Ending ending) => (task.Resource.Kind, ending) switch
    {
        (TaskResourceKind.Function, Ending.Succeeded) => JournalEventType.LambdaFunctionSucceeded,
        (TaskResourceKind.Function, Ending.Failed) => JournalEventType.LambdaFunctionFailed,
        (TaskResourceKind.Function, _) => JournalEventType.LambdaFunctionTimedOut,
        (TaskResourceKind.Activity, Ending.Succeeded) => JournalEventType.ActivitySucceeded,
        (TaskResourceKind.Activity, Ending.Failed) => JournalEventType.ActivityFailed,
        (TaskResourceKind.Activity, _) => JournalEventType.ActivityTimedOut,
        (TaskResourceKind.MapData, Ending.Succeeded) => JournalEventType.MapDataSucceeded,
        (TaskResourceKind.MapData, _) => JournalEventType.MapDataFailed,
        (_, Ending.Succeeded) => JournalEventType.TaskSucceeded,
        (_, Ending.Failed) => JournalEventType.TaskFailed,
        _ => JournalEventType.TaskTimedOut,
    };
}

using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What became of an event that was sent to an execution.</summary>
public enum EventReceipt
{
    Received,

    /// <summary>One with the same key was received before; that one counts.</summary>
    Duplicate,

    /// <summary>The execution has ended: nothing will wait for it.</summary>
    Over,

    /// <summary>As many wait as may, and no state has taken them.</summary>
    Full,
}

/// <summary>What only this server has: events, races, attributes, going on as a new execution.</summary>
public sealed partial class Interpreter
{
    /// <summary>Somebody sends an event. It is kept until a state waits for it: the earliest of a name comes first.
    /// </summary>
    /// <param name="name">Valid by <see cref="EventNames"/>.</param>
    /// <param name="data">What comes with it.</param>
    /// <param name="key">By which it is known again when it is sent twice, or null.</param>
    /// <param name="at">The time.</param>
    public EventReceipt Receive(string name, DataValue data, string? key, DateTimeOffset at)
    {
        now = at;
        if (key is not null && execution.EventKeys.Contains(key))
        {
            return EventReceipt.Duplicate;
        }

        if (execution.IsOver)
        {
            return EventReceipt.Over;
        }

        if (execution.Events.Count >= Limits.WorkflowEventsWaitingMax)
        {
            return EventReceipt.Full;
        }

        Emit(execution.Root, JournalEventType.EventReceived, received => received with
        {
            Name = name, Input = data, Key = key,
        });
        return EventReceipt.Received;
    }

    /// <summary>Receives what another execution received and no state of it waited for: this one goes on in its place.
    /// </summary>
    public void TakeOver(Interpreter former, DateTimeOffset at)
    {
        foreach (var sent in former.execution.Events)
        {
            Receive(sent.Name, sent.Data, sent.Key, at);
        }
    }

    /// <summary>Ends one iteration of a distributed Map from outside. It counts as one that did not succeed.</summary>
    /// <returns>False when it does not run any more.</returns>
    public bool StopChild(int branch, string? error, string? cause, DateTimeOffset at)
    {
        now = at;
        if (execution.IsOver || !execution.Branches.TryGetValue(branch, out var child) || child.IsParked
            || child.Phase == BranchPhase.Ended || child.Parent is not { State: MapState { IsDistributed: true } map })
        {
            return false;
        }

        Emit(child.Parent, JournalEventType.MapIterationAborted, aborted => aborted with
        {
            Name = map.Name, Index = child.Index, Error = error, Cause = cause, Previous = child.LastEvent,
        });
        return true;
    }

    private bool CanFinish(OpenTask task) => task.Resource.Service == OwnTask.Service
        && (task.Resource.Action == OwnTask.SetAttributes
            || (task.Resource.Action == OwnTask.WaitForEvent && execution.EventFor(task) is not null));

    private void Finish(Branch branch, OpenTask task)
    {
        var result = task.Resource.Action == OwnTask.WaitForEvent
            ? execution.EventFor(task)!.Data
            : SearchAttributes.Set(execution.Attributes, (DataObject)task.Parameters["Attributes"]!);
        Emit(branch, JournalEventType.TaskSucceeded, ended => ended with { Output = result });
    }

    /// <summary>Fails a task of ours that is called with something that it cannot take.</summary>
    private bool IsRefused(Branch branch, TaskState state, DataValue parameters)
    {
        if (state.Resource.Service != OwnTask.Service || ProblemOf(state.Resource.Action, parameters) is not { } wrong)
        {
            return false;
        }

        HandleFailure(branch, StateErrors.OwnParameterInvalid, FailureText.In(branch, $"{wrong}."));
        return true;
    }

    private string? ProblemOf(string action, DataValue parameters)
    {
        switch (action)
        {
            case OwnTask.WaitForEvent:
                return EventNames.Problem(parameters["Name"]);
            case OwnTask.SendEvent:
                return EventNames.Problem(parameters["Name"])
                    ?? (parameters["ExecutionArn"] is DataText ? null : "'ExecutionArn' must be an execution's ARN")
                    ?? (parameters["Key"] is null or DataText { Value.Length: > 0 and <= EventNames.KeyLengthMax }
                        ? null
                        : $"'Key' must be a text of 1 to {EventNames.KeyLengthMax} characters");
            case OwnTask.SetAttributes:
                return SearchAttributes.Problem(parameters["Attributes"]) ?? SearchAttributes.CountProblem(
                    SearchAttributes.Set(execution.Attributes, (DataObject)parameters["Attributes"]!));
            default:
                return null;
        }
    }

    /// <summary>The first branch that succeeded ends the state; without one, that the last has failed.</summary>
    private void EndRace(Branch branch, FanOut fan)
    {
        if (fan.Winner(branch.State) is not { } winner)
        {
            Emit(
                branch,
                JournalEventType.ParallelStateFailed,
                failed => failed with { Error = fan.Error, Cause = fan.Cause });
            return;
        }

        GiveUp(fan.Running.Where(child => child != winner));
        Emit(
            branch,
            JournalEventType.ParallelStateSucceeded,
            ended => ended with { Previous = winner.LastEvent });
    }
}

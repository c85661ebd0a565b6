using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What follows when a state fails: it is tried again, caught, or fails what it is part of.</summary>
public sealed partial class Interpreter
{
    private void HandleFailure(Branch branch, EvaluationFailure failure)
    {
        var cause = FailureText.In(branch, failure.Cause);
        if (failure.Error == StateErrors.QueryEvaluationError)
        {
            // It is an event of its own, after which the failure is handled.
            Emit(branch, JournalEventType.EvaluationFailed, failed => failed with
            {
                Name = branch.StateName,
                Error = failure.Error,
                Cause = cause,
                Location = failure.Location,
            });
            return;
        }

        HandleFailure(branch, failure.Error, cause);
    }

    private void HandleFailure(Branch branch, string error, string? cause)
    {
        if (branch.State is WorkingState state)
        {
            if (RetrierFor(branch, state, error) is { } retrier)
            {
                Retry(branch, state.Retry[retrier], retrier);
                return;
            }

            var catcher = state.Catch.FirstOrDefault(
                candidate => StateErrors.Matches(candidate.ErrorEquals, error));
            if (catcher is not null)
            {
                Catch(branch, state, catcher, error, cause);
                return;
            }
        }

        Propagate(branch, error, cause);
    }

    /// <summary>The first retrier for the error, unless it has no attempt left.</summary>
    private static int? RetrierFor(Branch branch, WorkingState state, string error)
    {
        for (var index = 0; index < state.Retry.Count; index++)
        {
            if (StateErrors.Matches(state.Retry[index].ErrorEquals, error))
            {
                return branch.Retries[index] < state.Retry[index].MaxAttempts ? index : null;
            }
        }

        return null;
    }

    private void Retry(Branch branch, Retrier retrier, int index)
    {
        var chance = new Chance(execution.Identity.Seed, branch.LastSequence, branch.Id).Next();
        var delay = RetryDelay.Of(retrier, branch.Retries[index], chance);
        Emit(
            branch,
            JournalEventType.RetryScheduled,
            again => again with { Name = branch.StateName, Until = now + delay, Retrier = index });
    }

    private void Catch(Branch branch, WorkingState state, Catcher catcher, string error, string? cause)
    {
        var errorOutput = cause is null
            ? new DataObject(("Error", error))
            : new DataObject(("Error", error), ("Cause", cause));
        var isJsonata = state.QueryLanguage == QueryLanguage.Jsonata;
        var scope = isJsonata
            ? ScopeOf(branch) with { ErrorOutput = errorOutput }
            : ScopeOf(branch) with { Input = errorOutput };
        var output = catcher.Output?.Evaluate(scope) ?? catcher.ResultPath switch
        {
            null => errorOutput,
            { IsDiscard: true } => branch.Input,
            var target => target.Put(branch.Input, errorOutput),
        };
        var assigned = catcher.Assign?.Evaluate(scope);
        if ((output.Failure ?? assigned?.Failure) is { } failure)
        {
            // A catcher that fails is not caught.
            Propagate(branch, failure.Error, FailureText.In(branch, failure.Cause));
            return;
        }

        Emit(branch, Exited(state), exited => exited with
        {
            Name = state.Name,
            Output = output.Value,
            Next = catcher.Next,
            Assigned = assigned?.Value as DataObject,
        });
    }

    /// <summary>Nothing of the state takes the failure: it is that of the Parallel or Map, or of the execution.
    /// </summary>
    private void Propagate(Branch branch, string? error, string? cause)
    {
        if (branch.Parent is not { } parent)
        {
            Emit(
                branch, JournalEventType.ExecutionFailed, failed => failed with { Error = error, Cause = cause });
            return;
        }

        if (parent.State is MapState map)
        {
            Emit(parent, JournalEventType.MapIterationFailed, failed => failed with
            {
                Name = map.Name, Index = branch.Index, Error = error, Cause = cause, Previous = branch.LastEvent,
            });
            return;
        }

        GiveUp(parent.FanOut!.Running.Where(sibling => sibling != branch));
        Emit(
            parent,
            JournalEventType.ParallelStateFailed,
            failed => failed with { Error = error, Cause = cause, Previous = branch.LastEvent });
    }

    /// <summary>More iterations failed than are tolerated: those that run are given up, then the state fails.</summary>
    private void FailMap(Branch branch, MapState state, FanOut fan)
    {
        GiveUp(fan.Running);
        if (fan.Running.Count > 0)
        {
            var running = fan.Running[0];
            Emit(branch, JournalEventType.MapIterationAborted, aborted => aborted with
            {
                Name = state.Name, Index = running.Index, Previous = running.LastEvent,
            });
            return;
        }

        if (MustWrite(state, fan))
        {
            WriteResults(branch, state, fan);
            return;
        }

        var isThreshold = !fan.HasLostData && (fan.ToleratedFailures > 0 || state.IsDistributed);
        var (error, cause) = isThreshold
            ? (StateErrors.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded")
            : (fan.Error, fan.Cause);
        var type = state.IsDistributed && !fan.IsRunOver
            ? JournalEventType.MapRunFailed
            : JournalEventType.MapStateFailed;
        Emit(branch, type, failed => failed with { Error = error, Cause = cause });
    }

    /// <summary>Says of what was under way that it is given up.</summary>
    private void GiveUp(IEnumerable<Branch> branches)
    {
        foreach (var branch in branches.Where(running => !running.IsParked).ToList())
        {
            if (branch.FanOut is { } fan)
            {
                GiveUp(fan.Running);
            }

            if (AbortedType(branch) is { } type)
            {
                Emit(branch, type, aborted => aborted with { Name = branch.StateName });
            }
        }
    }

    private static JournalEventType? AbortedType(Branch branch) => branch.Phase switch
    {
        BranchPhase.Ready or BranchPhase.Ended => null,
        _ => branch.State switch
        {
            TaskState => JournalEventType.TaskStateAborted,
            WaitState => JournalEventType.WaitStateAborted,
            ParallelState => JournalEventType.ParallelStateAborted,
            MapState => JournalEventType.MapStateAborted,
            _ => null,
        },
    };
}

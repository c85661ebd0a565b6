using System.Globalization;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Expressions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What each type of state does with what it gets.</summary>
public sealed partial class Interpreter
{
    private EvaluationScope ScopeOf(Branch branch, string? token = null)
    {
        var chance = new Chance(execution.Identity.Seed, branch.LastSequence, branch.Id);
        return new EvaluationScope
        {
            Input = branch.Input,
            ContextSource = () => ContextObject.Of(execution, branch, token),
            Variables = branch.Scope,
            // The time of the last event, not of this moment: decided again, it comes out the same.
            Now = branch.LastAt,
            Chance = chance.Next,
        };
    }

    /// <summary>What the state sees of its input.</summary>
    private Evaluation SeenBy(Branch branch) =>
        branch.State.InputPath is { } path ? path.Evaluate(ScopeOf(branch)) : branch.Input;

    private void Pass(Branch branch, PassState state)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            Exit(branch, state, ScopeOf(branch), branch.Input, null);
            return;
        }

        var seen = SeenBy(branch);
        var result = seen;
        if (seen.Failure is null && (state.Result ?? (object?)state.Parameters) is not null)
        {
            result = state.Result ?? state.Parameters!.Evaluate(ScopeOf(branch) with { Input = seen.Value });
        }

        LeaveWith(branch, state, state.ResultPath, result);
    }

    private DateTimeOffset? WaitsUntil(Branch branch, WaitState state)
    {
        // As of the moment at which it is entered, which is not written yet.
        var waited = WaitOf(branch, state, now);
        return waited.Failure is null ? Time(waited.Value) : null;
    }

    private Evaluation WaitOf(Branch branch, WaitState state, DateTimeOffset from)
    {
        var scope = ScopeOf(branch);
        if (state.InputPath is not null)
        {
            var seen = SeenBy(branch);
            if (seen.Failure is not null)
            {
                return seen;
            }

            scope = scope with { Input = seen.Value };
        }

        var given = (state.Seconds ?? state.Timestamp!).Evaluate(scope);
        if (given.Failure is not null)
        {
            return given;
        }

        if (state.Seconds is null)
        {
            return given.Value is DataText text && Time(text) is not null
                ? given
                : Mistake(state, "The Timestamp parameter does not reference a valid ISO-8601 extended offset "
                    + $"date-time format string: {Shown(given.Value)}");
        }

        return given.Value is DataNumber { IsInteger: true, Value: >= 0 and <= Limits.WorkflowSecondsMax } seconds
            ? new DataText(from.AddSeconds(seconds.Value).ToString("O", CultureInfo.InvariantCulture))
            : Mistake(state, $"The Seconds parameter does not reference a non-negative integer up to "
                + $"{Limits.WorkflowSecondsMax}: {Shown(given.Value)}");
    }

    private void Leave(Branch branch, WaitState state)
    {
        if (branch.Phase == BranchPhase.Entered)
        {
            var waited = WaitOf(branch, state, branch.EnteredAt);
            if (waited.Failure is { } failure)
            {
                HandleFailure(branch, failure);
                return;
            }
        }

        Exit(branch, state, ScopeOf(branch), SeenBy(branch), null);
    }

    private void Choose(Branch branch, ChoiceState state)
    {
        var scope = ScopeOf(branch);
        var seen = SeenBy(branch);
        if (seen.Failure is { } unseen)
        {
            HandleFailure(branch, unseen);
            return;
        }

        scope = scope with { Input = seen.Value };
        foreach (var rule in state.Choices)
        {
            var holds = rule.Condition.Evaluate(scope);
            if (holds.Failure is { } failure)
            {
                HandleFailure(branch, failure);
                return;
            }

            if (holds.Value is not DataBoolean condition)
            {
                HandleFailure(branch, Mistake(
                    state, $"The condition does not yield a boolean: {Shown(holds.Value)}").Failure!);
                return;
            }

            if (condition.Value)
            {
                Exit(branch, state, scope, seen.Value, rule.Next, rule.Assign, rule.Output ?? state.Output);
                return;
            }
        }

        if (state.Default is { } otherwise)
        {
            Exit(branch, state, scope, seen.Value, otherwise, state.Assign, state.Output);
            return;
        }

        HandleFailure(
            branch,
            StateErrors.NoChoiceMatched,
            FailureText.In(
                branch,
                "Failed to transition out of the state. The state does not point to a next state."));
    }

    private void Fail(Branch branch, FailState state)
    {
        var scope = ScopeOf(branch);
        var error = state.Error?.Evaluate(scope);
        var cause = state.Cause?.Evaluate(scope);
        if ((error?.Failure ?? cause?.Failure) is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Propagate(branch, (error?.Value as DataText)?.Value, (cause?.Value as DataText)?.Value);
    }

    /// <summary>Leaves a state that worked: what came of it becomes its output.</summary>
    private void LeaveWork(Branch branch, WorkingState state, DataValue result)
    {
        if (state.QueryLanguage == QueryLanguage.Jsonata)
        {
            Exit(branch, state, ScopeOf(branch) with { Result = result }, result, state.Next);
            return;
        }

        var selected = state.ResultSelector is { } selector
            ? selector.Evaluate(ScopeOf(branch) with { Input = result })
            : result;
        LeaveWith(branch, state, state.ResultPath, selected);
    }

    /// <summary>JSONPath: the result goes where <c>ResultPath</c> says, variables see it as <c>$</c>.</summary>
    private void LeaveWith(Branch branch, State state, ResultTarget? target, Evaluation result)
    {
        if (result.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        var output = target switch
        {
            null => result,
            { IsDiscard: true } => branch.Input,
            _ => target.Put(branch.Input, result.Value),
        };
        Exit(branch, state, ScopeOf(branch) with { Input = result.Value }, output, state.Next);
    }

    private void Exit(Branch branch, State state, EvaluationScope scope, Evaluation output, string? next) =>
        Exit(branch, state, scope, output, next ?? state.Next, state.Assign, state.Output);

    /// <summary>Leaves the state.</summary>
    /// <param name="branch">Where.</param>
    /// <param name="state">Which.</param>
    /// <param name="scope">What the variables and a JSONata output are made of.</param>
    /// <param name="unfiltered">What leaves it, before <c>OutputPath</c> or unless <c>Output</c> says
    /// otherwise.</param> <param name="next">What follows.</param>
    /// <param name="assign">The variables.</param>
    /// <param name="output">JSONata: the output.</param>
    private void Exit(
        Branch branch,
        State state,
        EvaluationScope scope,
        Evaluation unfiltered,
        string? next,
        IExpression? assign,
        IExpression? output)
    {
        var left = unfiltered;
        if (left.Failure is null)
        {
            left = output?.Evaluate(scope)
                ?? state.OutputPath?.Evaluate(ScopeOf(branch) with { Input = left.Value })
                ?? left;
        }

        var assigned = assign?.Evaluate(scope);
        if ((left.Failure ?? assigned?.Failure) is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        if (IsTooLarge(branch, left.Value))
        {
            return;
        }

        Emit(branch, Exited(state), exited => exited with
        {
            Name = state.Name,
            Output = left.Value,
            Next = next,
            Assigned = assigned?.Value as DataObject,
        });
    }

    /// <summary>Fails the state when a value is beyond what may go from state to state.</summary>
    private bool IsTooLarge(Branch branch, DataValue value)
    {
        if (!PayloadSize.Exceeds(value, Limits.WorkflowPayloadBytesMax))
        {
            return false;
        }

        Propagate(
            branch,
            StateErrors.DataLimitExceeded,
            $"The state/task '{branch.StateName}' returned a result with a size exceeding the maximum number of bytes "
            + "service limit.");
        return true;
    }

    private static Evaluation Mistake(State state, string cause) => new EvaluationFailure(
        state.QueryLanguage == QueryLanguage.Jsonata ? StateErrors.QueryEvaluationError : StateErrors.Runtime, cause);

    private static DateTimeOffset? Time(DataValue value) =>
        value is DataText text && DateTimeOffset.TryParse(
            text.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time
                : null;

    private static string Shown(DataValue value)
    {
        const int LengthMax = 200;
        var text = value.ToString();
        return text.Length > LengthMax ? text[..LengthMax] + "…" : text;
    }
}

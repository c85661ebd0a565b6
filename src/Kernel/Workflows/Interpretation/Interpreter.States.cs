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
            Exit(branch, state, ScopeOf(branch), branch.Input);
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

    /// <summary>Until when a state waits that is entered at a time. What its field gives was checked where it was read.
    /// </summary>
    private (DateTimeOffset? Until, EvaluationFailure? Failure) WaitOf(
        Branch branch, WaitState state, DateTimeOffset enteredAt)
    {
        var seen = SeenBy(branch);
        var given = seen.Failure is null
            ? (state.Seconds ?? state.Timestamp!).Evaluate(ScopeOf(branch) with { Input = seen.Value })
            : seen;
        return given.Failure is { } failure ? (null, failure)
            : state.Seconds is null ? (Rfc3339.Read(((DataText)given.Value).Value), null)
            : (enteredAt.AddSeconds(((DataNumber)given.Value).Value), null);
    }

    private void Leave(Branch branch, WaitState state)
    {
        if (branch.Phase == BranchPhase.Entered && WaitOf(branch, state, branch.EnteredAt).Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Exit(branch, state, ScopeOf(branch), SeenBy(branch));
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

            if (((DataBoolean)holds.Value).Value)
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
            Exit(branch, state, ScopeOf(branch) with { Result = result }, result);
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
        Exit(branch, state, ScopeOf(branch) with { Input = result.Value }, output);
    }

    private void Exit(Branch branch, State state, EvaluationScope scope, Evaluation output) =>
        Exit(branch, state, scope, output, state.Next, state.Assign, state.Output);

    /// <summary>Leaves the state.</summary>
    /// <param name="branch">Where.</param>
    /// <param name="state">Which.</param>
    /// <param name="scope">What the variables and a JSONata output are made of.</param>
    /// <param name="unfiltered">What leaves it, before <c>OutputPath</c>, or unless <c>Output</c> differs.</param>
    /// <param name="next">What follows.</param>
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
}

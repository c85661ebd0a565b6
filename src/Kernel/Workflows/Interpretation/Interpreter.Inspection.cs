using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>Looks into a state that was entered, for who tries it out.</summary>
public sealed partial class Interpreter
{
    /// <summary>What each field of the state makes of what it gets, by the names of TestState; values as JSON text.
    /// </summary>
    /// <param name="arguments">What its task was called with, or null.</param>
    /// <param name="result">What its task returned, or null.</param>
    /// <param name="assigned">The variables that it set.</param>
    internal DataObject Inspect(DataValue? arguments, DataValue? result, DataObject? assigned)
    {
        var branch = execution.Root;
        var stages = new OrderedDictionary<string, DataValue> { ["input"] = branch.Input.ToString() };
        if (branch.State.QueryLanguage == QueryLanguage.Jsonata)
        {
            Add(stages, "afterArguments", arguments);
            Add(stages, "result", result);
        }
        else
        {
            InspectPaths(branch.State, SeenBy(branch), arguments, result, stages);
        }

        var variables = branch.Variables.With(assigned ?? DataObject.Empty);
        Add(stages, "variables", variables.Count > 0 ? variables : null);
        return new DataObject(stages);
    }

    private void InspectPaths(
        State state,
        Evaluation seen,
        DataValue? arguments,
        DataValue? result,
        OrderedDictionary<string, DataValue> stages)
    {
        var branch = execution.Root;
        if (seen.Failure is not null)
        {
            return;
        }

        Add(stages, "afterInputPath", seen.Value);
        var scope = ScopeOf(branch) with { Input = seen.Value };
        var target = (state as PassState)?.ResultPath ?? (state as WorkingState)?.ResultPath;
        if (state is PassState pass)
        {
            arguments = ValueOf(pass.Parameters?.Evaluate(scope)) ?? seen.Value;
            result = pass.Result ?? arguments;
        }

        Add(stages, "afterParameters", arguments);
        Add(stages, "result", result);
        if (result is not null && state is WorkingState working)
        {
            result = working.ResultSelector is { } selector
                ? ValueOf(selector.Evaluate(scope with { Input = result }))
                : result;
            Add(stages, "afterResultSelector", result);
        }

        if (result is not null)
        {
            Add(stages, "afterResultPath", target switch
            {
                null => result,
                { IsDiscard: true } => branch.Input,
                _ => ValueOf(target.Put(branch.Input, result)),
            });
        }
    }

    private static DataValue? ValueOf(Evaluation? evaluated) =>
        evaluated is { Failure: null } known ? known.Value : null;

    private static void Add(OrderedDictionary<string, DataValue> stages, string name, DataValue? value)
    {
        if (value is not null)
        {
            stages[name] = value.ToString();
        }
    }
}

using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>A template as a whole: what it puts together must not be longer than a payload may be.</summary>
internal sealed class TemplateExpression(IExpression inner, string field) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = inner.Evaluate(scope);
        return evaluation.Failure is null
            && PayloadSize.Exceeds(evaluation.Value, Limits.WorkflowPayloadBytesMax)
            ? ExpressionFailures.TooLarge($"The value of the field '{field}'")
            : evaluation;
    }
}

/// <summary>An object some of whose members are computed.</summary>
internal sealed class ObjectExpression(IReadOnlyList<(string Name, IExpression Value)> members) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var made = new OrderedDictionary<string, DataValue>(members.Count);
        foreach (var (name, member) in members)
        {
            var evaluation = member.Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            made[name] = evaluation.Value;
        }

        return new DataObject(made);
    }
}

/// <summary>An array some of whose items are computed.</summary>
internal sealed class ArrayExpression(IReadOnlyList<IExpression> items) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var made = new DataValue[items.Count];
        for (var index = 0; index < items.Count; index++)
        {
            var evaluation = items[index].Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            made[index] = evaluation.Value;
        }

        return new DataArray(made);
    }
}

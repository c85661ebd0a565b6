using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// An object some of whose members are computed. What it puts together must not be longer than a payload may be, and it
/// ends as soon as that is so: a template with a thousand times the input would cost a thousand times its length.
/// </summary>
internal sealed class ObjectExpression(
    IReadOnlyList<(string Name, IExpression Value)> members,
    TemplatePlace place) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var made = new OrderedDictionary<string, DataValue>(members.Count);
        var room = Limits.WorkflowPayloadBytesMax;
        foreach (var (name, member) in members)
        {
            var evaluation = member.Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            room = PayloadSize.Left(evaluation.Value, room, depth: 2);
            if (room < 0)
            {
                return ExpressionFailures.TooLarge($"The value of the field '{place}'");
            }

            made[name] = evaluation.Value;
        }

        return new DataObject(made);
    }
}

/// <summary>An array some of whose items are computed, with the same bound.</summary>
internal sealed class ArrayExpression(IReadOnlyList<IExpression> items, TemplatePlace place) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var made = new DataValue[items.Count];
        var room = Limits.WorkflowPayloadBytesMax;
        for (var index = 0; index < items.Count; index++)
        {
            var evaluation = items[index].Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            room = PayloadSize.Left(evaluation.Value, room, depth: 2);
            if (room < 0)
            {
                return ExpressionFailures.TooLarge($"The value of the field '{place}'");
            }

            made[index] = evaluation.Value;
        }

        return new DataArray(made);
    }
}

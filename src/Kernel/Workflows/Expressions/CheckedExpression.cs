using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>An expression whose value must be of a certain kind for the field it stands in.</summary>
/// <param name="inner">What is evaluated.</param>
/// <param name="check">What is wrong with the value, or null.</param>
internal sealed class CheckedExpression(IExpression inner, Func<DataValue, EvaluationFailure?> check) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = inner.Evaluate(scope);
        if (evaluation.Failure is not null)
        {
            return evaluation;
        }

        return check(evaluation.Value) is { } failure ? failure : evaluation;
    }
}

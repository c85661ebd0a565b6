using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>A plain value, which is itself.</summary>
internal sealed class ConstantExpression(DataValue value) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope) => value;
}

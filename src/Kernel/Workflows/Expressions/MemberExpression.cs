using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>One member of the object that another expression yields.</summary>
internal sealed class MemberExpression(IExpression inner, string name) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = inner.Evaluate(scope);
        return evaluation.Failure is null ? evaluation.Value[name] ?? DataNull.Value : evaluation;
    }
}

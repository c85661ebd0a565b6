using Lambent.Kernel.Events.Filters;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Expressions.Choices;

/// <summary><c>And</c> and <c>Or</c>: from left to right, and no further than it takes.</summary>
internal sealed class CombinedChoice(IReadOnlyList<IExpression> parts, bool isAnd) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        foreach (var part in parts)
        {
            var evaluation = part.Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            if (evaluation.Value is DataBoolean holds && holds.Value != isAnd)
            {
                return DataBoolean.Of(!isAnd);
            }
        }

        return DataBoolean.Of(isAnd);
    }
}

internal sealed class NegatedChoice(IExpression inner) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = inner.Evaluate(scope);
        return evaluation.Failure is null
            ? DataBoolean.Of(evaluation.Value is DataBoolean { Value: false })
            : evaluation;
    }
}

internal sealed class ComparedChoice(ChoiceOperator comparison, IExpression left, IExpression right) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var first = left.Evaluate(scope);
        if (first.Failure is not null)
        {
            return first;
        }

        var second = right.Evaluate(scope);
        return second.Failure is null ? DataBoolean.Of(comparison.Compare(first.Value, second.Value)) : second;
    }
}

internal sealed class MatchedChoice(IExpression left, WildcardText pattern) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = left.Evaluate(scope);
        return evaluation.Failure is null
            ? DataBoolean.Of(evaluation.Value is DataText text && pattern.Matches(text.Value))
            : evaluation;
    }
}

/// <summary>A question of what kind a value is. Of one that is not there only its presence can be asked.</summary>
internal sealed class TestedChoice(JsonPath path, bool asksPresence, Func<DataValue?, bool> test, bool expected)
    : IExpression
{
    private readonly PathExpression value = PathExpression.OfChoice(path);

    public Evaluation Evaluate(EvaluationScope scope)
    {
        if (asksPresence)
        {
            return DataBoolean.Of(test(path.Find(scope).Value) == expected);
        }

        var evaluation = value.Evaluate(scope);
        return evaluation.Failure is null ? DataBoolean.Of(test(evaluation.Value) == expected) : evaluation;
    }
}

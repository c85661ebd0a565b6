using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>
/// The whole of a field that is computed by functions. A failure names it as it was written, whichever of its calls
/// failed.
/// </summary>
internal sealed class IntrinsicExpression(IExpression call, string text) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var evaluation = call.Evaluate(scope);
        if (evaluation.Failure is not { } failure)
        {
            return evaluation;
        }

        var cause = $"The function '{text}' had the following error: {failure.Cause}";
        return failure.Error == "States.Runtime"
            ? ExpressionFailures.Runtime(cause)
            : ExpressionFailures.Intrinsic(cause);
    }
}

/// <summary>A text in quotes, as it was written and as it is meant.</summary>
internal sealed class TextArgument(string raw, string plain) : IExpression
{
    private readonly DataText value = new(plain);

    public string Raw => raw;

    public Evaluation Evaluate(EvaluationScope scope) => value;
}

internal sealed class IntrinsicCall(IntrinsicFunction function, IReadOnlyList<IExpression> arguments) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var values = new DataValue[arguments.Count];
        for (var index = 0; index < arguments.Count; index++)
        {
            var evaluation = arguments[index].Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            values[index] = evaluation.Value;
        }

        var result = function.Compute(values, scope.Chance);
        if (result.Value is not { } value)
        {
            return ExpressionFailures.Intrinsic(result.Problem!);
        }

        return PayloadSize.Exceeds(value, Limits.WorkflowPayloadBytesMax)
            ? ExpressionFailures.Intrinsic($"the result is longer than {Limits.WorkflowPayloadBytesMax} bytes")
            : value;
    }
}

/// <summary><c>States.Format</c> with a template that stands in the definition.</summary>
internal sealed class FormatCall(IReadOnlyList<string> pieces, IReadOnlyList<IExpression> arguments) : IExpression
{
    public Evaluation Evaluate(EvaluationScope scope)
    {
        var values = new List<DataValue>(arguments.Count);
        foreach (var argument in arguments)
        {
            var evaluation = argument.Evaluate(scope);
            if (evaluation.Failure is not null)
            {
                return evaluation;
            }

            values.Add(evaluation.Value);
        }

        var result = Fill(pieces, values);
        return result.Value is { } value ? value : ExpressionFailures.Intrinsic(result.Problem!);
    }

    public static IntrinsicResult Fill(IReadOnlyList<string> pieces, IReadOnlyList<DataValue> values)
    {
        var filled = new StringBuilder(pieces[0]);
        for (var index = 0; index < values.Count; index++)
        {
            if (PayloadSize.Exceeds(values[index], Limits.WorkflowPayloadBytesMax))
            {
                return IntrinsicResult.Failed($"an argument is longer than {Limits.WorkflowPayloadBytesMax} bytes");
            }

            filled.Append(values[index] is DataText text ? text.Value : values[index].ToString());
            filled.Append(pieces[index + 1]);
            if (filled.Length > Limits.WorkflowPayloadBytesMax)
            {
                return IntrinsicResult.Failed($"the text is longer than {Limits.WorkflowPayloadBytesMax} characters");
            }
        }

        return new DataText(filled.ToString());
    }
}

/// <summary>What a function made of its arguments, or why it could not.</summary>
internal readonly record struct IntrinsicResult(DataValue? Value, string? Problem)
{
    public static implicit operator IntrinsicResult(DataValue value) => new(value, null);

    public static IntrinsicResult Failed(string problem) => new(null, problem);
}

/// <param name="Name">With its prefix: <c>States.Array</c>.</param>
/// <param name="ArgumentsMin">How many arguments it takes at least.</param>
/// <param name="ArgumentsMax">And at most.</param>
/// <param name="Compute">Takes the arguments, and chance.</param>
internal sealed record IntrinsicFunction(
    string Name,
    int ArgumentsMin,
    int ArgumentsMax,
    Func<IReadOnlyList<DataValue>, Func<double>, IntrinsicResult> Compute);

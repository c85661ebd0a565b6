using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>A path that stands in a field. AWS words its failure differently from field to field.</summary>
internal sealed class PathExpression : IExpression
{
    private readonly JsonPath path;
    private readonly Func<PathMiss, EvaluationScope, EvaluationFailure> describe;

    private PathExpression(JsonPath path, Func<PathMiss, EvaluationScope, EvaluationFailure> describe)
    {
        this.path = path;
        this.describe = describe;
    }

    /// <summary><c>InputPath</c> and <c>OutputPath</c>.</summary>
    public static PathExpression OfState(JsonPath path) => new(path, (miss, _) =>
        ExpressionFailures.Runtime($"Invalid path '{path.Text}' : {miss.Reason}"));

    /// <summary>A member of a template, whose name ends with <c>.$</c>.</summary>
    public static PathExpression OfTemplate(JsonPath path, string field) => new(path, (_, scope) =>
        ExpressionFailures.Runtime(
            $"The JSONPath '{path.Text}' specified for the field '{field}' could not be found in the input "
            + $"'{scope.Input}'"));

    /// <summary>An argument of an intrinsic function; the function adds its own name.</summary>
    public static PathExpression OfArgument(JsonPath path) => new(path, (_, scope) =>
        ExpressionFailures.Runtime(
            $"The JsonPath argument for the field '{path.Text}' could not be found in the input '{scope.Input}'"));

    /// <summary>A comparison of a Choice.</summary>
    public static PathExpression OfChoice(JsonPath path) => new(path, (_, _) =>
        ExpressionFailures.Runtime(
            $"Invalid path '{path.Text}': The choice state's condition path references an invalid value."));

    /// <summary>A field such as <c>SecondsPath</c>.</summary>
    public static PathExpression OfParameter(JsonPath path, string field) => new(path, (_, _) =>
        ExpressionFailures.Runtime($"The {field} parameter does not reference an input value: {path.Text}"));

    /// <summary><c>ItemsPath</c>.</summary>
    public static PathExpression OfItems(JsonPath path) => new(path, (miss, scope) =>
        ExpressionFailures.ReferencePath($"Unable to apply step \"{miss.Step}\" to input {miss.At ?? scope.Input}"));

    public Evaluation Evaluate(EvaluationScope scope)
    {
        var finding = path.Find(scope);
        if (finding.Value is { } value)
        {
            return value;
        }

        return finding.Miss is { } miss
            ? describe(miss, scope)
            : ExpressionFailures.Runtime($"The JSONPath '{path.Text}' could not be evaluated: {finding.Problem}");
    }
}

using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions.Paths;
using Lambent.Kernel.Workflows.Expressions.Templates;

namespace Lambent.Kernel.Workflows.Expressions;

/// <summary>
/// What a computed value must be for its field. JSONata's failures are <c>States.QueryEvaluationError</c> with their
/// place, JSONPath's are <c>States.Runtime</c>.
/// </summary>
internal static class ValueChecks
{
    /// <summary>The value is of a kind: "boolean", "string", "object", "array".</summary>
    public static IExpression Of(IExpression inner, string place, string kind) => inner is ConstantExpression
        ? inner
        : new CheckedExpression(inner, value => value.Kind == kind ? null : Unexpected(inner, place, kind, value));

    /// <summary>JSONata: a whole number.</summary>
    public static IExpression WholeNumber(JsonataFieldExpression inner, string field, int minimum, int maximum) =>
        new CheckedExpression(inner, value => value switch
        {
            not DataNumber => Unexpected(inner, inner.Place, "number", value),
            DataNumber { IsInteger: false } =>
                ExpressionFailures.Query($"The {field} field cannot be parsed as an integer: {value}", inner.Place),
            DataNumber number when number.Value < minimum || number.Value > maximum => ExpressionFailures.Query(
                $"{field} must be between {minimum} and {maximum} but was: {value}", inner.Place),
            _ => null,
        });

    /// <summary>JSONPath: a whole number.</summary>
    public static IExpression WholeNumber(PathExpression inner, string field, string path, int minimum, int maximum) =>
        new CheckedExpression(inner, value => value switch
        {
            not DataNumber { IsInteger: true } => ExpressionFailures.Runtime(
                $"The {field}Path parameter cannot be parsed as a long value: {path} == {value}"),
            DataNumber { Value: < 0 } => ExpressionFailures.Runtime(
                $"The {field}Path parameter references a negative value: {path} == {value}"),
            DataNumber number when number.Value < minimum || number.Value > maximum => ExpressionFailures.Runtime(
                $"The {field}Path parameter references a value that is not between {minimum} and {maximum}: "
                + $"{path} == {value}"),
            _ => null,
        });

    public static IExpression Percentage(JsonataFieldExpression inner, string field) =>
        new CheckedExpression(inner, value => value switch
        {
            not DataNumber => Unexpected(inner, inner.Place, "number", value),
            DataNumber { Value: >= 0 and <= 100 } => null,
            _ => ExpressionFailures.Query($"{field} must be between 0 and 100 but was: {value}", inner.Place),
        });

    public static IExpression Percentage(PathExpression inner, string field) =>
        new CheckedExpression(inner, value => value is DataNumber { Value: >= 0 and <= 100 }
            ? null
            : ExpressionFailures.Runtime($"The {field}Path parameter references a value that is not between 0 and 100: "
                + $"{value}"));

    public static IExpression Timestamp(JsonataFieldExpression inner, string field) =>
        new CheckedExpression(inner, value => value switch
        {
            DataText text when Rfc3339.Read(text.Value) is not null => null,
            DataText text => ExpressionFailures.Query(NoTimestamp(field, text.Value), inner.Place),
            _ => Unexpected(inner, inner.Place, "string", value),
        });

    public static IExpression Timestamp(PathExpression inner, string field, string path) =>
        new CheckedExpression(inner, value => value is DataText text && Rfc3339.Read(text.Value) is not null
            ? null
            : ExpressionFailures.Runtime(
                NoTimestamp(field, $"{path} == {(value is DataText written ? written.Value : value.ToString())}")));

    /// <summary>JSONPath: a text that a path or a function gives.</summary>
    public static IExpression PathText(IExpression inner, string field, string written) =>
        new CheckedExpression(inner, value => value is DataText
            ? null
            : ExpressionFailures.Runtime($"The {field} parameter does not reference a string: {written} == {value}"));

    /// <summary>JSONPath: what a Map goes over.</summary>
    public static IExpression PathItems(IExpression inner, string path, bool mayBeObject) =>
        new CheckedExpression(inner, value => value is DataArray || (mayBeObject && value is DataObject)
            ? null
            : ExpressionFailures.Runtime($"Reference path \"{path}\" must point to array."));

    /// <summary>JSONata: what a Map goes over.</summary>
    public static IExpression Items(IExpression inner, string place, bool mayBeObject) => mayBeObject
        ? new CheckedExpression(
            inner, value => value is DataArray or DataObject ? null : Unexpected(inner, place, "array", value))
        : Of(inner, place, "array");

    private static string NoTimestamp(string field, string value) =>
        $"The {field} parameter does not reference a valid ISO-8601 extended offset date-time format string: {value}";

    private static EvaluationFailure Unexpected(IExpression inner, string place, string kind, DataValue value) =>
        inner is JsonataFieldExpression { Text: var text }
            ? ExpressionFailures.Query(
                $"The JSONata expression '{text}' specified for the field '{place}' returned an unexpected result "
                + $"type. Expected '{kind}', but was '{value.Kind}' for value: {value}",
                place)
            : ExpressionFailures.Runtime(
                $"The value of the field '{place}' is not of the type '{kind}' but '{value.Kind}'");
}

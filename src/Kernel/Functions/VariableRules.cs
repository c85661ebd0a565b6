using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Lambent.Kernel.Functions;

/// <summary>Which environment variables a function may be given.</summary>
public static partial class VariableRules
{
    private const string Refused = "Lambda was unable to configure your environment variables because ";

    private const string NamePatternText = "[a-zA-Z]([a-zA-Z0-9_])*";

    /// <summary>How much of the variables an error repeats.</summary>
    private const int MeasuredLengthShownMax = 1_024;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What the platform sets itself.</summary>
    private static readonly ImmutableHashSet<string> Reserved = ImmutableHashSet.Create(
        StringComparer.Ordinal,
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT");

    /// <summary>Null when all variables may be set.</summary>
    public static Error? Check(ImmutableSortedDictionary<string, string> variables)
    {
        string[] reserved = [.. variables.Keys.Where(Reserved.Contains)];
        if (reserved.Length > 0)
        {
            return Invalid(
                Refused + "the environment variables you have provided contains reserved keys that are currently "
                + "not supported for modification. Reserved keys used in this request: " + string.Join(", ", reserved));
        }

        if (variables.Keys.FirstOrDefault(name => !NamePattern().IsMatch(name)) is { } misnamed)
        {
            var violations = new ConstraintViolations();
            violations.Add(
                $"{{{misnamed}={variables[misnamed]}}}",
                "environment.variables",
                "Map keys must satisfy constraint: "
                + $"[Member must satisfy regular expression pattern: {NamePatternText}]");
            return violations.ToError();
        }

        if (variables.FirstOrDefault(variable => variable.Value.Contains('\0')).Key is { } unusable)
        {
            return Invalid(Refused + $"the value of {unusable} contains a null character.");
        }

        var measured = Measure(variables);
        return Encoding.UTF8.GetByteCount(measured) <= Limits.EnvironmentVariablesBytesMax
            ? null
            : Invalid(
                Refused + "the environment variables you have provided exceeded the 4KB limit. "
                + $"String measured: {Shorten(measured)}");
    }

    /// <summary>The variables as AWS measures them: one JSON object without spaces.</summary>
    private static string Measure(ImmutableSortedDictionary<string, string> variables)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in variables)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static string Shorten(string text) =>
        text.Length <= MeasuredLengthShownMax ? text : string.Concat(text.AsSpan(0, MeasuredLengthShownMax), "…");

    private static Error Invalid(string message) => FunctionErrors.InvalidParameter(message, "Environment");

    /// <summary>AWS wants two characters at least; one is as good a name to every process.</summary>
    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_]*\z")]
    private static partial Regex NamePattern();
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>
/// Reads JSON that comes as text within a request: an input, an output. What is wrong with it is said as the reader
/// says it that AWS uses (Jackson), because people look for those words.
/// </summary>
internal static class PayloadText
{
    private const string TokenExpected =
        "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

    public const int LengthMax = Limits.WorkflowPayloadBytesMax;

    /// <summary>An execution's input; null is an empty object.</summary>
    public static Result<DataValue> Input(string? text)
    {
        if (text is null)
        {
            return DataObject.Empty;
        }

        const string Prefix = "Invalid State Machine Execution Input";
        return string.IsNullOrWhiteSpace(text)
            ? new Error(ErrorCode.ExecutionInputInvalid, $"{Prefix}: 'Invalid execution input.'", "input")
            : Read(text, ErrorCode.ExecutionInputInvalid, Prefix, "input");
    }

    /// <summary>A task's output.</summary>
    public static Result<DataValue> Output(string text) =>
        Read(text, ErrorCode.WorkflowOutputInvalid, "Invalid Output", "output");

    private static Result<DataValue> Read(string text, ErrorCode code, string prefix, string field)
    {
        var reading = DataReader.Read(text);
        if (reading.Value is not { } value)
        {
            return new Error(code, $"{prefix}: '{Describe(text) ?? reading.Problem}'", field);
        }

        return PayloadSize.Exceeds(value, Limits.WorkflowPayloadBytesMax)
            ? new Error(code, $"{prefix}: 'It has more than {Limits.WorkflowPayloadBytesMax} bytes.'", field)
            : value;
    }

    /// <summary>What Jackson says of the first mistake, or null where that is not known.</summary>
    internal static string? Describe(string text)
    {
        var (position, expectsName) = FirstMistake(Encoding.UTF8.GetBytes(text));
        if (position is not { } at)
        {
            return null;
        }

        var character = text[at];
        if (expectsName)
        {
            return Unexpected(character, "was expecting double-quote to start field name");
        }

        if (char.IsLetter(character) || character is '_' or '$')
        {
            var end = at;
            while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '$'))
            {
                end++;
            }

            return $"Unrecognized token '{text[at..end]}': {TokenExpected}";
        }

        return character is '\'' or '+' or '.' or '<' or '#' or '*' or '@' or '%' or '/' or '`' or '('
            ? Unexpected(character, "expected a valid value (JSON String, Number, Array, Object or token 'null', "
                + "'true' or 'false')")
            : null;
    }

    private static string Unexpected(char character, string expected) => string.Create(
        CultureInfo.InvariantCulture, $"Unexpected character ('{character}' (code {(int)character})): {expected}");

    /// <summary>Where the text stops being JSON, and whether a member's name should be there.</summary>
    private static (int? Position, bool ExpectsName) FirstMistake(byte[] utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DataReader.MaximumDepth });
        var isObject = new Stack<bool>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    isObject.Push(reader.TokenType == JsonTokenType.StartObject);
                }
                else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    isObject.Pop();
                }
            }

            return (null, false);
        }
        catch (JsonException)
        {
            var at = (int)reader.BytesConsumed;
            while (at < utf8.Length && (IsSpace(utf8[at]) || utf8[at] is (byte)',' or (byte)':'))
            {
                at++;
            }

            if (at >= utf8.Length || utf8[at] >= 0x80)
            {
                return (null, false);
            }

            var before = at - 1;
            while (before >= 0 && IsSpace(utf8[before]))
            {
                before--;
            }

            var expectsName = before >= 0 && isObject.TryPeek(out var within) && within
                && (utf8[before] is (byte)'{' or (byte)',');
            return (Encoding.UTF8.GetCharCount(utf8, 0, at), expectsName);
        }
    }

    private static bool IsSpace(byte character) => character is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}

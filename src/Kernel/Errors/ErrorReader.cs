using System.Text;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Errors;

/// <summary>Reads what a failed call answered, and what is logged of an error, whatever language wrote it.</summary>
public static class ErrorReader
{
    /// <summary>Bytes of an error object that are read; a longer one is known by its kind alone.</summary>
    public const int PayloadBytesMax = 512 * Limits.KiB;

    private const int DepthMax = 3;

    private static readonly string[] TypeNames = ["errorType", "type", "name", "exceptionType", "class"];
    private static readonly string[] MessageNames = ["errorMessage", "message", "msg"];
    private static readonly string[] StackNames =
        ["stackTrace", "trace", "stack", "stacktrace", "exc_info", "exception", "stack_trace"];

    private static readonly string[] ErrorNames = ["err", "error", "exception", "message", "errorInfo"];

    /// <summary>The error of a call that failed; always one, however little its answer says.</summary>
    public static ErrorReport ReadAnswer(ReadOnlySpan<byte> payload, OutcomeKind outcome)
    {
        var kind = ErrorReport.KindOf(outcome);
        if (payload.Length <= PayloadBytesMax && DataReader.Read(payload).Value is { } value)
        {
            if (value is DataObject && FromObject(value, kind, "") is { } report)
            {
                return report;
            }

            if (value is DataText text)
            {
                return ErrorReport.Create(kind, TypeOf(kind), text.Value, []);
            }
        }

        var shown = payload[..Math.Min(payload.Length, ErrorReport.MessageLengthMax)];
        return ErrorReport.Create(kind, TypeOf(kind), Encoding.UTF8.GetString(shown), []);
    }

    /// <summary>
    /// The error in a logged entry: a JSON line with an error or a stack in it, or text with a stack.
    /// </summary>
    /// <param name="level">Of the entry. Below error only Python's Traceback and uncaught exceptions count.</param>
    /// <returns>Null when it tells of none.</returns>
    public static ErrorReport? ReadLog(string text, LineLevel level)
    {
        if (level < LineLevel.Error && !IsUncaught(text))
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        return LineJson.Read(LineJson.Find(utf8)) is DataObject json
            ? FromObject(json, ErrorKind.Logged, null)
            : StackTextReader.Read(text);
    }

    /// <summary>Cheap, because it is asked for every line that is written.</summary>
    public static bool IsUncaught(string text) =>
        text.Contains(StackTextReader.PythonMark, StringComparison.Ordinal)
        || text.StartsWith("Unhandled exception. ", StringComparison.Ordinal);

    /// <param name="emptyType">The type when there is a message alone; null: then it is no error.</param>
    private static ErrorReport? FromObject(DataValue json, ErrorKind kind, string? emptyType, int depth = 0)
    {
        // The error of a logger's line is a member of it; the line's own message only says what was being done.
        if (kind == ErrorKind.Logged && depth < DepthMax)
        {
            foreach (var name in ErrorNames)
            {
                if (json[name] is DataObject inner && FromObject(inner, kind, null, depth + 1) is { } found)
                {
                    return found;
                }
            }
        }

        var stack = Stack(json);
        var type = depth == 0 && kind == ErrorKind.Logged ? Text(json, ["errorType"]) : Text(json, TypeNames);
        var message = Text(json, MessageNames);
        if (stack.Count > 0 && type is null && StackTextReader.Read(string.Join('\n', stack)) is { } parsed)
        {
            return parsed with { Kind = kind };
        }

        if (type is null && (stack.Count == 0 || message is null) && (emptyType is null || message is null))
        {
            return null;
        }

        return kind == ErrorKind.Logged && stack.Count == 0 && Text(json, ["errorType"]) is null && message is null
            ? null
            : ErrorReport.Create(kind, type ?? TypeOf(kind), message ?? "", stack);
    }

    private static List<string> Stack(DataValue json)
    {
        foreach (var name in StackNames)
        {
            switch (json[name])
            {
                case DataArray array when array.Items.Count > 0:
                    return
                    [
                        .. array.Items.Take(StackReader.FramesMax * 2).OfType<DataText>().Select(line => line.Value),
                    ];
                case DataText { Value.Length: > 0 } text when text.Value.Contains('\n'):
                    return [.. text.Value.Split('\n').Take(StackReader.FramesMax * 2)];
                default:
                    continue;
            }
        }

        return [];
    }

    private static string? Text(DataValue json, string[] names)
    {
        foreach (var name in names)
        {
            if (json[name] is DataText { Value.Length: > 0 } text)
            {
                return text.Value;
            }
        }

        return null;
    }

    private static string TypeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Initialization => "Runtime.InitError",
        ErrorKind.Timeout => "Sandbox.Timedout",
        ErrorKind.OutOfMemory => "Runtime.OutOfMemory",
        ErrorKind.Exit => "Runtime.ExitError",
        ErrorKind.Response => "Function.InvalidResponse",
        _ => "Error",
    };
}

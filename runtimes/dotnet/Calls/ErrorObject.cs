using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Lambent.Runtime.Dotnet.Calls;

/// <summary>The error object as AWS Lambda's .NET runtime shapes it.</summary>
internal static class ErrorObject
{
    private const int DepthMax = 16;
    private const int CharactersMax = 32 * 1024;
    private const int StackLinesMax = 100;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Takes off what only says that the exception came through reflection or a task.</summary>
    public static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner)
        {
            exception = inner;
        }
        return exception;
    }

    public static byte[] Write(Exception exception)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            Write(writer, Unwrap(exception), depth: 0);
        }
        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Exception exception, int depth)
    {
        writer.WriteStartObject();
        writer.WriteString("errorType", exception is RuntimeError error ? error.ErrorType : exception.GetType().Name);
        writer.WriteString("errorMessage", Cut(exception.Message));
        string[] lines = StackLines(exception);
        if (lines.Length > 0)
        {
            writer.WriteStartArray("stackTrace");
            foreach (string line in lines)
            {
                writer.WriteStringValue(Cut(line));
            }
            writer.WriteEndArray();
        }
        if (exception.InnerException is { } inner && depth < DepthMax)
        {
            writer.WritePropertyName("cause");
            Write(writer, Unwrap(inner), depth + 1);
        }
        writer.WriteEndObject();
    }

    /// <summary>The stack without the shim's own frames at its foot.</summary>
    private static string[] StackLines(Exception exception) =>
        (exception.StackTrace ?? "")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("at Lambent.Runtime.Dotnet.", StringComparison.Ordinal))
            .Take(StackLinesMax)
            .ToArray();

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Cut(string? text) =>
        text is { Length: > CharactersMax } ? $"{text[..CharactersMax]}… (cut, {text.Length} characters)" : text;
}

/// <summary>An error of the runtime itself rather than of user code.</summary>
internal sealed class RuntimeError(string errorType, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>What AWS names a handler or package that it cannot use.</summary>
    public const string Validation = "LambdaValidationException";

    public string ErrorType { get; } = errorType;
}

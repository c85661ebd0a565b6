using System.Text.Json;

namespace Lambent.Runtime.Dotnet;

/// <summary>How much log an environment may write.</summary>
internal sealed record LogLimits(int LinesPerSecond, int BytesPerSecond, int BytesBurst);

/// <summary>What turns a generic environment into one of a function.</summary>
internal sealed record Specialization
{
    public required string Handler { get; init; }

    public required string TaskRoot { get; init; }

    public required string FunctionName { get; init; }

    public required string FunctionVersion { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required string LogGroup { get; init; }

    public required string LogStream { get; init; }

    public required bool LogsJson { get; init; }

    /// <summary>Calls at a time.</summary>
    public required int Concurrency { get; init; }

    public required int ResponseBytesMax { get; init; }

    /// <summary>Bytes of a streamed body, in either direction, that may be on their way unconsumed.</summary>
    public required int StreamWindowBytes { get; init; }

    /// <summary>What may be written to the log; without these members as much as the host reads.</summary>
    public LogLimits? LogLimits { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>Null when the payload is not what the protocol says.</summary>
    public static Specialization? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            return new Specialization
            {
                Handler = Text(root, "handler"),
                TaskRoot = Text(root, "taskRoot"),
                FunctionName = Text(root, "functionName"),
                FunctionVersion = Text(root, "functionVersion"),
                MemoryMegabytes = root.GetProperty("memoryMegabytes").GetInt32(),
                LogGroup = Text(root, "logGroup"),
                LogStream = Text(root, "logStream"),
                LogsJson = string.Equals(Text(root, "logFormat"), "JSON", StringComparison.OrdinalIgnoreCase),
                Concurrency = Math.Max(1, root.GetProperty("concurrency").GetInt32()),
                ResponseBytesMax = root.GetProperty("responseBytesMax").GetInt32(),
                StreamWindowBytes = Positive(root, "streamWindowBytes"),
                LogLimits = root.TryGetProperty("logBytesBurst", out JsonElement burst)
                    ? new LogLimits(
                        Positive(root, "logLinesPerSecond"), Positive(root, "logBytesPerSecond"), burst.GetInt32())
                    : null,
                Variables = root.GetProperty("variables").EnumerateObject()
                    .ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? ""),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException
            or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static int Positive(JsonElement root, string name) =>
        root.GetProperty(name).GetInt32() is var number and > 0 ? number : throw new FormatException(name);

    private static string Text(JsonElement root, string name) =>
        root.GetProperty(name).GetString() ?? throw new FormatException(name);
}

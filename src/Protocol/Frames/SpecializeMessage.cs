using System.Text.Json.Serialization;

namespace Lambent.Protocol.Frames;

/// <summary>The payload of a Specialize frame: what turns a generic environment into one of a function.</summary>
public sealed record SpecializeMessage
{
    public required string Handler { get; init; }

    public required string TaskRoot { get; init; }

    public required string FunctionName { get; init; }

    public required string FunctionVersion { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required string LogGroup { get; init; }

    public required string LogStream { get; init; }

    /// <summary>Text or JSON.</summary>
    public required string LogFormat { get; init; }

    public required int Concurrency { get; init; }

    public required int ResponseBytesMax { get; init; }

    /// <summary>Bytes of a streamed body, in either direction, that may be on their way unconsumed.</summary>
    public required int StreamWindowBytes { get; init; }

    /// <summary>Pieces of log that the environment may send in a second; it drops and counts what is beyond.</summary>
    public required int LogLinesPerSecond { get; init; }

    /// <summary>Bytes of log that it may send in a second in the long run.</summary>
    public required int LogBytesPerSecond { get; init; }

    /// <summary>Bytes of log that it may send at once after it was silent.</summary>
    public required int LogBytesBurst { get; init; }

    public required IReadOnlyDictionary<string, string> Variables { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SpecializeMessage))]
public sealed partial class FrameJson : JsonSerializerContext;

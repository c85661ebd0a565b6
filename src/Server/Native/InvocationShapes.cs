using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Telemetry.Calls;

namespace Lambent.Server.Native;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InvocationsAnswer))]
[JsonSerializable(typeof(InvocationDetailAnswer))]
[JsonSerializable(typeof(ReplayCallRequest))]
[JsonSerializable(typeof(ReplayedAnswer))]
[JsonSerializable(typeof(ReplayBatchRequest))]
[JsonSerializable(typeof(ReplayPlanAnswer))]
[JsonSerializable(typeof(ReplayProgressAnswer))]
internal sealed partial class InvocationJson : JsonSerializerContext;

internal sealed record InvocationsAnswer(IReadOnlyList<InvocationAnswer> Invocations, string? Next);

/// <summary>A call in a list.</summary>
internal sealed record InvocationAnswer
{
    public required string Id { get; init; }

    public required string Function { get; init; }

    public required string Version { get; init; }

    /// <summary>
    /// success, error, init-error, timeout, exit, out-of-memory, response-too-large, invalid-response.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>invoke, url, event, queue, workflow, replay.</summary>
    public required string Origin { get; init; }

    /// <summary>The queue, the schedule or the execution.</summary>
    public string? CameFrom { get; init; }

    public string? ReplayOf { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double DurationMilliseconds { get; init; }

    /// <summary>Of a cold start.</summary>
    public double? StartMilliseconds { get; init; }

    public required PhasesAnswer Phases { get; init; }

    public required long BilledMilliseconds { get; init; }

    public required int MemoryMegabytes { get; init; }

    public required int MaxMemoryUsedMegabytes { get; init; }

    /// <summary>Whether its event is there to look at and to repeat.</summary>
    public bool IsStored { get; init; }

    public string? ErrorGroup { get; init; }

    public static InvocationAnswer From(CallEntry entry) => new()
    {
        Id = entry.Record.RequestId,
        Function = entry.Record.Function.Name,
        Version = entry.Record.Version,
        Outcome = OutcomeNames.Of(entry.Record.Outcome),
        Origin = entry.Record.Source,
        CameFrom = entry.Record.CameFrom,
        ReplayOf = entry.Record.ReplayOf,
        StartedAt = entry.Record.StartedAt,
        DurationMilliseconds = Milliseconds(entry.Record.Duration),
        StartMilliseconds = entry.Record.InitDuration is { } init ? Milliseconds(init) : null,
        Phases = PhasesAnswer.From(entry.Record.Phases),
        BilledMilliseconds = ReportLines.BilledMilliseconds(entry.Record),
        MemoryMegabytes = entry.Record.MemoryMegabytes,
        MaxMemoryUsedMegabytes = entry.Record.MaxMemoryUsedMegabytes,
        IsStored = entry.IsStored,
        ErrorGroup = entry.ErrorGroup,
    };

    public static double Milliseconds(TimeSpan duration) => Math.Round(duration.TotalMilliseconds, 3);
}

/// <summary>What the kinds of outcomes are called outside.</summary>
internal static class OutcomeNames
{
    private static readonly Dictionary<string, OutcomeKind> Kinds = new(StringComparer.Ordinal)
    {
        ["success"] = OutcomeKind.Success,
        ["error"] = OutcomeKind.HandlerError,
        ["init-error"] = OutcomeKind.InitializationError,
        ["timeout"] = OutcomeKind.TimedOut,
        ["exit"] = OutcomeKind.Exited,
        ["out-of-memory"] = OutcomeKind.OutOfMemory,
        ["response-too-large"] = OutcomeKind.ResponseTooLarge,
        ["invalid-response"] = OutcomeKind.InvalidResponse,
    };

    public static IEnumerable<string> All => Kinds.Keys;

    public static string Of(OutcomeKind kind) => Kinds.First(entry => entry.Value == kind).Key;

    public static OutcomeKind? Parse(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;
}

/// <summary>All that is known of a call.</summary>
internal sealed record InvocationDetailAnswer
{
    public required string Id { get; init; }

    public required string Function { get; init; }

    public string? InvokedArn { get; init; }

    public string? ClientContext { get; init; }

    /// <summary>An asynchronous call has one for each attempt; the newest first.</summary>
    public required IReadOnlyList<AttemptAnswer> Attempts { get; init; }

    public string? CameFrom { get; init; }

    public string? ReplayOf { get; init; }

    public required IReadOnlyList<InvocationAnswer> Replays { get; init; }

    /// <summary>Absent when the call was not kept.</summary>
    public PayloadAnswer? Input { get; init; }

    public PayloadAnswer? Output { get; init; }

    public string? ErrorGroup { get; init; }

    /// <summary>Where its lines are.</summary>
    public required string Logs { get; init; }

    /// <summary>Why it cannot be repeated with its own event; absent when it can.</summary>
    public string? WhyNotReplayable { get; init; }
}

internal sealed record AttemptAnswer(
    string Version,
    string Environment,
    string Outcome,
    string Origin,
    DateTimeOffset StartedAt,
    double DurationMilliseconds,
    PhasesAnswer Phases,
    long BilledMilliseconds,
    int MemoryMegabytes,
    int MaxMemoryUsedMegabytes)
{
    public static AttemptAnswer From(InvocationRecord record) => new(
        record.Version,
        record.EnvironmentId,
        OutcomeNames.Of(record.Outcome),
        record.Source,
        record.StartedAt,
        InvocationAnswer.Milliseconds(record.Duration),
        PhasesAnswer.From(record.Phases),
        ReportLines.BilledMilliseconds(record),
        record.MemoryMegabytes,
        record.MaxMemoryUsedMegabytes);
}

/// <summary>What the time before the handler went into, in milliseconds.</summary>
internal sealed record PhasesAnswer(double Queue, double Place, double Fetch, double Start, double Init)
{
    public static PhasesAnswer From(CallPhases phases) => new(
        InvocationAnswer.Milliseconds(phases.Queue),
        InvocationAnswer.Milliseconds(phases.Place),
        InvocationAnswer.Milliseconds(phases.Fetch),
        InvocationAnswer.Milliseconds(phases.Start),
        InvocationAnswer.Milliseconds(phases.Init));
}

/// <summary>An event or an answer.</summary>
/// <param name="Json">Its value when it is JSON.</param>
/// <param name="Text">Its text when it is text.</param>
/// <param name="Base64">Its bytes when it is neither.</param>
/// <param name="Bytes">Its own size.</param>
/// <param name="IsMasked">Values of secret variables were taken out of it.</param>
/// <param name="Missing">Why it is not here.</param>
internal sealed record PayloadAnswer(
    JsonElement? Json, string? Text, string? Base64, int Bytes, bool IsMasked, string? Missing)
{
    public static PayloadAnswer From(ReadOnlyMemory<byte>? kept, int bytes, bool isMasked, string missing)
    {
        if (kept is not { } payload)
        {
            return new PayloadAnswer(null, null, null, bytes, isMasked, missing);
        }

        try
        {
            var reader = new Utf8JsonReader(payload.Span, new JsonReaderOptions { MaxDepth = 256 });
            if (JsonDocument.TryParseValue(ref reader, out var document))
            {
                using (document)
                {
                    return new PayloadAnswer(document.RootElement.Clone(), null, null, bytes, isMasked, null);
                }
            }
        }
        catch (JsonException)
        {
            // Text, or bytes.
        }

        try
        {
            return new PayloadAnswer(
                null, new UTF8Encoding(false, true).GetString(payload.Span), null, bytes, isMasked, null);
        }
        catch (DecoderFallbackException)
        {
            return new PayloadAnswer(null, null, Convert.ToBase64String(payload.Span), bytes, isMasked, null);
        }
    }
}

/// <param name="Version">A version or an alias; absent: as the call was qualified.</param>
/// <param name="Event">Another event; absent: the same.</param>
/// <param name="IsAsync">Accept it and do not wait.</param>
internal sealed record ReplayCallRequest(string? Version, JsonElement? Event, bool? IsAsync);

internal sealed record ReplayedAnswer
{
    public required string Id { get; init; }

    public required string ReplayOf { get; init; }

    public required bool IsAsync { get; init; }

    public string? Function { get; init; }

    public string? Version { get; init; }

    public string? Outcome { get; init; }

    public double? DurationMilliseconds { get; init; }

    public PayloadAnswer? Output { get; init; }
}

internal sealed record ReplayBatchRequest(
    string? Function,
    string? ErrorGroup,
    string? Since,
    string? Until,
    string? Version,
    double? PerSecond,
    int? Count,
    bool? IsDryRun);

internal sealed record ReplayPlanAnswer(
    string? Job, int Matched, int Accepted, IReadOnlyDictionary<string, int> Skipped);

internal sealed record ReplayProgressAnswer(string Job, int Waiting, long Succeeded, long Failed, int? Cancelled);

using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Kernel.Traces;
using Lambent.Server.Telemetry;

namespace Lambent.Server.Native;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TracesAnswer))]
[JsonSerializable(typeof(TraceAnswer))]
[JsonSerializable(typeof(RegressionsAnswer))]
internal sealed partial class TraceJson : JsonSerializerContext;

/// <param name="Traces">The latest first.</param>
/// <param name="Next">The value of <c>cursor</c> for the next page; absent on the last one.</param>
/// <param name="LookedBackTo">When the last call began that was looked at for this page.</param>
internal sealed record TracesAnswer(
    IReadOnlyList<TraceSummaryAnswer> Traces, string? Next, DateTimeOffset? LookedBackTo);

internal sealed record TraceSummaryAnswer(
    string TraceId,
    string Name,
    string RequestId,
    DateTimeOffset StartedAt,
    double DurationMilliseconds,
    int Calls,
    string Status,
    IReadOnlyList<string> Functions);

/// <summary>A trace; offsets are from its start, so that it can be drawn as it is.</summary>
internal sealed record TraceAnswer(
    string TraceId,
    string XrayTraceId,
    DateTimeOffset StartedAt,
    double DurationMilliseconds,
    string Status,
    bool IsCut,
    IReadOnlyList<SpanAnswer> Spans,
    IReadOnlyList<LinkAnswer> LinkedFrom);

/// <param name="TraceId">The other trace.</param>
/// <param name="SpanId">The span of the other trace.</param>
/// <param name="Name">What it is; absent where only its ids are known.</param>
internal sealed record LinkAnswer(string TraceId, string SpanId, string? Name);

internal sealed record SpanAnswer
{
    public required string SpanId { get; init; }

    public string? ParentSpanId { get; init; }

    public required string Name { get; init; }

    /// <summary>call, phase, custom, message, request, execution, state, attempt.</summary>
    public required string Origin { get; init; }

    /// <summary>internal, server, client, producer, consumer.</summary>
    public required string Kind { get; init; }

    public string? Function { get; init; }

    public string? Version { get; init; }

    public string? RequestId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double OffsetMilliseconds { get; init; }

    public required double DurationMilliseconds { get; init; }

    /// <summary>unset, ok, error.</summary>
    public required string Status { get; init; }

    public string? Message { get; init; }

    public required int Depth { get; init; }

    public bool IsOpen { get; init; }

    /// <summary>Its clock was behind its parent's; its start was moved.</summary>
    public bool IsClamped { get; init; }

    /// <summary>Its parent is not here.</summary>
    public bool IsOrphan { get; init; }

    public LinkAnswer? Link { get; init; }

    public JsonElement? Attributes { get; init; }

    public JsonElement? Events { get; init; }
}

/// <summary>Traces as answers.</summary>
internal static class TraceShapes
{
    public static TraceSummaryAnswer Of(TraceSummary summary) => new(
        summary.Id.ToString(),
        summary.Name,
        summary.RequestId,
        summary.StartedAt,
        Milliseconds(summary.Duration),
        summary.CallCount,
        summary.HasFailed ? "error" : "ok",
        summary.Functions);

    public static TraceAnswer Of(WholeTrace trace)
    {
        var from = trace.Tree.StartedAt;
        var hasFailed = trace.Tree.Spans.Any(placed => placed.Span.Status == SpanStatus.Error);
        return new TraceAnswer(
            trace.Id.ToString(),
            XRayHeader.FormatRoot(trace.Id),
            from,
            Milliseconds(trace.Tree.EndedAt - from),
            hasFailed ? "error" : "ok",
            trace.IsCut,
            [.. trace.Tree.Spans.Select(placed => Of(trace, placed, from))],
            [.. trace.Linked.Select(span => new LinkAnswer(
                span.Parent.Trace.ToString(), CallSpans.Hex(span.Span), span.Name))]);
    }

    private static SpanAnswer Of(WholeTrace trace, PlacedSpan placed, DateTimeOffset from)
    {
        var span = placed.Span;
        var isFunction = !span.Owner.Name.StartsWith(TraceSpan.OtherOwner, StringComparison.Ordinal);
        var call = span.Origin == SpanOrigin.Call ? trace.Calls.GetValueOrDefault(span.Span) : null;
        var detail = span.Detail.Length > 0 ? JsonDocument.Parse(span.Detail).RootElement : default;
        return new SpanAnswer
        {
            SpanId = CallSpans.Hex(span.Span),
            ParentSpanId = span.Parent.Span == 0 ? null : CallSpans.Hex(span.Parent.Span),
            Name = span.Name,
            Origin = span.Origin.ToString().ToLowerInvariant(),
            Kind = span.Kind.ToString().ToLowerInvariant(),
            Function = isFunction ? span.Owner.Name : null,
            Version = span.Version.Length > 0 ? span.Version : null,
            RequestId = call?.RequestId,
            StartedAt = span.StartedAt,
            OffsetMilliseconds = Milliseconds(span.StartedAt - from),
            DurationMilliseconds = Milliseconds(span.Duration),
            Status = span.Status.ToString().ToLowerInvariant(),
            Message = Text(detail, "message") ?? (span.Status == SpanStatus.Error ? call?.Outcome.ToString() : null),
            Depth = placed.Depth,
            IsOpen = span.IsOpen,
            IsClamped = placed.IsClamped,
            IsOrphan = placed.IsOrphan,
            Link = span.Link.IsNone
                ? null
                : new LinkAnswer(span.Link.Trace.ToString(), CallSpans.Hex(span.Link.Span), null),
            Attributes = call is not null ? Attributes(call) : Member(detail, "attributes"),
            Events = Member(detail, "events"),
        };
    }

    private static JsonElement Attributes(Kernel.Invocations.InvocationRecord call)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in CallSpans.AttributesOf(call))
            {
                switch (value)
                {
                    case string text:
                        json.WriteString(name, text);
                        break;
                    case long number:
                        json.WriteNumber(name, number);
                        break;
                    case bool flag:
                        json.WriteBoolean(name, flag);
                        break;
                }
            }

            json.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }

    private static string? Text(JsonElement detail, string name) =>
        Member(detail, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement detail, string name) =>
        detail.ValueKind == JsonValueKind.Object && detail.TryGetProperty(name, out var member) ? member : null;

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}

using System.Buffers.Binary;
using System.Text.Json;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>Spans as OpenTelemetry's protocol has them: a resource for each owner and version.</summary>
internal static class OtlpSpans
{
    /// <param name="spans">With the record of those that are calls.</param>
    /// <param name="region">Of this server.</param>
    public static IReadOnlyList<OtlpResource> Of(
        IEnumerable<(TraceSpan Span, InvocationRecord? Call)> spans, string region) =>
    [
        .. spans.GroupBy(one => (one.Span.Owner, one.Span.Version)).Select(group => new OtlpResource(
            Resource(group.Key.Owner, group.Key.Version, region),
            [new OtlpScope(
                OtlpResources.Scope, ProgramVersion.Text, [.. group.Select(one => Of(one.Span, one.Call))])])),
    ];

    private static List<OtlpAttribute> Resource(FunctionId owner, string version, string region)
    {
        var isOther = owner.Name.StartsWith(TraceSpan.OtherOwner, StringComparison.Ordinal);
        return isOther
            ? OtlpResources.Of(owner.Name[TraceSpan.OtherOwner.Length..], owner.Account.Value, region)
            : OtlpResources.OfFunction(owner, version, region);
    }

    private static OtlpSpan Of(TraceSpan span, InvocationRecord? call)
    {
        var trace = new byte[TraceId.Bytes];
        span.Parent.Trace.Write(trace);
        var sent = new OtlpSpan
        {
            TraceId = trace,
            SpanId = Id(span.Span),
            ParentSpanId = span.Parent.Span == 0 ? [] : Id(span.Parent.Span),
            Name = span.Name,
            Kind = (int)span.Kind,
            StartUnixNanoseconds = OtlpResources.Nanoseconds(span.StartedAt),
            EndUnixNanoseconds = OtlpResources.Nanoseconds(span.EndedAt),
            StatusCode = (int)span.Status,
        };
        if (call is not null)
        {
            sent.Attributes.AddRange(
                CallSpans.AttributesOf(call).Select(one => new OtlpAttribute(one.Name, one.Value)));
            sent.StatusMessage = span.Status == SpanStatus.Error ? call.Outcome.ToString() : "";
        }

        sent.Attributes.Add(new OtlpAttribute("lambent.origin", span.Origin.ToString().ToLowerInvariant()));
        if (span.Detail.Length > 0)
        {
            AddDetail(sent, span.Detail);
        }

        if (!span.Link.IsNone)
        {
            var linked = new byte[TraceId.Bytes];
            span.Link.Trace.Write(linked);
            sent.Links.Add(new OtlpLink { TraceId = linked, SpanId = Id(span.Link.Span) });
        }

        return sent;
    }

    private static void AddDetail(OtlpSpan sent, string detail)
    {
        using var document = JsonDocument.Parse(detail);
        var root = document.RootElement;
        if (root.TryGetProperty("attributes", out var attributes))
        {
            sent.Attributes.AddRange(Attributes(attributes));
        }

        if (root.TryGetProperty("message", out var message))
        {
            sent.StatusMessage = message.GetString() ?? "";
        }

        if (root.TryGetProperty("events", out var events))
        {
            foreach (var item in events.EnumerateArray())
            {
                var happened = new OtlpEvent
                {
                    Name = item.GetProperty("name").GetString() ?? "",
                    UnixNanoseconds = item.GetProperty("unixNanoseconds").GetUInt64(),
                };
                happened.Attributes.AddRange(Attributes(item.GetProperty("attributes")));
                sent.Events.Add(happened);
            }
        }
    }

    private static IEnumerable<OtlpAttribute> Attributes(JsonElement members) =>
        members.EnumerateObject().Select(member => new OtlpAttribute(member.Name, Value(member.Value)));

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.TryGetInt64(out var number) => number,
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Array => (List<object?>)[.. value.EnumerateArray().Select(Value)],
        JsonValueKind.Object => (List<OtlpAttribute>)[.. Attributes(value)],
        _ => null,
    };

    private static byte[] Id(ulong span)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, span);
        return bytes;
    }
}

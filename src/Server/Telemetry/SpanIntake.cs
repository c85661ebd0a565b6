using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;

namespace Lambent.Server.Telemetry;

/// <summary>Whose spans come.</summary>
/// <param name="Owner">The function, or what stands for the account; not from the body.</param>
/// <param name="Version">Of the function; empty for none.</param>
/// <param name="Mask">Takes the function's secrets out, or null.</param>
internal sealed record SpanOwner(FunctionId Owner, string Version, SecretMask? Mask);

/// <summary>What became of a request's spans.</summary>
/// <param name="Rejected">How many were not kept.</param>
/// <param name="Problem">Why, of the first of them; empty when all were.</param>
internal readonly record struct IntakeResult(long Rejected, string Problem);

/// <summary>
/// Takes in spans that others sent. Their number, texts, attributes and age are bounded, of a trace as of a request;
/// what is beyond is rejected and counted. Secrets are taken out before anything is stored.
/// </summary>
internal sealed class SpanIntake(ISpanSink sink, TimeProvider time)
{
    /// <summary>Traces whose spans are counted; the count of one that was quiet for long begins anew.</summary>
    private const int TracesCounted = 16_384;

    private readonly Lock gate = new();
    private readonly Dictionary<(FunctionId Owner, TraceId Trace), int> counts = [];
    private long acceptedCount;
    private long rejectedCount;

    public long AcceptedCount => Interlocked.Read(ref acceptedCount);

    public long RejectedCount => Interlocked.Read(ref rejectedCount);

    public IntakeResult Take(SpanOwner owner, IEnumerable<OtlpResource> resources)
    {
        var (taken, rejected, problem) = (0, 0L, "");
        foreach (var resource in resources)
        {
            foreach (var scope in resource.Scopes)
            {
                foreach (var span in scope.Spans)
                {
                    var refusal = taken >= Limits.SpansPerRequestMax
                        ? $"A request may have {Limits.SpansPerRequestMax} spans."
                        : TakeOne(owner, resource, scope, span);
                    taken += refusal is null ? 1 : 0;
                    rejected += refusal is null ? 0 : 1;
                    problem = problem.Length == 0 ? refusal ?? "" : problem;
                }
            }
        }

        Interlocked.Add(ref acceptedCount, taken);
        Interlocked.Add(ref rejectedCount, rejected);
        return new IntakeResult(rejected, problem);
    }

    /// <returns>Why it was rejected, or null.</returns>
    private string? TakeOne(SpanOwner owner, OtlpResource resource, OtlpScope scope, OtlpSpan span)
    {
        var trace = TraceId.Read(span.TraceId);
        if (trace.IsNone || span.SpanId.Length != sizeof(ulong)
            || span.ParentSpanId.Length is not (0 or sizeof(ulong)))
        {
            return "A trace id has 16 bytes, a span id 8, and neither is zero.";
        }

        var id = BinaryPrimitives.ReadUInt64BigEndian(span.SpanId);
        if (id == 0)
        {
            return "A span id is not zero.";
        }

        if (TimeOf(span.StartUnixNanoseconds) is not { } startedAt
            || TimeOf(span.EndUnixNanoseconds) is not { } endedAt)
        {
            return $"A span's times are at most {Limits.SpanAgeMax.TotalHours:0} h old and "
                + $"{Limits.SpanAheadMax.TotalMinutes:0} min ahead.";
        }

        if (!Count(owner.Owner, trace))
        {
            return $"A trace may have {Limits.TraceSpansMax} spans of one function.";
        }

        var parent = span.ParentSpanId.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64BigEndian(span.ParentSpanId);
        var detail = Detail(resource, scope, span, owner.Owner);
        var accepted = sink.Add(new TraceSpan
        {
            Owner = owner.Owner,
            Version = owner.Version,
            Parent = new TraceContext(trace, parent, IsSampled: true),
            Span = id,
            Name = Masked(owner, Cut(span.Name.Length == 0 ? "(no name)" : span.Name)),
            StartedAt = startedAt,
            Duration = endedAt > startedAt ? endedAt - startedAt : TimeSpan.Zero,
            Origin = SpanOrigin.Custom,
            Kind = span.Kind is >= 1 and <= 5 ? (SpanKind)span.Kind : SpanKind.Internal,
            Status = span.StatusCode is 1 or 2 ? (SpanStatus)span.StatusCode : SpanStatus.Unset,
            Detail = Masked(owner, detail),
            Link = LinkOf(span),
        });
        return accepted ? null : "There are more spans than are kept of an account in a second.";
    }

    private static string Masked(SpanOwner owner, string text) => owner.Mask?.Apply(text) ?? text;

    private bool Count(FunctionId owner, TraceId trace)
    {
        lock (gate)
        {
            if (counts.Count >= TracesCounted)
            {
                counts.Clear();
            }

            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                counts, (owner, trace), out _);
            return count++ < Limits.TraceSpansMax;
        }
    }

    private DateTimeOffset? TimeOf(ulong unixNanoseconds)
    {
        if (unixNanoseconds > long.MaxValue)
        {
            return null;
        }

        var at = DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
        var now = time.GetUtcNow();
        return at >= now - Limits.SpanAgeMax && at <= now + Limits.SpanAheadMax ? at : null;
    }

    private static TraceContext LinkOf(OtlpSpan span) => span.Links is [{ SpanId.Length: sizeof(ulong) } link, ..]
        && TraceId.Read(link.TraceId) is { IsNone: false } trace
            ? new TraceContext(trace, BinaryPrimitives.ReadUInt64BigEndian(link.SpanId), IsSampled: true)
            : default;

    private static string Detail(OtlpResource resource, OtlpScope scope, OtlpSpan span, FunctionId owner)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("attributes");
            var names = new HashSet<string>(StringComparer.Ordinal);
            WriteAttributes(json, span.Attributes, names);
            if (owner.Name.StartsWith(TraceSpan.OtherOwner, StringComparison.Ordinal))
            {
                // Of a function the service is known; of a program outside it is what it says.
                WriteAttributes(json, resource.Attributes.Where(one => one.Name == "service.name"), names);
            }

            if (scope.Name.Length > 0 && names.Add("otel.scope.name"))
            {
                json.WriteString("otel.scope.name", Cut(scope.Name));
            }

            json.WriteEndObject();
            WriteEvents(json, span.Events);
            if (span.StatusMessage.Length > 0)
            {
                json.WriteString("message", Cut(span.StatusMessage));
            }

            json.WriteEndObject();
        }

        return buffer.WrittenCount <= Limits.SpanDetailBytesMax
            ? Encoding.UTF8.GetString(buffer.WrittenSpan)
            : """{"attributes":{"lambent.dropped":"attributes and events were too large"}}""";
    }

    private static void WriteEvents(Utf8JsonWriter json, List<OtlpEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        json.WriteStartArray("events");
        foreach (var happened in events.Take(Limits.SpanEventsMax))
        {
            json.WriteStartObject();
            json.WriteString("name", Cut(happened.Name));
            json.WriteNumber("unixNanoseconds", happened.UnixNanoseconds);
            json.WriteStartObject("attributes");
            WriteAttributes(json, happened.Attributes, new HashSet<string>(StringComparer.Ordinal));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The first of one name counts.</summary>
    private static void WriteAttributes(
        Utf8JsonWriter json, IEnumerable<OtlpAttribute> attributes, HashSet<string> names)
    {
        foreach (var (name, value) in attributes.Take(Limits.SpanAttributesMax))
        {
            if (name.Length > 0 && names.Add(name))
            {
                json.WritePropertyName(Cut(name));
                WriteValue(json, value);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(Cut(text));
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                // With a point, so that it stays a number that is not whole when it is sent on.
                var written = number.ToString("R", CultureInfo.InvariantCulture);
                json.WriteRawValue(written.AsSpan().ContainsAny('.', 'E') ? written : written + ".0");
                break;
            case double number:
                json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes.AsSpan(0, Math.Min(bytes.Length, Limits.SpanTextLengthMax)));
                break;
            case List<OtlpAttribute> members:
                json.WriteStartObject();
                WriteAttributes(json, members, new HashSet<string>(StringComparer.Ordinal));
                json.WriteEndObject();
                break;
            case List<object?> values:
                json.WriteStartArray();
                foreach (var item in values.Take(Limits.SpanAttributesMax))
                {
                    WriteValue(json, item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }

    private static string Cut(string text) =>
        text.Length <= Limits.SpanTextLengthMax ? text : text[..Limits.SpanTextLengthMax];
}

using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Server.Telemetry;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Telemetry;

/// <summary>Spans of functions: read in both forms, bounded, and never believed about whose they are.</summary>
public sealed class SpanIntakeTests
{
    private static readonly SpanOwner Owner = new(new FunctionId(AccountId.Root, "hello"), "2", null);

    private readonly VirtualTime time = new();
    private readonly Sink sink = new();
    private readonly SpanIntake intake;

    public SpanIntakeTests() => intake = new SpanIntake(sink, time);

    private ulong Now => (ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    [Fact]
    public void Json_and_protobuf_give_the_same_span()
    {
        var json = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name",
            "value":{"stringValue":"somebody-else"}}]},
            "scopeSpans":[{"scope":{"name":"lib","version":"1"},"spans":[{"traceId":"0AF7651916CD43DD8448EB211C80319C",
            "spanId":"b7ad6b7169203331","parentSpanId":"00f067aa0ba902b7","name":"query","kind":3,
            "startTimeUnixNano":"NOW","endTimeUnixNano":END,"unknown":[1],
            "attributes":[{"key":"n","value":{"intValue":"42"}},{"key":"d","value":{"doubleValue":1}},
            {"key":"a","value":{"arrayValue":{"values":[{"stringValue":"x"},{"boolValue":true}]}}}],
            "events":[{"timeUnixNano":"NOW","name":"retry"}],"status":{"code":2,"message":"no"} }]}]}]}
            """.Replace("NOW", $"{Now}", StringComparison.Ordinal)
            .Replace("END", $"{Now + 5_000_000}", StringComparison.Ordinal);
        var resources = OtlpJson.TryRead(Encoding.UTF8.GetBytes(json), out var problem);
        problem.ShouldBeEmpty();
        intake.Take(Owner, resources!).Rejected.ShouldBe(0);
        var again = OtlpProtobuf.TryRead(OtlpProtobuf.Write(resources!), out _);
        intake.Take(Owner, again!).Rejected.ShouldBe(0);

        var span = sink.Spans[0];
        sink.Spans[1].ShouldBe(span);
        span.Owner.ShouldBe(Owner.Owner);
        span.Version.ShouldBe("2");
        span.Parent.Trace.ToString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        span.Parent.Span.ShouldBe(0x00f067aa0ba902b7UL);
        span.Kind.ShouldBe(SpanKind.Client);
        span.Status.ShouldBe(SpanStatus.Error);
        span.Duration.ShouldBe(TimeSpan.FromMilliseconds(5));
        span.Detail.ShouldContain("\"n\":42");
        span.Detail.ShouldContain("\"d\":1.0");
        span.Detail.ShouldContain("\"a\":[\"x\",true]");
        span.Detail.ShouldContain("\"message\":\"no\"");
        span.Detail.ShouldNotContain("somebody-else");
    }

    [Fact]
    public void What_is_wrong_is_rejected_and_the_rest_is_kept()
    {
        var result = intake.Take(Owner, Of(
            Span(1), Span(0), Span(2) with { TraceId = new byte[16] }, Span(3) with { SpanId = [1] },
            Span(4) with { StartUnixNanoseconds = 1 }, Span(5) with { EndUnixNanoseconds = ulong.MaxValue }, Span(6)));
        result.Rejected.ShouldBe(5);
        result.Problem.ShouldNotBeEmpty();
        sink.Spans.Select(span => span.Span).ShouldBe([1UL, 6UL]);
        (intake.AcceptedCount, intake.RejectedCount).ShouldBe((2, 5));
    }

    [Fact]
    public void Requests_and_traces_have_a_limit()
    {
        var many = Of([.. Enumerable.Range(1, Limits.SpansPerRequestMax + 5).Select(number => Span((ulong)number))]);
        intake.Take(Owner, many).Rejected.ShouldBe(5);
        intake.Take(Owner, many);
        intake.Take(Owner, many);
        sink.Spans.Count.ShouldBe(Limits.TraceSpansMax);
        sink.IsFull = true;
        intake.Take(Owner, Of(Span(1) with { TraceId = [.. Enumerable.Repeat((byte)9, 16)] })).Rejected.ShouldBe(1);
    }

    [Fact]
    public void Secrets_are_taken_out_and_large_attributes_left_out()
    {
        var mask = SecretMask.From([KeyValuePair.Create("DB_PASSWORD", "hunter2hunter2")]);
        var secret = Span(1);
        secret.Attributes.Add(new OtlpAttribute("db.url", "postgres://u:hunter2hunter2@h"));
        var large = Span(2);
        large.Attributes.AddRange(Enumerable.Range(0, 100).Select(number =>
            new OtlpAttribute($"k{number}", new string('x', 3_000))));
        intake.Take(Owner with { Mask = mask }, Of(secret, large));
        sink.Spans[0].Detail.ShouldContain("********");
        sink.Spans[0].Detail.ShouldNotContain("hunter2");
        sink.Spans[1].Detail.Length.ShouldBeLessThan(200);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"resourceSpans":{}}""")]
    [InlineData("""{"resourceSpans":[1]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"kind":"SPAN_KIND_CLIENT"}]}]}]}""")]
    public void Malformed_json_is_told(string json)
    {
        OtlpJson.TryRead(Encoding.UTF8.GetBytes(json), out var problem).ShouldBeNull();
        problem.ShouldNotBeEmpty();
    }

    [Fact]
    public void Malformed_protobuf_never_does_harm()
    {
        var whole = OtlpProtobuf.Write(Of(Span(1)));
        var random = new Random(1);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = whole[..random.Next(whole.Length + 1)].ToArray();
            for (var change = 0; change < 3 && bytes.Length > 0; change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            if (OtlpProtobuf.TryRead(bytes, out var problem) is { } resources)
            {
                intake.Take(Owner, resources);
            }
            else
            {
                problem.ShouldNotBeEmpty();
            }
        }
    }

    private OtlpSpan Span(ulong id)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        return new OtlpSpan
        {
            TraceId = [.. Enumerable.Repeat((byte)7, 16)],
            SpanId = bytes,
            Name = "work",
            StartUnixNanoseconds = Now,
            EndUnixNanoseconds = Now + 1_000_000,
        };
    }

    private static OtlpResource[] Of(params OtlpSpan[] spans) =>
        [new OtlpResource([], [new OtlpScope("", "", spans)])];

    private sealed class Sink : ISpanSink
    {
        public List<TraceSpan> Spans { get; } = [];

        public bool IsFull { get; set; }

        public bool Add(TraceSpan span)
        {
            if (!IsFull)
            {
                Spans.Add(span);
            }

            return !IsFull;
        }
    }
}

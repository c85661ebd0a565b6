using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Server.Access;
using Lambent.Server.Functions;
using Lambent.Server.Ingress;
using Lambent.Server.Telemetry;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Tests.Telemetry;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

/// <summary>POST /v1/traces as a program outside sees it: what is refused, how, and in whose form.</summary>
public sealed class OtlpEndpointTests
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    private readonly VirtualTime time = new();
    private readonly Sink sink = new();
    private readonly Authenticator authenticator = new();
    private readonly OtlpEndpoint endpoint;

    /// <summary>Requests from outside do not ask the pool.</summary>
    public OtlpEndpointTests() => endpoint = new OtlpEndpoint(
        null!, new FunctionDirectory(), authenticator, new SpanIntake(sink, time), masksSecrets: true);

    private string Now => $"{(ulong)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100}";

    [Theory]
    [InlineData(Protobuf, "")]
    [InlineData(Protobuf, "gzip")]
    [InlineData("Application/X-Protobuf; charset=utf-8", "GZIP")]
    [InlineData(Json, "")]
    [InlineData(Json, "gzip")]
    [InlineData(Json, "identity")]
    public async Task Spans_are_taken_in_either_form_and_packed(string type, string encoding)
    {
        var json = Encoding.UTF8.GetBytes(Request(Span("b7ad6b7169203331")));
        var body = type == Json ? json : OtlpProtobuf.Write(OtlpJson.TryRead(json, out _)!);
        var answer = await PostAsync(type, encoding.Length == 4 ? Pack(body) : body, encoding);

        answer.Status.ShouldBe(200);
        answer.Type.ShouldBe(type == Json ? Json : Protobuf);
        Encoding.UTF8.GetString(answer.Body).ShouldBe(type == Json ? "{}" : "");
        sink.Spans.ShouldHaveSingleItem().Owner.Name.ShouldBe($"{TraceSpan.OtherOwner}external");
    }

    [Theory]
    [InlineData(Protobuf)]
    [InlineData(Json)]
    public async Task What_is_rejected_of_a_request_is_counted_and_the_rest_is_taken(string type)
    {
        var json = Encoding.UTF8.GetBytes(Request(
            Span("b7ad6b7169203331"), Span("0000000000000000"), Span("b7ad6b7169203332"), Span("b7ad")));
        var body = type == Json ? json : OtlpProtobuf.Write(OtlpJson.TryRead(json, out _)!);
        var answer = await PostAsync(type, body);

        answer.Status.ShouldBe(200);
        sink.Spans.Count.ShouldBe(2);
        if (type == Json)
        {
            var partial = JsonDocument.Parse(answer.Body).RootElement.GetProperty("partialSuccess");
            partial.GetProperty("rejectedSpans").GetString().ShouldBe("2");
            partial.GetProperty("errorMessage").GetString().ShouldBe("A span id is not zero.");
        }
        else
        {
            var partial = WireMessage.Parse(answer.Body).One(1);
            partial.Number(1).ShouldBe(2UL);
            partial.Text(2).ShouldBe("A span id is not zero.");
        }
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/grpc")]
    [InlineData(null)]
    public async Task Other_types_are_not_supported(string? type)
    {
        var answer = await PostAsync(type, [1]);

        answer.Status.ShouldBe(415);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("message").GetString()!.ShouldContain(Protobuf);
    }

    [Fact]
    public async Task Other_encodings_are_not_supported()
    {
        var answer = await PostAsync(Protobuf, [1], "br");

        answer.Status.ShouldBe(415);
        StatusOf(answer).Message.ShouldContain("gzip");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bodies_beyond_the_limit_are_too_large_with_and_without_a_length(bool isAnnounced)
    {
        var answer = await PostAsync(Protobuf, new byte[Limits.SpanRequestBytesMax + 1], isAnnounced: isAnnounced);

        answer.Status.ShouldBe(413);
        StatusOf(answer).Code.ShouldBe(3UL);
    }

    [Fact]
    public async Task Bomb_is_refused_before_it_is_unpacked()
    {
        var answer = await PostAsync(Protobuf, Pack(new byte[64 * Limits.MiB]), "gzip");

        answer.Status.ShouldBe(400);
        StatusOf(answer).Message.ShouldContain($"{Limits.SpanRequestBytesMax}");
    }

    [Theory]
    [InlineData("0A", "")] // A field without its length.
    [InlineData("0AFFFFFFFF0F00", "")] // Longer than what holds it.
    [InlineData("0F", "")] // A wire type that there is not.
    [InlineData("00", "")] // A field without a number.
    [InlineData("0A021202", "")] // A message within that ends within a field.
    [InlineData("80808080808080808080", "")] // A number without an end.
    [InlineData("1F8B0800", "gzip")] // A packed body that ends in its head.
    [InlineData("00112233", "gzip")] // None at all.
    public async Task Malformed_protobuf_is_refused_in_its_form(string hexadecimal, string encoding)
    {
        var answer = await PostAsync(Protobuf, Convert.FromHexString(hexadecimal), encoding);

        answer.Status.ShouldBe(400);
        answer.Type.ShouldBe(Protobuf);
        StatusOf(answer).Code.ShouldBe(3UL);
        StatusOf(answer).Message.ShouldNotBeEmpty();
        sink.Spans.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"resourceSpans":[1]}""")]
    [InlineData("""{"resourceSpans":{}}""")]
    [InlineData("""{"resourceSpans":[{"resource":5}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"xyz"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"\ud800"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"-1"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"key":"a","value":1}]}]}]}]}""")]
    public async Task Malformed_json_is_refused_in_its_form(string body)
    {
        var answer = await PostAsync(Json, Encoding.UTF8.GetBytes(body));

        answer.Status.ShouldBe(400);
        answer.Type.ShouldBe(Json);
        JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetInt32().ShouldBe(3);
        sink.Spans.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Strangers_are_refused_before_their_body_is_read_where_that_can_be(bool isKnownByHead)
    {
        (authenticator.HeadIsWrong, authenticator.BodyIsWrong) = (isKnownByHead, true);
        var answer = await PostAsync(Protobuf, OtlpProtobuf.Write([]));

        answer.Status.ShouldBe(403);
        StatusOf(answer).Code.ShouldBe(7UL);
        StatusOf(answer).Message.ShouldBe("Who are you?");
        authenticator.BodiesSeen.ShouldBe(isKnownByHead ? 0 : 1);
    }

    [Fact]
    public async Task Empty_request_is_a_good_one()
    {
        (await PostAsync(Protobuf, [])).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("POST", "/v1/logs")]
    [InlineData("POST", "/v1/metrics")]
    [InlineData("POST", "/v1/traces/")]
    [InlineData("POST", "/v1/Traces")]
    [InlineData("GET", "/v1/traces")]
    public void Other_paths_and_methods_are_for_somebody_else(string method, string path)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path) = (method, path);

        endpoint.TryServe(http).ShouldBeNull();
    }

    private static (ulong Code, string Message) StatusOf((int Status, string? Type, byte[] Body) answer)
    {
        answer.Type.ShouldBe(Protobuf);
        var status = WireMessage.Parse(answer.Body);
        return (status.Number(1), status.Text(2));
    }

    private string Span(string id) =>
        $$"""
        {"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"{{id}}","name":"query",
        "startTimeUnixNano":"{{Now}}","endTimeUnixNano":"{{Now}}"}
        """;

    private static string Request(params string[] spans) =>
        $$$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{{string.Join(',', spans)}}}]}]}]}""";

    private static byte[] Pack(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
        {
            packing.Write(body);
        }

        return packed.ToArray();
    }

    private async Task<(int Status, string? Type, byte[] Body)> PostAsync(
        string? type, byte[] body, string encoding = "", bool isAnnounced = true)
    {
        var http = new DefaultHttpContext();
        (http.Request.Method, http.Request.Path, http.Request.ContentType) = ("POST", "/v1/traces", type);
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = isAnnounced ? body.Length : null;
        if (encoding.Length > 0)
        {
            http.Request.Headers.ContentEncoding = encoding;
        }

        using var answer = new MemoryStream();
        http.Response.Body = answer;
        await endpoint.TryServe(http).ShouldNotBeNull();
        return (http.Response.StatusCode, http.Response.ContentType, answer.ToArray());
    }

    private sealed class Sink : ISpanSink
    {
        public List<TraceSpan> Spans { get; } = [];

        public bool Add(TraceSpan span)
        {
            Spans.Add(span);
            return true;
        }
    }

    private sealed class Authenticator : IRequestAuthenticator
    {
        private static readonly Error Unknown = new(ErrorCode.AuthenticationMissing, "Who are you?");

        public bool HeadIsWrong { get; set; }

        public bool BodyIsWrong { get; set; }

        public int BodiesSeen { get; private set; }

        public Error? CheckHead(HttpContext http) => HeadIsWrong ? Unknown : null;

        public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body)
        {
            BodiesSeen++;
            return new(BodyIsWrong ? Unknown : new Principal(AccountId.Root, "key"));
        }
    }
}

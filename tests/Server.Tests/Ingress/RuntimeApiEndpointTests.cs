using System.Net;
using System.Text;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.RuntimeApi;
using Lambent.Server.Http;
using Lambent.Server.Ingress;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Ingress;

/// <summary>The Runtime API as a runtime sees it, for an environment without a sandbox.</summary>
public sealed class RuntimeApiEndpointTests : IAsyncLifetime
{
    private const string Prefix = "/2018-06-01/runtime";
    private const string EnvironmentHeader = "x-test-environment";

    private readonly RuntimeApiDirectory directory = new(TimeProvider.System);
    private readonly FakeProcess process = new("env-1");
    private readonly HttpClient client = new();
    private RuntimeApiChannel channel = null!;
    private WebApplication application = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        application = builder.Build();
        var endpoint = new RuntimeApiEndpoint(directory);
        application.Run(http =>
        {
            // In the product the connection says it, not a header.
            if (http.Request.Headers[EnvironmentHeader].ToString() is { Length: > 0 } id)
            {
                http.Features.Set(new EnvironmentIdentity(id));
            }

            return endpoint.TryServe(http) ?? NotServed(http);
        });
        await application.StartAsync();
        client.BaseAddress = new Uri(application.Urls.Single());

        directory.Expect(process.EnvironmentId);
        var specification = TestFunctions.Snapshot(TestFunctions.Create(TestFunctions.Id("hello"))).Route(null, 0)!;
        channel = directory.Open(
            process,
            new EnvironmentLog(specification, process.EnvironmentId, new RecordingTelemetry(), TimeProvider.System));
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        client.Dispose();
        await application.DisposeAsync();
    }

    [Fact]
    public async Task Call_is_handed_over_with_its_headers_and_answered()
    {
        var outcome = InvokeAsync("r1", client: "{\"a\":1}");

        using var next = await SendAsync("GET", "/invocation/next");
        next.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await next.Content.ReadAsStringAsync()).ShouldBe("{\"n\":1}");
        Header(next, "Lambda-Runtime-Aws-Request-Id").ShouldBe("r1");
        Header(next, "Lambda-Runtime-Invoked-Function-Arn").ShouldBe("arn:aws:lambda:x");
        Header(next, "Lambda-Runtime-Trace-Id").ShouldBe(
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000007;Sampled=1");
        Header(next, "Lambda-Runtime-Client-Context").ShouldBe("{\"a\":1}");
        long.Parse(Header(next, "Lambda-Runtime-Deadline-Ms")!).ShouldBeGreaterThan(1_700_000_000_000);

        using var accepted = await SendAsync("POST", "/invocation/r1/response", "\"done\"");
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await accepted.Content.ReadAsStringAsync()).ShouldBe("{\"status\":\"OK\"}");

        using var ended = await outcome;
        ended.Kind.ShouldBe(OutcomeKind.Success);
        Encoding.UTF8.GetString(ended.Payload.Span).ShouldBe("\"done\"");
        await ShouldFailAsync(
            SendAsync("POST", "/invocation/r1/response", "\"again\""),
            403,
            "InvalidStateTransition",
            "State transition from RuntimeResponseSentState to InvocationResponse failed for runtime. "
            + "Error: State transition is not allowed");
    }

    [Fact]
    public async Task Answer_to_another_call_than_the_one_handed_over_is_refused()
    {
        var outcome = InvokeAsync("r1");
        using var next = await SendAsync("GET", "/invocation/next");

        foreach (var path in new[] { "/invocation/r9/response", "/invocation/r9/error" })
        {
            await ShouldFailAsync(SendAsync("POST", path, "{}"), 400, "InvalidRequestID", "Invalid request ID");
        }

        using var accepted = await SendAsync("POST", "/invocation/r1/response", "1");
        (await outcome).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Way_of_answering_that_there_is_not_is_refused_and_ends_the_call()
    {
        var outcome = InvokeAsync("r1");

        await ShouldFailAsync(
            PostAsync("1", "chunked", null), 400, "InvalidFunctionResponseMode", "Invalid function response mode");

        using var ended = await outcome;
        ended.Kind.ShouldBe(OutcomeKind.InvalidResponse);
        Encoding.UTF8.GetString(ended.Payload.Span).ShouldContain("\"Runtime.InvalidResponseModeHeader\"");
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task Streamed_response_is_broken_off_above_its_limit(int length, bool whole)
    {
        using var collected = new CollectedResponse();
        var outcome = InvokeAsync("r1", stream: collected, streamBytesMax: 10);

        var sent = PostAsync(new string('x', length), "streaming", null);
        if (whole)
        {
            using var accepted = await sent;
            accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }
        else
        {
            await ShouldFailAsync(
                sent, 413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (10 bytes).");
        }

        using var ended = await outcome;
        ended.Kind.ShouldBe(whole ? OutcomeKind.Success : OutcomeKind.ResponseTooLarge);
        collected.Bytes.Length.ShouldBe(whole ? length : 0);
    }

    [Fact]
    public async Task Error_of_the_handler_ends_the_call_with_it()
    {
        var outcome = InvokeAsync("r1");
        using var accepted = await SendAsync(
            "POST", "/invocation/r1/error", """{"errorType":"Oops","errorMessage":"no"}""");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var ended = await outcome;
        ended.Kind.ShouldBe(OutcomeKind.HandlerError);
        Encoding.UTF8.GetString(ended.Payload.Span).ShouldBe("""{"errorType":"Oops","errorMessage":"no"}""");
    }

    [Fact]
    public async Task Error_of_the_initialization_is_taken_once()
    {
        using var first = await SendAsync("POST", "/init/error", """{"errorType":"Oops"}""");

        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await ShouldFailAsync(SendAsync("POST", "/init/error", "{}"), 403, "InvalidStateTransition");
    }

    [Theory]
    [InlineData("POST", "/invocation/r9/response", 403, "InvalidStateTransition")]
    [InlineData("POST", "/invocation/r9/error", 403, "InvalidStateTransition")]
    [InlineData("POST", "/invocation/next", 404, "Runtime.UnknownOperation")]
    [InlineData("GET", "/invocation/r1/response", 404, "Runtime.UnknownOperation")]
    [InlineData("GET", "", 404, "Runtime.UnknownOperation")]
    public Task Request_that_fits_nothing_is_refused(string method, string path, int status, string type) =>
        ShouldFailAsync(SendAsync(method, path, method == "POST" ? "{}" : null), status, type);

    [Fact]
    public async Task Environment_without_a_runtime_api_is_forbidden_and_the_public_sees_nothing()
    {
        await ShouldFailAsync(SendAsync("GET", "/invocation/next", environment: "env-2"), 403, "Runtime.Forbidden");
        using var stranger = await SendAsync("GET", "/invocation/next", environment: null);
        stranger.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Content.ReadAsStringAsync()).ShouldBe("not served");
    }

    [Fact]
    public async Task Response_above_the_limit_is_refused_and_ends_the_call()
    {
        var outcome = InvokeAsync("r1");

        await ShouldFailAsync(
            SendAsync("POST", "/invocation/r1/response", new string('x', Kernel.Limits.ResponsePayloadBytesMax + 1)),
            413,
            "RequestEntityTooLarge",
            "Exceeded maximum allowed payload size (6291556 bytes).");

        using var ended = await outcome;
        ended.Kind.ShouldBe(OutcomeKind.ResponseTooLarge);
    }

    [Fact]
    public async Task Streamed_response_is_parted_into_metadata_and_body()
    {
        using var collected = new CollectedResponse();
        var outcome = InvokeAsync("r1", stream: collected);

        using var accepted = await StreamAsync("{\"statusCode\":201}\0\0\0\0\0\0\0\0body");

        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var ended = await outcome;
        ended.IsSuccess.ShouldBeTrue();
        collected.Bytes.ToArray().ShouldBe("{\"statusCode\":201}\0\0\0\0\0\0\0\0body"u8.ToArray());
    }

    [Fact]
    public async Task Metadata_that_never_ends_is_refused()
    {
        using var collected = new CollectedResponse();
        var outcome = InvokeAsync("r1", stream: collected);

        await ShouldFailAsync(StreamAsync(new string('x', 300 * 1024)), 413, "RequestEntityTooLarge");

        using var ended = await outcome;
        ended.Kind.ShouldBe(OutcomeKind.ResponseTooLarge);
    }

    private static Task NotServed(HttpContext http)
    {
        http.Response.StatusCode = 404;
        return http.Response.WriteAsync("not served");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static async Task ShouldFailAsync(
        Task<HttpResponseMessage> sent, int status, string type, string? message = null)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        System.Text.Json.Nodes.JsonNode.Parse(text)!["errorType"]!.ToString().ShouldBe(type);
        if (message is not null)
        {
            System.Text.Json.Nodes.JsonNode.Parse(text)!["errorMessage"]!.ToString().ShouldBe(message);
        }
    }

    private Task<InvocationOutcome> InvokeAsync(
        string id,
        string? client = null,
        IResponseStream? stream = null,
        long streamBytesMax = Kernel.Limits.StreamedResponseBytesMax) =>
        channel.InvokeAsync(
            new Invocation
            {
                RequestId = id,
                InvokedArn = "arn:aws:lambda:x",
                Payload = "{\"n\":1}"u8.ToArray(),
                ClientContext = client,
                Trace = new CallTrace(XRayHeader.Parse("Root=1-5759e988-bd862e3fe1be46a994272793"), 7),
                ResponseStream = stream,
                StreamedResponseBytesMax = streamBytesMax,
            },
            TimeSpan.FromMinutes(1)).AsTask();

    private async Task<HttpResponseMessage> SendAsync(
        string method, string path, string? body = null, string? environment = "env-1")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Prefix + path, UriKind.Relative))
        {
            Content = body is null ? null : new StringContent(body),
        };
        request.Headers.Add(EnvironmentHeader, environment);
        return await client.SendAsync(request);
    }

    private Task<HttpResponseMessage> StreamAsync(string body) =>
        PostAsync(body, "streaming", "application/vnd.awslambda.http-integration-response");

    private async Task<HttpResponseMessage> PostAsync(string body, string mode, string? contentType)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"{Prefix}/invocation/r1/response", UriKind.Relative))
        {
            Content = new StringContent(body),
        };
        request.Content.Headers.Remove("Content-Type");
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        request.Headers.Add("Lambda-Runtime-Function-Response-Mode", mode);
        request.Headers.Add(EnvironmentHeader, "env-1");
        return await client.SendAsync(request);
    }
}

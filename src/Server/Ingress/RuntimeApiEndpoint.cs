using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Lambent.Kernel;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Sandbox.RuntimeApi;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress;

/// <summary>
/// The Lambda Runtime API over HTTP, for connections that come out of a sandbox: which environment it is, the
/// connection says and not the request. On the public port these paths do not exist.
/// </summary>
internal sealed class RuntimeApiEndpoint(RuntimeApiDirectory directory)
{
    private const string Prefix = "/2018-06-01/runtime/";
    private const string StreamingMode = "streaming";
    private const string IntegrationContentType = "application/vnd.awslambda.http-integration-response";
    private const int ErrorBytesMax = 256 * 1024;

    /// <summary>Status, headers and cookies of a streamed response; kept in memory until they are whole.</summary>
    private const int PreludeBytesMax = 256 * 1024;

    /// <summary>Eight zero bytes part the metadata of a streamed HTTP response from its body.</summary>
    private static readonly byte[] PreludeEnd = new byte[8];

    public Task? TryServe(HttpContext http)
    {
        if (http.Features.Get<EnvironmentIdentity>() is not { } identity
            || !http.Request.Path.StartsWithSegments("/2018-06-01/runtime", StringComparison.Ordinal))
        {
            return null;
        }

        return ServeAsync(http, identity.EnvironmentId);
    }

    private async Task ServeAsync(HttpContext http, string environmentId)
    {
        if (await directory.FindAsync(environmentId) is { } channel)
        {
            var path = http.Request.Path.Value!;
            await ServeAsync(http, channel, path.Length > Prefix.Length ? path[Prefix.Length..] : "");
            return;
        }

        await WriteAsync(
            http, 403, "Runtime.Forbidden", "This environment has no Runtime API: its runtime is built in.");
    }

    private static Task ServeAsync(HttpContext http, RuntimeApiChannel channel, string operation)
    {
        var parts = operation.Split('/');
        return (http.Request.Method, parts) switch
        {
            ("GET", ["invocation", "next"]) => NextAsync(http, channel),
            ("POST", ["init", "error"]) => FailInitializationAsync(http, channel),
            ("POST", ["invocation", var id, "response"]) => RespondAsync(http, channel, id),
            ("POST", ["invocation", var id, "error"]) => FailAsync(http, channel, id),
            _ => WriteAsync(http, 404, "Runtime.UnknownOperation", $"There is no operation {operation}."),
        };
    }

    private static async Task NextAsync(HttpContext http, RuntimeApiChannel channel)
    {
        RuntimeCall call;
        try
        {
            call = await channel.NextAsync(http.RequestAborted);
        }
        catch (Exception exception) when (exception is ChannelClosedException or OperationCanceledException)
        {
            // The runtime hung up, or its environment is being stopped.
            http.Abort();
            return;
        }

        var headers = http.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = call.Invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] =
            call.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = call.Invocation.InvokedArn;
        if (call.Invocation.Trace.Passed is { IsNone: false } trace)
        {
            headers["Lambda-Runtime-Trace-Id"] = XRayHeader.Format(trace);
        }

        if (call.Invocation.ClientContext is { } context)
        {
            headers["Lambda-Runtime-Client-Context"] = context.ReplaceLineEndings(" ");
        }

        // Copied: the call may end, and its buffer with it, while a slow runtime still reads.
        var payload = call.Invocation.Payload.ToArray();
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = payload.Length;
        await http.Response.Body.WriteAsync(payload, http.RequestAborted);
    }

    private static async Task RespondAsync(HttpContext http, RuntimeApiChannel channel, string requestId)
    {
        if (channel.Take(requestId) is not { } call)
        {
            await WriteUnansweredAsync(http, channel, "InvocationResponse");
            return;
        }

        var mode = http.Request.Headers["Lambda-Runtime-Function-Response-Mode"].ToString();
        if (mode is not ("" or StreamingMode))
        {
            await channel.RefuseResponseModeAsync(call, mode);
            await WriteAsync(http, 400, "InvalidFunctionResponseMode", "Invalid function response mode");
            return;
        }

        try
        {
            await (mode == StreamingMode && call.Invocation.ResponseStream is { } stream
                ? RespondStreamedAsync(http, channel, call, stream)
                : RespondWholeAsync(http, channel, call));
        }
        catch (Exception exception) when (
            exception is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The runtime broke off. Its process decides what becomes of the call: another answer, its end, or its
            // limit.
            RuntimeApiChannel.PutBack(call);
            throw;
        }
    }

    private static async Task RespondWholeAsync(HttpContext http, RuntimeApiChannel channel, RuntimeCall call)
    {
        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.ResponsePayloadBytesMax))
        {
            await RefuseTooLargeAsync(http, channel, call, Limits.ResponsePayloadBytesMax);
            return;
        }

        await channel.RespondAsync(call, body.Written.ToArray());
        await WriteAcceptedAsync(http);
    }

    private static async Task RespondStreamedAsync(
        HttpContext http, RuntimeApiChannel channel, RuntimeCall call, IResponseStream stream)
    {
        var reader = http.Request.BodyReader;
        var inPrelude = http.Request.ContentType == IntegrationContentType;
        var (received, bytesMax) = (0L, call.Invocation.StreamedResponseBytesMax);
        using var prelude = new PooledBuffer();
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            received += read.Buffer.Length;
            if (received > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                await RefuseTooLargeAsync(http, channel, call, bytesMax);
                return;
            }

            foreach (var segment in read.Buffer)
            {
                inPrelude = await PassAsync(stream, prelude, segment, inPrelude);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (inPrelude && prelude.Length > PreludeBytesMax)
            {
                await RefuseTooLargeAsync(http, channel, call, PreludeBytesMax);
                return;
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        if (http.Request.SupportsTrailers()
            && http.Request.GetTrailer("Lambda-Runtime-Function-Error-Body") is [{ Length: > 0 } error])
        {
            var decoded = new byte[error.Length];
            var valid = Convert.TryFromBase64String(error, decoded, out var length);
            await channel.FailAsync(call, valid ? decoded[..length] : Encoding.UTF8.GetBytes(error));
        }
        else
        {
            await channel.RespondAsync(call, []);
        }

        await WriteAcceptedAsync(http);
    }

    /// <summary>
    /// Passes bytes on; those before the end of the prelude are collected first. Returns whether still in it.
    /// </summary>
    private static async ValueTask<bool> PassAsync(
        IResponseStream stream, PooledBuffer prelude, ReadOnlyMemory<byte> segment, bool inPrelude)
    {
        if (!inPrelude)
        {
            await stream.WriteAsync(segment);
            return false;
        }

        segment.Span.CopyTo(prelude.GetSpan(segment.Length));
        prelude.Advance(segment.Length);
        var end = prelude.Written.Span.IndexOf(PreludeEnd);
        if (end < 0)
        {
            return true;
        }

        await stream.StartAsync(prelude.Written[..end]);
        var rest = prelude.Written[(end + PreludeEnd.Length)..];
        if (!rest.IsEmpty)
        {
            await stream.WriteAsync(rest);
        }

        return false;
    }

    private static async Task FailAsync(HttpContext http, RuntimeApiChannel channel, string requestId)
    {
        if (channel.Take(requestId) is not { } call)
        {
            await WriteUnansweredAsync(http, channel, "InvocationErrorResponse");
            return;
        }

        await channel.FailAsync(call, await ReadErrorAsync(http));
        await WriteAcceptedAsync(http);
    }

    private static async Task FailInitializationAsync(HttpContext http, RuntimeApiChannel channel)
    {
        var answer = channel.FailInitialization(await ReadErrorAsync(http));
        await (answer == RuntimeApiAnswer.Accepted
            ? WriteAcceptedAsync(http)
            : WriteNotAllowedAsync(http, channel, RuntimeApiChannel.InitErrorState));
    }

    /// <summary>The error object of the runtime, or one made of the header when the body is none.</summary>
    private static async Task<byte[]> ReadErrorAsync(HttpContext http)
    {
        using var body = new PooledBuffer();
        var whole = await PooledBody.TryReadAsync(http.Request, body, ErrorBytesMax);
        if (whole && body.Length > 0)
        {
            return body.Written.ToArray();
        }

        var type = http.Request.Headers["Lambda-Runtime-Function-Error-Type"].ToString();
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>
            {
                ["errorType"] = type.Length == 0 ? "Runtime.Unknown" : type,
                ["errorMessage"] = whole ? "" : $"The error object was larger than {ErrorBytesMax} bytes.",
            },
            UrlJson.Default.DictionaryStringString);
    }

    private static Task WriteAcceptedAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync("""{"status":"OK"}""", http.RequestAborted);
    }

    private static async Task RefuseTooLargeAsync(
        HttpContext http, RuntimeApiChannel channel, RuntimeCall call, long bytesMax)
    {
        await channel.RefuseResponseAsync(call, bytesMax);
        await WriteAsync(
            http, 413, "RequestEntityTooLarge", $"Exceeded maximum allowed payload size ({bytesMax} bytes).");
    }

    /// <summary>An answer to no call: the runtime has another one, or none at all.</summary>
    private static Task WriteUnansweredAsync(HttpContext http, RuntimeApiChannel channel, string wanted) =>
        channel.IsRunning
            ? WriteAsync(http, 400, "InvalidRequestID", "Invalid request ID")
            : WriteNotAllowedAsync(http, channel, wanted);

    private static Task WriteNotAllowedAsync(HttpContext http, RuntimeApiChannel channel, string wanted) => WriteAsync(
        http,
        403,
        "InvalidStateTransition",
        $"State transition from {channel.StateName} to {wanted} failed for runtime. "
        + "Error: State transition is not allowed");

    private static Task WriteAsync(HttpContext http, int status, string type, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string> { ["errorMessage"] = message, ["errorType"] = type },
            UrlJson.Default.DictionaryStringString);
        return http.Response.Body.WriteAsync(body, 0, body.Length, http.RequestAborted);
    }
}

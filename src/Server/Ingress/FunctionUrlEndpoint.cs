using System.Runtime.CompilerServices;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Access;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Ingress;

/// <summary>
/// Function URLs: http://NAME.localhost:PORT/… and /fn/NAME/…, payload format 2.0. The first thing in the pipeline,
/// because it is the hottest.
/// </summary>
internal sealed class FunctionUrlEndpoint(
    FunctionDirectory directory,
    FunctionUrls urls,
    Dispatcher dispatcher,
    IRequestAuthenticator authenticator,
    Authorizer authorizer,
    RequestIds requestIds,
    TimeProvider time)
{
    /// <summary>Answers the request when its host or path is a function's; null when it is for somebody else.</summary>
    public Task? TryServe(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var queryStart = target.IndexOf('?', StringComparison.Ordinal);
        var path = queryStart < 0 ? target.AsSpan() : target.AsSpan(0, queryStart);
        return FunctionUrls.TryParsePath(path, out var address)
            || urls.TryParseHost(http.Request.Headers.Host.ToString(), out address)
                ? ServeAsync(http, address, path.Length, target)
                : null;
    }

    private static UrlTarget TargetOf(FunctionUrlTarget address, int pathEnd, string target) => new(
        address.PathStart == pathEnd ? "/" : target[address.PathStart..pathEnd],
        pathEnd < target.Length ? target[(pathEnd + 1)..] : "",
        address.Function.Name);

    private async Task ServeAsync(HttpContext http, FunctionUrlTarget address, int pathEnd, string rawTarget)
    {
        var requestId = requestIds.Next();
        http.Response.Headers["x-amzn-RequestId"] = requestId;
        var function = directory.Find(address.Function);
        var qualifier = address.Qualifier ?? Function.Unqualified;
        if (function is null || !function.Function.Urls.TryGetValue(qualifier, out var url))
        {
            // The same answer for a function without a URL as for none at all: names are not told to strangers.
            await UrlErrors.WriteAsync(http.Response, 404, "Not Found. There is no function URL at this address.");
            return;
        }

        if (url.CrossOrigin is { } policy && CrossOrigin.Apply(http, policy))
        {
            return;
        }

        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.RequestPayloadBytesMax))
        {
            await UrlErrors.WriteAsync(
                http.Response, 413, $"Request must be smaller than {Limits.RequestPayloadBytesMax} bytes.");
            return;
        }

        var (caller, denied) = await AuthorizeAsync(http, address, url, body.Written);
        if (denied)
        {
            await UrlErrors.WriteForbiddenAsync(http.Response);
            return;
        }

        var specification = function.Route(address.Qualifier, Random.Shared.NextDouble());
        if (specification is null || UrlErrors.NotReady(function, specification.Version) is { })
        {
            await UrlErrors.WriteAsync(http.Response, 409, "The function is not ready: its update is in progress.");
            return;
        }

        using var payload = new PooledBuffer(2048 + (body.Length * 2));
        var target = TargetOf(address, pathEnd, rawTarget);
        FunctionUrlEvent.Write(payload, http.Request, target, body.Written, caller, requestId, time.GetUtcNow());
        if (payload.Length > Limits.RequestPayloadBytesMax)
        {
            await UrlErrors.WriteAsync(
                http.Response, 413, $"Request must be smaller than {Limits.RequestPayloadBytesMax} bytes.");
            return;
        }


        // A handler that streams is streamed in both modes: holding its answer back would help nobody.
        var stream = new HttpResponseStream(http.Response);
        var invocation = new Invocation
        {
            RequestId = requestId,
            InvokedArn = address.Qualifier is null ? function.Arn : $"{function.Arn}:{address.Qualifier}",
            Payload = payload.Written,
            TraceHeader = http.Request.Headers.TryGetValue("X-Amzn-Trace-Id", out var trace)
                ? trace.ToString()
                : requestIds.TraceHeader(requestId),
            ResponseStream = stream,
        };
        var result = await dispatcher.InvokeAsync(function, specification, invocation, "url");
        await AnswerAsync(http, result, stream);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AnswerAsync(
        HttpContext http, Result<InvocationOutcome> result, HttpResponseStream stream)
    {
        if (result.Failed(out var outcome, out var error))
        {
            await UrlErrors.WriteAsync(http.Response, error);
            return;
        }

        using (outcome)
        {
            if (stream.HasStarted)
            {
                if (outcome.IsSuccess)
                {
                    await stream.CompleteAsync();
                }
                else
                {
                    // Status and headers are gone: only breaking the connection tells the caller that it is not whole.
                    http.Abort();
                }

                return;
            }

            if (!outcome.IsSuccess)
            {
                http.Response.Headers["x-amzn-ErrorType"] = outcome.Kind.ToString();
                await UrlErrors.WriteFunctionErrorAsync(http.Response);
                return;
            }

            if (!FunctionUrlResponse.TryWrite(http.Response, outcome.Payload))
            {
                await UrlErrors.WriteFunctionErrorAsync(http.Response);
            }
        }
    }

    private async ValueTask<(Principal? Caller, bool Denied)> AuthorizeAsync(
        HttpContext http, FunctionUrlTarget address, FunctionUrl url, ReadOnlyMemory<byte> body)
    {
        Principal? caller = null;
        if (url.Auth == FunctionUrlAuth.AwsIam
            && (await authenticator.AuthenticateAsync(http, body)).Failed(out caller, out _))
        {
            return (null, true);
        }

        return (caller, !authorizer.AllowsFunctionUrl(caller, address.Function, address.Qualifier, url.Auth));
    }
}

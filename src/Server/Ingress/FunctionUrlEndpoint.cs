using System.Runtime.CompilerServices;
using Lambent.Kernel.Storage;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Http;
using Lambent.Server.Ingress.WebSockets;
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
    SynchronousDestinations destinations,
    UrlGate gate,
    WebSocketEndpoint webSockets,
    ConnectionsEndpoint connections,
    RequestIds requestIds,
    CallTraces traces,
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
        if (address.PathStart > 0)
        {
            // By path the function shares the origin of the dashboard; by host it has one of its own.
            PathSandbox.Apply(http.Response);
        }

        var function = directory.Find(address.Function);
        var qualifier = address.Qualifier ?? Function.Unqualified;
        if (function is null || !function.Function.Urls.TryGetValue(qualifier, out var url))
        {
            // The same answer for a function without a URL as for none at all: names are not told to strangers.
            await UrlErrors.WriteAsync(http.Response, 404, "Not Found. There is no function URL at this address.");
            return;
        }

        var call = new UrlCall(function, url, address, TargetOf(address, pathEnd, rawTarget), requestId);
        if (function.AcceptsWebSockets && ConnectionsEndpoint.TryParse(call.Target.Path, out var connectionId))
        {
            await connections.ServeAsync(http, connectionId, address.Function);
        }
        else if (http.Request.Headers.Upgrade.Count > 0 && WebSocketEndpoint.IsUpgrade(http.Request))
        {
            await webSockets.ServeAsync(http, call);
        }
        else if (url.CrossOrigin is { } policy && CrossOrigin.Apply(http, policy))
        {
            // A preflight, which never reaches the function.
        }
        else if (function.StreamsRequests)
        {
            await ServeStreamedAsync(http, call);
        }
        else
        {
            await ServeWholeAsync(http, call);
        }
    }

    /// <summary>The body comes first and is part of the event.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ServeWholeAsync(HttpContext http, UrlCall call)
    {
        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.RequestPayloadBytesMax))
        {
            await UrlErrors.WriteAsync(
                http.Response, 413, $"Request must be smaller than {Limits.RequestPayloadBytesMax} bytes.");
            return;
        }

        var (caller, denied) = gate.Authorize(http, call, body.Written);
        if (denied)
        {
            await UrlErrors.WriteForbiddenAsync(http.Response);
            return;
        }

        await CallAsync(http, call, caller, body.Written, streamed: null);
    }

    /// <summary>The handler reads the body while it comes, however long it is.</summary>
    private async ValueTask ServeStreamedAsync(HttpContext http, UrlCall call)
    {
        if (gate.AuthorizeHead(http, call).Failed(out var authorized, out var denied))
        {
            await (denied.Code == ErrorCode.AccessDenied
                ? UrlErrors.WriteForbiddenAsync(http.Response)
                : UrlErrors.WriteAsync(http.Response, 403, denied.Message));
            return;
        }

        // The window bounds what is held; how long the body may take is the function's timeout.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        using var signed = authorized.PayloadHash is { } hash ? new SignedBody(http.Request.Body, hash) : null;
        await CallAsync(http, call, authorized.Caller, default, signed ?? http.Request.Body);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CallAsync(
        HttpContext http, UrlCall call, Principal? caller, ReadOnlyMemory<byte> body, Stream? streamed)
    {
        var function = call.Function;
        var specification = function.Route(call.Address.Qualifier, Random.Shared.NextDouble());
        if (specification is null || UrlErrors.NotReady(function, specification.Version) is { })
        {
            await UrlErrors.WriteAsync(http.Response, 409, "The function is not ready: its update is in progress.");
            return;
        }

        if (streamed is not null && specification.Runtime.Protocol == RuntimeProtocol.RuntimeApi)
        {
            await UrlErrors.WriteAsync(
                http.Response,
                501,
                $"A function of runtime {specification.Runtime.Name} cannot read a streamed request: remove the tag "
                + $"{FunctionTags.RequestStream}.");
            return;
        }

        var trace = traces.Begin(TraceHeaders.Read(http.Request.Headers), call.RequestId);
        using var payload = new PooledBuffer(2048 + (body.Length * 2));
        FunctionUrlEvent.Write(
            payload, http.Request, call.Target, body, new UrlCaller(caller, call.RequestId, trace.Passed),
            time.GetUtcNow());
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
            RequestId = call.RequestId,
            InvokedArn = call.InvokedArn,
            Payload = payload.Written,
            Trace = trace,
            ResponseStream = stream,
            RequestBody = streamed,
        };
        var result = await dispatcher.InvokeAsync(function, specification, invocation, "url");
        if (function.SyncDestination is not null && !result.Failed(out var ended, out _)
            && await HandOverAsync(function, invocation, ended, specification.Version) is { } refused)
        {
            ended.Dispose();
            result = refused;
            if (stream.HasStarted)
            {
                http.Abort();
                return;
            }
        }

        await AnswerAsync(http, result, stream);
    }

    /// <summary>The record is on stable storage before the caller hears of a success.</summary>
    private async ValueTask<Error?> HandOverAsync(
        FunctionSnapshot function, Invocation invocation, InvocationOutcome outcome, string version)
    {
        try
        {
            await outcome.StreamsEnded;
            await destinations.HandOverAsync(function, invocation, outcome, outcome.Payload, version);
            return null;
        }
        catch (StoreException refused)
        {
            return new Error(refused.Code, refused.Message);
        }
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
            await outcome.StreamsEnded;
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
}

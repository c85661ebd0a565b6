using System.Net.WebSockets;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>
/// WebSockets through function URLs. AWS's function URLs have none, so they are in the spirit of API Gateway's
/// WebSocket APIs: the function is called when somebody connects, for each message, and when the connection is over.
/// </summary>
internal sealed class WebSocketEndpoint(
    FunctionDirectory directory,
    Dispatcher dispatcher,
    UrlGate gate,
    WebSocketConnections connections,
    RequestIds requestIds,
    TimeProvider time)
{
    private const int ConnectionIdLength = 20;

    /// <summary>No signs that paths escape, or that command lines take for an option.</summary>
    private const string ConnectionIdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    public static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers an upgrade; completes when the connection is over and the function knows it.</summary>
    public async Task ServeAsync(HttpContext http, UrlCall call)
    {
        if (Refuse(http, call, out var caller) is var (status, message))
        {
            await UrlErrors.WriteAsync(http.Response, status, message);
            return;
        }

        var account = call.Address.Function.Account;
        if (connections.Reserve(account) is { } full)
        {
            await UrlErrors.WriteAsync(http.Response, full.Code == ErrorCode.Draining ? 503 : 429, full.Message);
            return;
        }

        try
        {
            var peer = Describe(http, call, caller);
            if (await ConnectAsync(http, call, peer) is { } reply)
            {
                await ConverseAsync(http, peer, reply.Subprotocol);
            }
        }
        finally
        {
            connections.Release(account);
        }
    }

    /// <summary>Why the upgrade is refused before the function is asked; null when it is not.</summary>
    private (int Status, string Message)? Refuse(HttpContext http, UrlCall call, out Principal? caller)
    {
        caller = null;
        if (!call.Function.AcceptsWebSockets)
        {
            return (400, "This function URL takes no WebSocket connections. "
                + $"The function's owner turns them on with the tag {FunctionTags.WebSocket}=true.");
        }

        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.SecWebSocketVersion = "13";
            return (426, "The upgrade is not one of WebSocket version 13.");
        }

        if (call.Url.CrossOrigin is { } policy && !CrossOrigin.AllowsUpgrade(http.Request, policy))
        {
            return (403, "Forbidden. The URL's cross-origin rules do not allow this origin.");
        }

        (caller, var denied) = gate.Authorize(http, call, ReadOnlyMemory<byte>.Empty);
        return denied ? (403, "Forbidden.") : null;
    }

    private WebSocketPeer Describe(HttpContext http, UrlCall call, Principal? caller) => new(
        RandomNumberGenerator.GetString(ConnectionIdAlphabet, ConnectionIdLength),
        call.Address.Function,
        call.Address.Qualifier,
        time.GetUtcNow(),
        FunctionUrlEvent.SourceAddress(http.Connection),
        http.Request.Headers.UserAgent.ToString(),
        http.Request.Host.Value ?? "",
        caller?.Arn);

    /// <summary>Asks the function; null when it refused, which is answered.</summary>
    private async Task<WebSocketReply?> ConnectAsync(HttpContext http, UrlCall call, WebSocketPeer peer)
    {
        using var payload = new PooledBuffer();
        var connect = new WebSocketCall(call.RequestId, peer.ConnectedAt, call.Target.Path);
        WebSocketEvent.WriteConnect(payload, http.Request, peer, connect);
        var result = await InvokeAsync(peer, call.RequestId, payload.Written);
        if (result.Failed(out var outcome, out var error))
        {
            await UrlErrors.WriteAsync(http.Response, error);
            return null;
        }

        using (outcome)
        {
            if (!outcome.IsSuccess || WebSocketReply.TryRead(outcome.Payload) is not { } reply)
            {
                http.Response.Headers["x-amzn-ErrorType"] = outcome.Kind.ToString();
                await UrlErrors.WriteFunctionErrorAsync(http.Response);
                return null;
            }

            if (reply.Status >= 400)
            {
                http.Response.StatusCode = reply.Status;
                http.Response.ContentLength = reply.Body?.Length ?? 0;
                await http.Response.Body.WriteAsync(reply.Body ?? []);
                return null;
            }

            return reply;
        }
    }

    private async Task ConverseAsync(HttpContext http, WebSocketPeer peer, string? subprotocol)
    {
        var offered = http.WebSockets.WebSocketRequestedProtocols;
        var accept = new WebSocketAcceptContext
        {
            SubProtocol = subprotocol is not null && offered.Contains(subprotocol) ? subprotocol : null,
            KeepAliveInterval = PingInterval,
        };
        var (status, reason) = (1006, "");
        try
        {
            using var connection = new WebSocketConnection(
                await http.WebSockets.AcceptWebSocketAsync(accept), peer, time);
            connections.Add(connection);
            try
            {
                await connection.RunAsync((message, type) => HandleAsync(connection, message, type));
            }
            finally
            {
                connections.Remove(connection);
            }

            (status, reason) = (connection.CloseStatus, connection.CloseReason);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Gone before the upgrade was answered: the function heard of a connection, and hears of its end.
        }

        await DisconnectAsync(peer, status, reason);
    }

    private async Task HandleAsync(
        WebSocketConnection connection, ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        using var payload = new PooledBuffer(1024 + (message.Length * 2));
        var call = new WebSocketCall(requestIds.Next(), time.GetUtcNow(), "/");
        WebSocketEvent.WriteMessage(
            payload, message.Span, type == WebSocketMessageType.Text, connection.Peer, call);
        var result = await InvokeAsync(connection.Peer, call.RequestId, payload.Written);
        if (result.Failed(out var outcome, out var error))
        {
            var again = error.Code is ErrorCode.FunctionConcurrencyExceeded or ErrorCode.AccountConcurrencyExceeded
                or ErrorCode.InvocationRateExceeded or ErrorCode.FunctionNotReady;
            _ = error.Code == ErrorCode.Draining || error.Code == ErrorCode.FunctionNotFound
                ? connection.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The function is not there any more.")
                : connection.CloseAsync(
                    again ? TryAgainLater : WebSocketCloseStatus.InternalServerError, error.Code.ToString());
            return;
        }

        using (outcome)
        {
            await ReplyAsync(connection, outcome);
        }
    }

    private static async Task ReplyAsync(WebSocketConnection connection, InvocationOutcome outcome)
    {
        if (!outcome.IsSuccess || WebSocketReply.TryRead(outcome.Payload) is not { } reply)
        {
            // AWS's words for a failed integration; the log has the cause.
            _ = connection.CloseAsync(WebSocketCloseStatus.InternalServerError, "Internal server error");
        }
        else if (reply.Body is { Length: > Limits.WebSocketMessageBytesMax })
        {
            _ = connection.CloseAsync(
                WebSocketCloseStatus.InternalServerError,
                $"The reply is longer than {Limits.WebSocketMessageBytesMax} bytes.");
        }
        else if (reply.Body is { } body)
        {
            await connection.SendAsync(body, reply.IsBinary ? WebSocketMessageType.Binary : WebSocketMessageType.Text);
        }
    }

    private async Task DisconnectAsync(WebSocketPeer peer, int status, string reason)
    {
        using var payload = new PooledBuffer();
        var call = new WebSocketCall(requestIds.Next(), time.GetUtcNow(), "/");
        WebSocketEvent.WriteDisconnect(payload, status, reason, peer, call);

        // Nobody is left to tell whether the function could be told; its log and record say.
        var told = await InvokeAsync(peer, call.RequestId, payload.Written);
        if (!told.Failed(out var outcome, out _))
        {
            outcome.Dispose();
        }
    }

    /// <summary>
    /// Each event goes to the version that the URL means now, so that a deploy reaches open connections.
    /// </summary>
    private async ValueTask<Result<InvocationOutcome>> InvokeAsync(
        WebSocketPeer peer, string requestId, ReadOnlyMemory<byte> payload)
    {
        if (directory.Find(peer.Function) is not { } function
            || function.Route(peer.Qualifier, Random.Shared.NextDouble()) is not { } specification)
        {
            return new Error(ErrorCode.FunctionNotFound, "The function does not exist any more.");
        }

        if (UrlErrors.NotReady(function, specification.Version) is not null)
        {
            return new Error(ErrorCode.FunctionNotReady, "The function is not ready: its update is in progress.");
        }

        var invocation = new Invocation
        {
            RequestId = requestId,
            InvokedArn = peer.Qualifier is null ? function.Arn : $"{function.Arn}:{peer.Qualifier}",
            Payload = payload,
        };
        return await dispatcher.InvokeAsync(function, specification, invocation, "url");
    }
}

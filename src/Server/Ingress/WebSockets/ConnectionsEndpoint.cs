using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Access;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>
/// API Gateway's management API for connections: POST, GET and DELETE of /@connections/ID, signed for execute-api, at
/// the root or below a function's URL. So that its clients work with the server's address as their endpoint.
/// </summary>
internal sealed class ConnectionsEndpoint(
    WebSocketConnections connections, SignatureVerifier verifier, IAuthorizer authorizer)
{
    private const string Action = "execute-api:ManageConnections";
    private static readonly string[] Prefixes = ["/@connections/", "/%40connections/"];

    /// <summary>Whether a path is that of a connection.</summary>
    public static bool TryParse(string path, out string connectionId)
    {
        foreach (var prefix in Prefixes)
        {
            if (path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                connectionId = Uri.UnescapeDataString(path[prefix.Length..]);
                return true;
            }
        }

        connectionId = "";
        return false;
    }

    /// <summary>Answers the request when its path is a connection's; null when it is for somebody else.</summary>
    public Task? TryServe(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.Length < 3 || (target[1] != '@' && target[1] != '%'))
        {
            return null;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        return TryParse(query < 0 ? target : target[..query], out var id) ? ServeAsync(http, id, within: null) : null;
    }

    /// <summary>Answers a request for a connection, which must be one of the function's when that is given.</summary>
    public async Task ServeAsync(HttpContext http, string connectionId, FunctionId? within)
    {
        if (verifier.CheckHead(http) is { } stranger)
        {
            await RefuseAsync(http, stranger);
            return;
        }

        using var body = new PooledBuffer();
        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.WebSocketMessageBytesMax))
        {
            await WriteErrorAsync(
                http,
                413,
                "PayloadTooLargeException",
                $"A message has at most {Limits.WebSocketMessageBytesMax} bytes.");
            return;
        }

        if (verifier.Verify(http, body.Written.Span).Failed(out var principal, out var unknown))
        {
            await RefuseAsync(http, unknown);
            return;
        }

        var connection = connections.Find(connectionId);
        if (connection is null || (within is { } function && connection.Peer.Function != function))
        {
            await GoneAsync(http);
        }
        else if (authorizer.Authorize(principal, Action, connection.Peer.Function, null).Error is { } denied)
        {
            // Who may not know of it is told what anybody is told of what does not exist.
            await (principal.Account == connection.Peer.Function.Account ? RefuseAsync(http, denied) : GoneAsync(http));
        }
        else
        {
            await DoAsync(http, connection, body.Written);
        }
    }

    private static async Task DoAsync(HttpContext http, WebSocketConnection connection, ReadOnlyMemory<byte> body)
    {
        switch (http.Request.Method)
        {
            case "POST":
                // The clients send every message as bytes; what is text goes as text, as browsers expect it.
                var type = System.Text.Unicode.Utf8.IsValid(body.Span)
                    ? WebSocketMessageType.Text
                    : WebSocketMessageType.Binary;
                await AnswerSendAsync(http, await connection.SendAsync(body, type));
                break;
            case "GET":
                http.Response.ContentType = "application/json";
                await http.Response.Body.WriteAsync(Information(connection));
                break;
            case "DELETE":
                _ = connection.CloseAsync(WebSocketCloseStatus.NormalClosure, "Connection closed by the API.");
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            default:
                http.Response.Headers.Allow = "POST, GET, DELETE";
                await WriteErrorAsync(http, 405, "MethodNotAllowedException", "A connection takes POST, GET, DELETE.");
                break;
        }
    }

    private static Task AnswerSendAsync(HttpContext http, SendOutcome outcome)
    {
        switch (outcome)
        {
            case SendOutcome.Gone:
                return GoneAsync(http);
            case SendOutcome.Busy:
                return WriteErrorAsync(
                    http,
                    429,
                    "LimitExceededException",
                    $"{Limits.WebSocketSendsWaitingMax} messages wait for this connection already.");
            default:
                http.Response.StatusCode = StatusCodes.Status200OK;
                http.Response.ContentLength = 0;
                return Task.CompletedTask;
        }
    }

    private static byte[] Information(WebSocketConnection connection)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("connectedAt", TimeText(connection.Peer.ConnectedAt));
            json.WriteStartObject("identity");
            json.WriteString("sourceIp", connection.Peer.SourceIp);
            json.WriteString("userAgent", connection.Peer.UserAgent);
            json.WriteEndObject();
            json.WriteString("lastActiveAt", TimeText(connection.LastActiveAt));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static Task GoneAsync(HttpContext http) =>
        WriteErrorAsync(http, 410, "GoneException", "There is no such connection, or no longer.");

    private static Task RefuseAsync(HttpContext http, Error error) =>
        WriteErrorAsync(http, 403, "ForbiddenException", error.Message);

    private static async Task WriteErrorAsync(HttpContext http, int status, string type, string message)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        http.Response.StatusCode = status;
        http.Response.Headers["x-amzn-ErrorType"] = type;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.Length;
        await http.Response.Body.WriteAsync(buffer.ToArray());
    }
}

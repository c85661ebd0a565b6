using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>
/// The events of a connection, as API Gateway's WebSocket APIs hand them to a function
/// (docs.aws.amazon.com, "WebSocket API mapping template reference").
/// </summary>
internal static class WebSocketEvent
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteConnect(
        IBufferWriter<byte> buffer, HttpRequest request, WebSocketPeer peer, WebSocketCall call)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        var headers = request.Headers.Where(header => header.Key.Length > 0 && header.Key[0] != ':').ToList();
        WriteValues(json, "headers", "multiValueHeaders", headers);
        if (request.Query.Count > 0)
        {
            WriteValues(json, "queryStringParameters", "multiValueQueryStringParameters", [.. request.Query]);
        }

        json.WriteString("rawPath", call.Path);
        WriteContext(json, "$connect", "CONNECT", peer, call);
        json.WriteEndObject();
        json.WriteBoolean("isBase64Encoded", false);
        json.WriteEndObject();
    }

    public static void WriteMessage(
        IBufferWriter<byte> buffer, ReadOnlySpan<byte> message, bool isText, WebSocketPeer peer, WebSocketCall call)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        WriteContext(json, "$default", "MESSAGE", peer, call);
        json.WriteString("messageId", call.RequestId);
        json.WriteEndObject();
        if (isText)
        {
            json.WriteString("body", message);
        }
        else
        {
            json.WriteBase64String("body", message);
        }

        json.WriteBoolean("isBase64Encoded", !isText);
        json.WriteEndObject();
    }

    public static void WriteDisconnect(
        IBufferWriter<byte> buffer, int status, string reason, WebSocketPeer peer, WebSocketCall call)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        WriteContext(json, "$disconnect", "DISCONNECT", peer, call);
        json.WriteNumber("disconnectStatusCode", status);
        json.WriteString("disconnectReason", reason);
        json.WriteEndObject();
        json.WriteBoolean("isBase64Encoded", false);
        json.WriteEndObject();
    }

    /// <summary>Leaves the context open for what only some events have.</summary>
    private static void WriteContext(
        Utf8JsonWriter json, string routeKey, string eventType, WebSocketPeer peer, WebSocketCall call)
    {
        json.WriteStartObject("requestContext");
        json.WriteString("routeKey", routeKey);
        json.WriteString("eventType", eventType);
        json.WriteString("connectionId", peer.Id);
        json.WriteNumber("connectedAt", peer.ConnectedAt.ToUnixTimeMilliseconds());
        json.WriteString("requestId", call.RequestId);
        json.WriteString("extendedRequestId", call.RequestId);
        json.WriteString(
            "requestTime",
            call.Time.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        json.WriteNumber("requestTimeEpoch", call.Time.ToUnixTimeMilliseconds());
        json.WriteString("messageDirection", "IN");
        json.WriteString("domainName", peer.DomainName);
        json.WriteString("stage", "$default");
        json.WriteString("apiId", peer.Function.Name);
        json.WriteStartObject("identity");
        json.WriteString("sourceIp", peer.SourceIp);
        json.WriteString("userAgent", peer.UserAgent);
        if (peer.CallerArn is { } caller)
        {
            json.WriteString("userArn", caller);
        }

        json.WriteEndObject();
    }

    /// <summary>Names with their last value, and with all of them.</summary>
    private static void WriteValues(
        Utf8JsonWriter json,
        string single,
        string multiple,
        IReadOnlyCollection<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> values)
    {
        json.WriteStartObject(single);
        foreach (var (name, all) in values)
        {
            json.WriteString(name, all.Count > 0 ? all[^1] : "");
        }

        json.WriteEndObject();
        json.WriteStartObject(multiple);
        foreach (var (name, all) in values)
        {
            json.WriteStartArray(name);
            foreach (var value in all)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}

/// <summary>One event's own facts.</summary>
/// <param name="RequestId">The call's id.</param>
/// <param name="Time">When it came.</param>
/// <param name="Path">The path of the upgrade behind the function's address.</param>
internal readonly record struct WebSocketCall(string RequestId, DateTimeOffset Time, string Path);

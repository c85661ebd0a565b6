using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Lambent.Kernel.Webhooks;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Webhooks;

/// <summary>
/// A webhook's request as the event a function gets: payload format 2.0, as a function URL has it, so that a handler
/// written for one works behind the other. The address's secret part is not in it.
/// </summary>
internal static class WebhookEvent
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(
        HttpRequest request,
        string path,
        ReadOnlyMemory<byte> body,
        WebhookId webhook,
        string eventId,
        DateTimeOffset now)
    {
        using var buffer = new MemoryStream(body.Length + 1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("version", "2.0");
            json.WriteString("routeKey", "$default");
            json.WriteString("rawPath", path);
            json.WriteString("rawQueryString", request.QueryString.Value is { Length: > 0 } query ? query[1..] : "");
            WriteHeaders(json, request.Headers);
            WriteQuery(json, request.Query);
            WriteContext(json, request, path, webhook, eventId, now);
            WriteBody(json, body.Span);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteHeaders(Utf8JsonWriter json, IHeaderDictionary headers)
    {
        json.WriteStartObject("headers");
        foreach (var (name, values) in headers)
        {
            if (name.Length > 0 && name[0] != ':')
            {
                json.WriteString(name.ToLowerInvariant(), string.Join(',', values.AsEnumerable()));
            }
        }

        json.WriteEndObject();
    }

    private static void WriteQuery(Utf8JsonWriter json, IQueryCollection query)
    {
        if (query.Count == 0)
        {
            return;
        }

        json.WriteStartObject("queryStringParameters");
        foreach (var (name, values) in query)
        {
            json.WriteString(name, string.Join(',', values.AsEnumerable()));
        }

        json.WriteEndObject();
    }

    private static void WriteContext(
        Utf8JsonWriter json,
        HttpRequest request,
        string path,
        WebhookId webhook,
        string eventId,
        DateTimeOffset now)
    {
        json.WriteStartObject("requestContext");
        json.WriteString("accountId", webhook.Account.Value);
        json.WriteString("apiId", $"webhook:{webhook.Name}");
        json.WriteString("domainName", request.Host.Host);
        json.WriteStartObject("http");
        json.WriteString("method", request.Method);
        json.WriteString("path", path);
        json.WriteString("protocol", request.Protocol);
        json.WriteString("sourceIp", request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "");
        json.WriteString("userAgent", request.Headers.UserAgent.ToString());
        json.WriteEndObject();
        json.WriteString("requestId", eventId);
        json.WriteString("routeKey", "$default");
        json.WriteString("stage", "$default");
        var time = now.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture);
        json.WriteString("time", time);
        json.WriteNumber("timeEpoch", now.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            json.WriteBoolean("isBase64Encoded", false);
            return;
        }

        var isText = Utf8.IsValid(body);
        if (isText)
        {
            json.WriteString("body", body);
        }
        else
        {
            json.WriteBase64String("body", body);
        }

        json.WriteBoolean("isBase64Encoded", !isText);
    }
}

using System.Globalization;
using System.Text.Json;

namespace Lambent.Server.Ingress.WebSockets;

/// <summary>
/// What a handler answered to an event of a connection, in the shape of API Gateway's proxy integration.
/// </summary>
internal sealed class WebSocketReply
{
    /// <summary>200 when the handler named none.</summary>
    public int Status { get; private init; } = 200;

    /// <summary>The subprotocol that the handler chose, or null.</summary>
    public string? Subprotocol { get; private init; }

    /// <summary>The message to send back, or null.</summary>
    public byte[]? Body { get; private init; }

    public bool IsBinary { get; private init; }

    /// <summary>Null when it is not JSON, or a member is not what it must be.</summary>
    public static WebSocketReply? TryRead(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.String => new WebSocketReply { Body = Text(root) },
                JsonValueKind.Object => ReadObject(root),
                _ => new WebSocketReply(),
            };
        }
        catch (Exception exception) when (
            exception is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static WebSocketReply ReadObject(JsonElement root)
    {
        var binary = root.TryGetProperty("isBase64Encoded", out var encoded) && encoded.ValueKind == JsonValueKind.True;
        return new WebSocketReply
        {
            Status = root.TryGetProperty("statusCode", out var status) && status.ValueKind != JsonValueKind.Null
                ? StatusOf(status)
                : 200,
            Subprotocol = SubprotocolOf(root),
            IsBinary = binary,
            Body = !root.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.String ? null
                : binary ? body.GetBytesFromBase64()
                : Text(body),
        };
    }

    private static int StatusOf(JsonElement status)
    {
        var text = status.ValueKind == JsonValueKind.String ? status.GetString() : status.GetRawText();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 100 and <= 599
                ? value
                : throw new FormatException("No status.");
    }

    private static string? SubprotocolOf(JsonElement root)
    {
        if (!root.TryGetProperty("headers", out var headers) || headers.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var header in headers.EnumerateObject())
        {
            if (header.Name.Equals("Sec-WebSocket-Protocol", StringComparison.OrdinalIgnoreCase)
                && header.Value.ValueKind == JsonValueKind.String)
            {
                return header.Value.GetString();
            }
        }

        return null;
    }

    private static byte[] Text(JsonElement text) => System.Text.Encoding.UTF8.GetBytes(text.GetString()!);
}

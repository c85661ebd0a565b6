using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lambent.Kernel.Webhooks;

/// <summary>
/// What senders do besides sending: they try out an address first, and send again what they are unsure of.
/// </summary>
public static class InboundProtocol
{
    /// <summary>
    /// The text to answer a sender's trial with, which makes no event; null for a request that is meant.
    /// </summary>
    /// <param name="scheme">Only GitHub and Slack try out addresses.</param>
    /// <param name="header">A request's header by name, or null.</param>
    /// <param name="body">Verified.</param>
    public static string? Trial(SignatureScheme scheme, Func<string, string?> header, ReadOnlyMemory<byte> body) =>
        scheme switch
        {
            SignatureScheme.GitHub when header("X-GitHub-Event") == "ping" => "pong",
            SignatureScheme.Slack when Member(body, "type") == "url_verification" => Member(body, "challenge") ?? "",
            _ => null,
        };

    /// <summary>
    /// What makes a request the same as an earlier one, or null when nothing does. Where the sender gives no id, the
    /// signature over a time is one: the same twice is a copy.
    /// </summary>
    public static string? DeliveryId(WebhookSource source, Func<string, string?> header, ReadOnlyMemory<byte> body)
    {
        var id = source.DeliveryHeader is { } chosen ? header(chosen) : source.Scheme switch
        {
            SignatureScheme.GitHub => header("X-GitHub-Delivery"),
            SignatureScheme.Standard => header(StandardSignature.IdHeader),
            SignatureScheme.Stripe => Member(body, "id") ?? header("Stripe-Signature"),
            SignatureScheme.Slack => Member(body, "event_id") ?? header("X-Slack-Signature"),
            SignatureScheme.Hmac when source.Format?.TimestampHeader is not null => header(source.Format.Header),
            _ => null,
        };
        if (string.IsNullOrEmpty(id))
        {
            return null;
        }

        // Ids are kept as they are while they are short; what is longer is kept by its digest.
        return id.Length <= Limits.WebhookDeliveryIdLengthMax
            ? id
            : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    private static string? Member(ReadOnlyMemory<byte> body, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String
                    ? value.GetString()
                    : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Slack's commands come as forms; they have no such members. Half a surrogate pair is no text.
            return null;
        }
    }
}

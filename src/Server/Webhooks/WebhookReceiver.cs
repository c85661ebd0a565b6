using System.Text.Json;
using System.Text.Unicode;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Webhooks;

/// <summary>What a request to a webhook came to.</summary>
/// <param name="EventId">The event it made, or that an earlier one with the same id made; null for a trial.</param>
/// <param name="IsRepeat">Whether an earlier request had made the event.</param>
/// <param name="Trial">What a sender's trial is answered with, or null.</param>
internal sealed record WebhookReceipt(string? EventId, bool IsRepeat, string? Trial);

/// <summary>
/// Turns a verified request into an event for a function or a message for a queue. When the task completes it is on
/// stable storage.
/// </summary>
internal sealed class WebhookReceiver(IStore store, TargetWriter writer, Func<string> newId, TimeProvider time)
{
    private const int ForgottenAtOnce = 8;

    public Webhook? Find(string token) => store.Read(transaction => transaction.Webhooks.FindByToken(token));

    public async Task<Result<WebhookReceipt>> ReceiveAsync(
        Webhook webhook, HttpRequest request, string path, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var source = webhook.Inbound!;
        var now = time.GetUtcNow();
        string? Header(string name) =>
            request.Headers.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

        var secrets = webhook.SecretsAt(now).ToList();
        if (InboundSignature.Verify(source, secrets, Header, body.Span, now).Error is { } unsigned)
        {
            return unsigned;
        }

        if (InboundProtocol.Trial(source.Scheme, Header, body) is { } trial)
        {
            return new WebhookReceipt(null, false, trial);
        }

        var eventId = newId();
        Result<ReadOnlyMemory<byte>> made = source.Payload == WebhookPayload.Event
            ? new ReadOnlyMemory<byte>(WebhookEvent.Write(request, path, body, webhook.Id, eventId, now))
            : Plain(source, body);
        if (made.Failed(out var payload, out var unusable))
        {
            return unusable;
        }

        var deliveryId = InboundProtocol.DeliveryId(source, Header, body);
        var trace = TraceHeaders.ReadText(request.Headers);
        return await AcceptAsync(webhook, eventId, payload, new(deliveryId, trace, now), cancellation);
    }

    /// <summary>Hands a payload to the webhook's target as a request would have.</summary>
    public Task<Result<WebhookReceipt>> AcceptAsync(
        Webhook webhook, string eventId, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        AcceptAsync(webhook, eventId, payload, new(null, null, time.GetUtcNow()), cancellation);

    private async Task<Result<WebhookReceipt>> AcceptAsync(
        Webhook webhook,
        string eventId,
        ReadOnlyMemory<byte> payload,
        Arrival arrival,
        CancellationToken cancellation)
    {
        var (deliveryId, _, now) = arrival;
        var accepted = await store.WriteAsync<WebhookReceipt>(
            transaction =>
            {
                // Deleted or changed since it was found: what is true is what the transaction sees.
                if (transaction.Webhooks.FindByToken(webhook.Inbound!.Token) is not { Inbound: { } source } current)
                {
                    return WebhookService.NotFound(webhook.Id);
                }

                if (deliveryId is not null
                    && transaction.Webhooks.FindDelivery(source.Token, deliveryId, now) is { } earlier)
                {
                    return new WebhookReceipt(earlier, IsRepeat: true, null);
                }

                if (TargetWriter.Put(transaction, source.Target, Delivery(current, eventId, payload, arrival)).Error
                    is { } refused)
                {
                    return refused;
                }

                if (deliveryId is not null)
                {
                    transaction.Webhooks.PutDelivery(
                        source.Token, deliveryId, eventId, now + Limits.WebhookDeliveryRetention);
                    transaction.Webhooks.ForgetDeliveries(now, ForgottenAtOnce);
                }

                return new WebhookReceipt(eventId, IsRepeat: false, null);
            },
            cancellation);
        if (accepted is { IsSuccess: true, Value.IsRepeat: false })
        {
            writer.Announce(webhook.Inbound!.Target);
        }

        return accepted;
    }

    /// <summary>What its request told besides the payload.</summary>
    private sealed record Arrival(string? DeliveryId, string? TraceHeader, DateTimeOffset At);

    private static TargetDelivery Delivery(
        Webhook webhook, string eventId, ReadOnlyMemory<byte> payload, Arrival arrival) => new()
    {
        Id = eventId,
        Payload = payload,
        Source = $"webhook:{webhook.Id.Name}",
        At = arrival.At,
        GroupId = webhook.Id.Name,
        TraceHeader = arrival.TraceHeader,
    };

    /// <summary>The body as it is, where its target can take it.</summary>
    private static Result<ReadOnlyMemory<byte>> Plain(WebhookSource source, ReadOnlyMemory<byte> body)
    {
        if (source.Target.Kind == DeliveryTargetKind.Queue)
        {
            return Utf8.IsValid(body.Span)
                ? body
                : new Error(ErrorCode.InvalidRequestContent, "The body is not text in UTF-8, as a message must be.");
        }

        if (body.IsEmpty)
        {
            return new ReadOnlyMemory<byte>("{}"u8.ToArray());
        }

        try
        {
            var reader = new Utf8JsonReader(body.Span);
            while (reader.Read())
            {
                // Only whether it can be read.
            }

            return body;
        }
        catch (JsonException)
        {
            return new Error(
                ErrorCode.InvalidRequestContent,
                "The body is not JSON, as a function's event must be. A webhook with the payload 'event' takes any "
                + "body.");
        }
    }
}

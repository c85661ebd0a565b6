using System.Collections.Immutable;
using Lambent.Kernel.Events;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Webhooks;

/// <summary>What a caller wants to have: either <see cref="Target"/> or <see cref="Url"/>.</summary>
internal sealed record WebhookDraft
{
    public required WebhookId Id { get; init; }

    /// <summary>Of an inbound one: what gets the requests.</summary>
    public DeliveryTarget? Target { get; init; }

    public SignatureScheme Scheme { get; init; }

    public SignatureFormat? Format { get; init; }

    public int? ToleranceSeconds { get; init; }

    public WebhookPayload Payload { get; init; }

    public string? DeliveryHeader { get; init; }

    public int? RateMax { get; init; }

    /// <summary>Of an outbound one: where it is called.</summary>
    public string? Url { get; init; }

    /// <summary>Empty: all.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    public string? Subject { get; init; }

    /// <summary>Null: one is made where one is needed.</summary>
    public string? Secret { get; init; }
}

/// <summary>A webhook whose secret is shown now and never again.</summary>
/// <param name="Secret">Null when it has none.</param>
internal sealed record IssuedWebhook(Webhook Webhook, string? Secret);

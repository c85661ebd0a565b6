using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Native;

/// <summary>
/// What POST /v1/webhooks takes: <see cref="Target"/> for requests to here, <see cref="Url"/> for calls.
/// </summary>
internal sealed record CreateWebhookRequest
{
    public string? Name { get; init; }

    /// <summary>An ARN, a function's name with or without :QUALIFIER, or queue:NAME.</summary>
    public string? Target { get; init; }

    /// <summary>none, github, stripe, slack, standard or hmac.</summary>
    public string? Scheme { get; init; }

    public string? Secret { get; init; }

    /// <summary>event or body.</summary>
    public string? Payload { get; init; }

    public string? Header { get; init; }

    public string? Algorithm { get; init; }

    public string? Encoding { get; init; }

    public string? Prefix { get; init; }

    public string? TimestampHeader { get; init; }

    public string? DeliveryHeader { get; init; }

    public int? ToleranceSeconds { get; init; }

    public int? Rate { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<string?>? Types { get; init; }

    public string? Subject { get; init; }
}

/// <param name="OverlapSeconds">How long the secret before still counts; null: a day.</param>
internal sealed record RotateWebhookRequest(string? Secret, int? OverlapSeconds);

internal sealed record WebhooksAnswer(IReadOnlyList<WebhookAnswer> Webhooks, string? Next);

/// <summary>A webhook without its secrets; what does not apply is left out.</summary>
internal sealed record WebhookAnswer
{
    public required string Name { get; init; }

    /// <summary>in or out.</summary>
    public required string Direction { get; init; }

    /// <summary>Of an inbound one: where to send requests.</summary>
    public string? Address { get; init; }

    public string? Target { get; init; }

    public string? Scheme { get; init; }

    public string? Header { get; init; }

    public string? Algorithm { get; init; }

    public string? Encoding { get; init; }

    public string? Prefix { get; init; }

    public string? TimestampHeader { get; init; }

    public string? DeliveryHeader { get; init; }

    public int? ToleranceSeconds { get; init; }

    public string? Payload { get; init; }

    public int? Rate { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<string>? Types { get; init; }

    public string? Subject { get; init; }

    public string? DisabledReason { get; init; }

    /// <summary>When the secret that was changed counts no more; null when there is only one.</summary>
    public DateTimeOffset? FormerSecretEndsAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Secret { get; init; }

    public static WebhookAnswer From(
        Webhook webhook, Uri server, string region, DateTimeOffset now, string? secret = null)
    {
        var (source, callback) = (webhook.Inbound, webhook.Outbound);
        return new WebhookAnswer
        {
            Name = webhook.Id.Name,
            Direction = source is null ? "out" : "in",
            Address = source is null ? null : new Uri(server, $"/hooks/{source.Token}").ToString(),
            Target = source?.Target.Arn(region),
            Scheme = source?.Scheme.ToString().ToLowerInvariant(),
            Header = source?.Format?.Header,
            Algorithm = source?.Format?.Algorithm,
            Encoding = source?.Format?.Encoding,
            Prefix = source?.Format?.Prefix is { Length: > 0 } prefix ? prefix : null,
            TimestampHeader = source?.Format?.TimestampHeader,
            DeliveryHeader = source?.DeliveryHeader,
            ToleranceSeconds = source?.ToleranceSeconds,
            Payload = source?.Payload.ToString().ToLowerInvariant(),
            Rate = source?.RateMax,
            Url = callback?.Url,
            Types = callback?.Types,
            Subject = callback?.Subject,
            DisabledReason = callback?.DisabledReason,
            FormerSecretEndsAt = webhook.SecretsAt(now).Skip(1).FirstOrDefault()?.EndsAt,
            CreatedAt = webhook.CreatedAt,
            LastModifiedAt = webhook.LastModifiedAt,
            Secret = secret,
        };
    }
}

/// <param name="Delivered">Whether the other side took it, or the event was accepted.</param>
/// <param name="EventId">The event that was made, or the id that the callback carried.</param>
/// <param name="Status">The HTTP status of a callback's answer, or null.</param>
/// <param name="Problem">What went wrong, or null.</param>
internal sealed record WebhookTestAnswer(bool Delivered, string? EventId, int? Status, string? Problem);

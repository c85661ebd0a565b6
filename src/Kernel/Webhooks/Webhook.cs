using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;

namespace Lambent.Kernel.Webhooks;

/// <summary>A webhook's account and name.</summary>
public readonly record struct WebhookId(AccountId Account, string Name);

/// <summary>
/// A connection to a program outside: either an address at which POST requests become events, or an address outside
/// that is told of changes here. Exactly one of <see cref="Inbound"/> and <see cref="Outbound"/> is set.
/// </summary>
public sealed record Webhook
{
    public required WebhookId Id { get; init; }

    public WebhookSource? Inbound { get; init; }

    public WebhookCallback? Outbound { get; init; }

    /// <summary>
    /// The newest first. All that have not ended verify requests and sign callbacks, so that a secret can be changed
    /// without a moment at which the two sides disagree. Empty only for an address without signatures.
    /// </summary>
    public ImmutableArray<WebhookSecret> Secrets { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }

    /// <summary>The secrets that count at this time, at least the newest.</summary>
    public IEnumerable<WebhookSecret> SecretsAt(DateTimeOffset now) =>
        Secrets.Where((secret, index) => index == 0 || secret.EndsAt is not { } end || now < end);
}

/// <summary>What both sides know and nobody else.</summary>
/// <param name="Text">As the other side has it, such as whsec_….</param>
/// <param name="CreatedAt">When it became this webhook's.</param>
/// <param name="EndsAt">When it counts no more; null while it is the newest.</param>
public sealed record WebhookSecret(string Text, DateTimeOffset CreatedAt, DateTimeOffset? EndsAt = null)
{
    /// <summary>Never the secret: records are printed into logs.</summary>
    public override string ToString() => $"a secret of {CreatedAt:O}";
}

/// <summary>An address here at which POST requests become events.</summary>
public sealed record WebhookSource
{
    /// <summary>The part of the address that cannot be guessed.</summary>
    public required string Token { get; init; }

    public required SignatureScheme Scheme { get; init; }

    /// <summary>Only for <see cref="SignatureScheme.Hmac"/>.</summary>
    public SignatureFormat? Format { get; init; }

    /// <summary>How far a signed time may be from now, in seconds; for schemes that sign one.</summary>
    public int ToleranceSeconds { get; init; } = Limits.WebhookToleranceSecondsDefault;

    /// <summary>A function or a queue.</summary>
    public required DeliveryTarget Target { get; init; }

    public WebhookPayload Payload { get; init; } = WebhookPayload.Event;

    /// <summary>
    /// A header whose value identifies a delivery, so that one that is sent again makes no second event; null: the one
    /// the scheme has, if it has one.
    /// </summary>
    public string? DeliveryHeader { get; init; }

    /// <summary>Requests a second, on average, above which they are refused.</summary>
    public int RateMax { get; init; } = Limits.WebhookRateDefault;
}

/// <summary>What becomes of a request's body.</summary>
public enum WebhookPayload
{
    /// <summary>The whole request as an HTTP event, payload format 2.0, as from a function URL.</summary>
    Event,

    /// <summary>The body alone; for a function it must be JSON.</summary>
    Body,
}

/// <summary>An address outside that is told of changes here.</summary>
public sealed record WebhookCallback
{
    public required string Url { get; init; }

    /// <summary>Types of changes, such as event.failed; event.* for all of one kind, * for all.</summary>
    public ImmutableArray<string> Types { get; init; } = ["*"];

    /// <summary>Only changes of the function or queue of this name; null for all.</summary>
    public string? Subject { get; init; }

    /// <summary>Why nothing is sent any more, or null while it is.</summary>
    public string? DisabledReason { get; init; }

    public bool Wants(StateChange change) =>
        DisabledReason is null
        && (Subject is null || Subject == change.Subject)
        && Types.Any(type => StateChange.Matches(type, change.Type));
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Webhooks;

namespace Lambent.Storage.Documents;

internal sealed class WebhookDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public WebhookSourceDocument? Inbound { get; set; }

    public WebhookCallbackDocument? Outbound { get; set; }

    public WebhookSecretDocument[] Secrets { get; set; } = [];

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset LastModifiedAt { get; set; }

    public static WebhookDocument From(Webhook webhook) => new()
    {
        Account = webhook.Id.Account.Value,
        Name = webhook.Id.Name,
        Inbound = webhook.Inbound is { } source ? WebhookSourceDocument.Of(source) : null,
        Outbound = webhook.Outbound is { } callback ? WebhookCallbackDocument.Of(callback) : null,
        Secrets =
        [
            .. webhook.Secrets.Select(secret => new WebhookSecretDocument
            {
                Text = secret.Text,
                CreatedAt = secret.CreatedAt,
                EndsAt = secret.EndsAt,
            }),
        ],
        CreatedAt = webhook.CreatedAt,
        LastModifiedAt = webhook.LastModifiedAt,
    };

    public Webhook ToWebhook()
    {
        var account = AccountId.Parse(Account);
        return new Webhook
        {
            Id = new WebhookId(account, Name),
            Inbound = Inbound?.ToSource(account),
            Outbound = Outbound?.ToCallback(),
            Secrets = [.. Secrets.Select(secret => new WebhookSecret(secret.Text, secret.CreatedAt, secret.EndsAt))],
            CreatedAt = CreatedAt,
            LastModifiedAt = LastModifiedAt,
        };
    }
}

internal sealed class WebhookSecretDocument
{
    public required string Text { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? EndsAt { get; set; }
}

internal sealed class WebhookSourceDocument
{
    public required string Token { get; set; }

    public required SignatureScheme Scheme { get; set; }

    public SignatureFormatDocument? Format { get; set; }

    public int ToleranceSeconds { get; set; } = Limits.WebhookToleranceSecondsDefault;

    public required DeliveryTargetKind TargetKind { get; set; }

    public required string TargetName { get; set; }

    public string? TargetQualifier { get; set; }

    public WebhookPayload Payload { get; set; }

    public string? DeliveryHeader { get; set; }

    public int RateMax { get; set; } = Limits.WebhookRateDefault;

    public static WebhookSourceDocument Of(WebhookSource source) => new()
    {
        Token = source.Token,
        Scheme = source.Scheme,
        Format = source.Format is { } format ? SignatureFormatDocument.Of(format) : null,
        ToleranceSeconds = source.ToleranceSeconds,
        TargetKind = source.Target.Kind,
        TargetName = source.Target.Name,
        TargetQualifier = source.Target.Qualifier,
        Payload = source.Payload,
        DeliveryHeader = source.DeliveryHeader,
        RateMax = source.RateMax,
    };

    /// <param name="account">A target is always one of the webhook's own account.</param>
    public WebhookSource ToSource(AccountId account) => new()
    {
        Token = Token,
        Scheme = Scheme,
        Format = Format?.ToFormat(),
        ToleranceSeconds = ToleranceSeconds,
        Target = new DeliveryTarget(account, TargetKind, TargetName, TargetQualifier),
        Payload = Payload,
        DeliveryHeader = DeliveryHeader,
        RateMax = RateMax,
    };
}

internal sealed class SignatureFormatDocument
{
    public required string Header { get; set; }

    public required string Algorithm { get; set; }

    public required string Encoding { get; set; }

    public string Prefix { get; set; } = "";

    public string? TimestampHeader { get; set; }

    public static SignatureFormatDocument Of(SignatureFormat format) => new()
    {
        Header = format.Header,
        Algorithm = format.Algorithm,
        Encoding = format.Encoding,
        Prefix = format.Prefix,
        TimestampHeader = format.TimestampHeader,
    };

    public SignatureFormat ToFormat() => new()
    {
        Header = Header,
        Algorithm = Algorithm,
        Encoding = Encoding,
        Prefix = Prefix,
        TimestampHeader = TimestampHeader,
    };
}

internal sealed class WebhookCallbackDocument
{
    public required string Url { get; set; }

    public string[] Types { get; set; } = [];

    public string? Subject { get; set; }

    public string? DisabledReason { get; set; }

    public static WebhookCallbackDocument Of(WebhookCallback callback) => new()
    {
        Url = callback.Url,
        Types = [.. callback.Types],
        Subject = callback.Subject,
        DisabledReason = callback.DisabledReason,
    };

    public WebhookCallback ToCallback() => new()
    {
        Url = Url,
        Types = [.. Types],
        Subject = Subject,
        DisabledReason = DisabledReason,
    };
}

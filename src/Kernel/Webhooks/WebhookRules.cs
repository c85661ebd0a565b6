using System.Text.RegularExpressions;

namespace Lambent.Kernel.Webhooks;

/// <summary>What every webhook must be.</summary>
public static partial class WebhookRules
{
    /// <summary>Why the webhook cannot be, or null.</summary>
    public static Error? Check(Webhook webhook)
    {
        if (!NamePattern().IsMatch(webhook.Id.Name))
        {
            return Invalid(
                $"A webhook's name has 1 to {Limits.WebhookNameLengthMax} letters, digits, hyphens and underscores.",
                "name");
        }

        return webhook.Inbound is { } source ? CheckSource(source, webhook)
            : webhook.Outbound is { } callback ? CheckCallback(callback, webhook)
            : Invalid("A webhook has a target here or an address outside.", "target");
    }

    /// <summary>
    /// The address of a callback, or what is wrong with it. Where it leads is checked when it is used.
    /// </summary>
    public static Result<Uri> ParseUrl(string url)
    {
        if (url.Length > Limits.WebhookUrlLengthMax)
        {
            return Invalid($"The URL has more than {Limits.WebhookUrlLengthMax} characters.", "url");
        }

        if (url.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character == '\\')
            || !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || parsed.Scheme is not ("http" or "https")
            || parsed.Host.Length == 0)
        {
            return Invalid("The URL must be an absolute one that starts with https:// or http://.", "url");
        }

        if (parsed.UserInfo.Length > 0)
        {
            return Invalid("The URL must not hold a user name or password: callbacks are signed instead.", "url");
        }

        return parsed.Fragment.Length > 0
            ? Invalid("The URL must not have a fragment: it would never be sent.", "url")
            : parsed;
    }

    /// <summary>Why a secret cannot be used with a scheme, or null.</summary>
    public static Error? CheckSecret(SignatureScheme scheme, string secret)
    {
        if (secret.Length is < Limits.WebhookSecretLengthMin or > Limits.WebhookSecretLengthMax
            || secret.Any(character => character is < ' ' or > '~'))
        {
            return Invalid(
                $"The secret must have {Limits.WebhookSecretLengthMin} to {Limits.WebhookSecretLengthMax} printable "
                + "ASCII characters.",
                "secret");
        }

        return scheme == SignatureScheme.Standard && StandardSignature.Key(secret) is null
            ? Invalid("The secret must be whsec_ and the base64 text of 24 to 64 bytes.", "secret")
            : null;
    }

    private static Error? CheckSource(WebhookSource source, Webhook webhook)
    {
        if (source.ToleranceSeconds is < 1 or > Limits.WebhookToleranceSecondsMax)
        {
            return Invalid(
                $"The tolerance must be 1 to {Limits.WebhookToleranceSecondsMax} s.", "toleranceSeconds");
        }

        if (source.RateMax is < 1 or > Limits.WebhookRateMax)
        {
            return Invalid($"The rate must be 1 to {Limits.WebhookRateMax} requests a second.", "rate");
        }

        if (source.DeliveryHeader is { } deliveryHeader && !HeaderPattern().IsMatch(deliveryHeader))
        {
            return Invalid("The delivery header is not the name of an HTTP header.", "deliveryHeader");
        }

        if (source.Scheme == SignatureScheme.None)
        {
            return webhook.Secrets.IsEmpty ? null : Invalid("A webhook without signatures has no secret.", "secret");
        }

        return CheckFormat(source) ?? CheckSecrets(source.Scheme, webhook);
    }

    private static Error? CheckFormat(WebhookSource source)
    {
        if (source.Scheme != SignatureScheme.Hmac)
        {
            return source.Format is null
                ? null
                : Invalid("A header, an algorithm and the like are only for the scheme hmac.", "header");
        }

        if (source.Format is not { } format || !HeaderPattern().IsMatch(format.Header))
        {
            return Invalid("The scheme hmac needs the name of the header with the signature.", "header");
        }

        if (format.Algorithm is not ("sha1" or "sha256" or "sha384" or "sha512"))
        {
            return Invalid("The algorithm must be sha1, sha256, sha384 or sha512.", "algorithm");
        }

        if (format.Encoding is not ("hex" or "base64"))
        {
            return Invalid("The encoding must be hex or base64.", "encoding");
        }

        if (format.TimestampHeader is { } timestampHeader && !HeaderPattern().IsMatch(timestampHeader))
        {
            return Invalid("The timestamp header is not the name of an HTTP header.", "timestampHeader");
        }

        return format.Prefix.Length <= 32 && format.Prefix.All(character => character is > ' ' and <= '~')
            ? null
            : Invalid("The prefix must have at most 32 printable ASCII characters.", "prefix");
    }

    private static Error? CheckCallback(WebhookCallback callback, Webhook webhook)
    {
        if (ParseUrl(callback.Url).Error is { } wrong)
        {
            return wrong;
        }

        if (callback.Types.IsEmpty || callback.Types.Length > Limits.WebhookTypesMax)
        {
            return Invalid($"1 to {Limits.WebhookTypesMax} types are expected.", "types");
        }

        return callback.Types.FirstOrDefault(type => !StateChange.IsPattern(type)) is { } unknown
            ? Invalid(
                $"There is no change of the type '{unknown}'. There are {string.Join(", ", StateChange.Types)}; "
                + "event.* means all of a kind, * all.",
                "types")
            : CheckSecrets(SignatureScheme.Standard, webhook);
    }

    private static Error? CheckSecrets(SignatureScheme scheme, Webhook webhook) => webhook.Secrets.IsEmpty
        ? Invalid("A secret is needed.", "secret")
        : webhook.Secrets.Select(secret => CheckSecret(scheme, secret.Text)).FirstOrDefault(error => error is not null);

    private static Error Invalid(string message, string field) => new(ErrorCode.InvalidParameter, message, field);

    [GeneratedRegex(@"^[a-zA-Z0-9-_]{1,64}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,100}\z")]
    private static partial Regex HeaderPattern();
}

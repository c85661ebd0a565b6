namespace Lambent.Kernel.Webhooks;

/// <summary>How requests prove who sent them.</summary>
public enum SignatureScheme
{
    /// <summary>Not at all: who knows the address may use it.</summary>
    None,

    /// <summary>X-Hub-Signature-256 (docs.github.com, "Validating webhook deliveries").</summary>
    GitHub,

    /// <summary>Stripe-Signature with a time (docs.stripe.com, "Verify webhook signatures manually").</summary>
    Stripe,

    /// <summary>X-Slack-Signature with a time (docs.slack.dev, "Verifying requests from Slack").</summary>
    Slack,

    /// <summary>webhook-signature (standardwebhooks.com), as callbacks from here have it.</summary>
    Standard,

    /// <summary>A header with an HMAC of the body, see <see cref="SignatureFormat"/>.</summary>
    Hmac,
}

/// <summary>Where an HMAC is and how it is written.</summary>
public sealed record SignatureFormat
{
    public required string Header { get; init; }

    /// <summary>sha1, sha256, sha384 or sha512.</summary>
    public string Algorithm { get; init; } = "sha256";

    /// <summary>hex or base64.</summary>
    public string Encoding { get; init; } = "hex";

    /// <summary>What stands before the signature, such as sha256=.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// A header with the seconds since 1970; then what is signed is that, a dot, and the body. Null: the body alone.
    /// </summary>
    public string? TimestampHeader { get; init; }
}

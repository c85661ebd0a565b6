using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Kernel.Webhooks;

/// <summary>
/// Whether a request was signed by who knows the secret. Every comparison takes the same time wherever it fails, and
/// all signatures and secrets are tried, so that the time tells nothing of either.
/// </summary>
public static class InboundSignature
{
    /// <summary>A sender that changes its secret signs with two; more are not looked at.</summary>
    private const int SignaturesMax = 8;

    /// <summary>Done, or why the request is refused.</summary>
    /// <param name="source">How it must be signed.</param>
    /// <param name="secrets">Those that count now.</param>
    /// <param name="header">A request's header by name, or null.</param>
    /// <param name="body">The bytes as they came.</param>
    /// <param name="now">For signed times.</param>
    public static Result<Done> Verify(
        WebhookSource source,
        IReadOnlyList<WebhookSecret> secrets,
        Func<string, string?> header,
        ReadOnlySpan<byte> body,
        DateTimeOffset now)
    {
        if (source.Scheme == SignatureScheme.None)
        {
            return Done.Value;
        }

        if (Read(source, header).Failed(out var signed, out var incomplete))
        {
            return incomplete;
        }

        if (signed.Timestamp is { } timestamp && CheckTime(timestamp, source.ToleranceSeconds, now) is { } stale)
        {
            return stale;
        }

        var matches = false;
        foreach (var secret in secrets)
        {
            var expected = Mac(signed, Key(source.Scheme, secret.Text), body);
            foreach (var signature in signed.Signatures)
            {
                matches |= CryptographicOperations.FixedTimeEquals(expected, signature);
            }
        }

        return matches
            ? Done.Value
            : new Error(
                ErrorCode.SignatureMismatch,
                $"The signature in {signed.Header} does not match: the secret is another one, or the body was changed "
                + "on its way.",
                signed.Header);
    }

    /// <summary>The bytes a scheme makes of a secret's text.</summary>
    internal static byte[] Key(SignatureScheme scheme, string secret) => scheme == SignatureScheme.Standard
        ? StandardSignature.Key(secret) ?? []
        : Encoding.UTF8.GetBytes(secret);

    private static Result<SignedRequest> Read(WebhookSource source, Func<string, string?> header) =>
        source.Scheme switch
        {
            SignatureScheme.GitHub => ReadPlain(
                new SignatureFormat { Header = "X-Hub-Signature-256", Prefix = "sha256=" }, header),
            SignatureScheme.Hmac => ReadPlain(source.Format!, header),
            SignatureScheme.Stripe => ReadStripe(header),
            SignatureScheme.Slack => ReadTimed(
                header, "X-Slack-Signature", "X-Slack-Request-Timestamp", "v0:{0}:", text =>
                    text.StartsWith("v0=", StringComparison.Ordinal) ? [Hex(text.AsSpan(3))] : []),
            SignatureScheme.Standard => ReadStandard(header),
            _ => throw new ArgumentOutOfRangeException(nameof(source), source.Scheme, "The scheme is unknown."),
        };

    private static Result<SignedRequest> ReadPlain(SignatureFormat format, Func<string, string?> header)
    {
        byte[]?[] Decode(string text) => !text.StartsWith(format.Prefix, StringComparison.Ordinal) ? []
            : format.Encoding == "base64" ? [Base64(text.AsSpan(format.Prefix.Length))]
            : [Hex(text.AsSpan(format.Prefix.Length))];

        var algorithm = Algorithm(format.Algorithm);
        if (format.TimestampHeader is { } timestampHeader)
        {
            return ReadTimed(header, format.Header, timestampHeader, "{0}.", Decode)
                .Select(signed => signed with { Algorithm = algorithm });
        }

        return header(format.Header) is { } value
            ? Present(format.Header, Decode(value), "", null).Select(signed => signed with { Algorithm = algorithm })
            : Missing(format.Header);
    }

    private static Result<SignedRequest> ReadTimed(
        Func<string, string?> header,
        string signatureHeader,
        string timestampHeader,
        string prefixFormat,
        Func<string, byte[]?[]> decode)
    {
        if (header(signatureHeader) is not { } value)
        {
            return Missing(signatureHeader);
        }

        return header(timestampHeader) is { } timestamp
            ? Present(
                signatureHeader,
                decode(value),
                string.Format(CultureInfo.InvariantCulture, prefixFormat, timestamp),
                timestamp)
            : Missing(timestampHeader);
    }

    /// <summary>t=1492774577,v1=5257…,v1=…,v0=…: only v1 counts, as Stripe demands.</summary>
    private static Result<SignedRequest> ReadStripe(Func<string, string?> header)
    {
        const string Header = "Stripe-Signature";
        if (header(Header) is not { } value)
        {
            return Missing(Header);
        }

        string? timestamp = null;
        var signatures = new List<byte[]?>();
        foreach (var part in value.Split(','))
        {
            var pair = part.Trim().Split('=', 2);
            if (pair is ["t", var time])
            {
                timestamp ??= time;
            }
            else if (pair is ["v1", var signature] && signatures.Count < SignaturesMax)
            {
                signatures.Add(Hex(signature));
            }
        }

        return timestamp is null
            ? Malformed(Header)
            : Present(Header, [.. signatures], $"{timestamp}.", timestamp);
    }

    private static Result<SignedRequest> ReadStandard(Func<string, string?> header)
    {
        if (header(StandardSignature.IdHeader) is not { Length: > 0 } id)
        {
            return Missing(StandardSignature.IdHeader);
        }

        return ReadTimed(
            header,
            StandardSignature.SignatureHeader,
            StandardSignature.TimestampHeader,
            "{0}.",
            text =>
            [
                .. text.Split(' ').Where(part => part.StartsWith("v1,", StringComparison.Ordinal))
                    .Take(SignaturesMax).Select(part => Base64(part.AsSpan(3))),
            ]).Select(signed => signed with { Prefix = $"{id}.{signed.Prefix}" });
    }

    private static Error? CheckTime(string timestamp, int toleranceSeconds, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return new Error(ErrorCode.SignatureIncomplete, "The signed time is not a number of seconds since 1970.");
        }

        return Math.Abs((double)now.ToUnixTimeSeconds() - seconds) <= toleranceSeconds
            ? null
            : new Error(
                ErrorCode.SignatureExpired,
                $"The signed time is more than {toleranceSeconds} s away from this server's: the request is an old "
                + "one, or a clock is wrong.");
    }

    private static byte[] Mac(SignedRequest signed, byte[] key, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(signed.Algorithm, key);
        mac.AppendData(Encoding.UTF8.GetBytes(signed.Prefix));
        mac.AppendData(body);
        return mac.GetHashAndReset();
    }

    internal static HashAlgorithmName Algorithm(string name) => name switch
    {
        "sha1" => HashAlgorithmName.SHA1,
        "sha384" => HashAlgorithmName.SHA384,
        "sha512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static Result<SignedRequest> Present(
        string header, IEnumerable<byte[]?> signatures, string prefix, string? timestamp)
    {
        var known = signatures.OfType<byte[]>().ToList();
        return known.Count == 0 ? Malformed(header) : new SignedRequest(header, known, prefix, timestamp);
    }

    private static Error Missing(string header) =>
        new(ErrorCode.SignatureIncomplete, $"The header {header} is missing.", header);

    private static Error Malformed(string header) =>
        new(ErrorCode.SignatureIncomplete, $"The header {header} holds no signature of the kind expected.", header);

    private static byte[]? Hex(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 2];
        return text.Length is > 0 and <= 256
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done
                ? bytes
                : null;
    }

    private static byte[]? Base64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[256];
        return text.Length <= 256 && Convert.TryFromBase64Chars(text, bytes, out var length) && length > 0
            ? bytes[..length]
            : null;
    }

    /// <param name="Prefix">What is signed before the body.</param>
    private sealed record SignedRequest(
        string Header, IReadOnlyList<byte[]> Signatures, string Prefix, string? Timestamp)
    {
        public HashAlgorithmName Algorithm { get; init; } = HashAlgorithmName.SHA256;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Kernel.Webhooks;

/// <summary>
/// Signatures after the Standard Webhooks specification (standardwebhooks.com): an HMAC-SHA256 of id, time and body
/// joined by dots, in base64, one for each secret that counts.
/// </summary>
public static class StandardSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    public const string SecretPrefix = "whsec_";

    /// <summary>Of a secret made here: 32 of the 24 to 64 bytes allowed.</summary>
    public const int SecretBytes = 32;

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public static string Sign(
        IEnumerable<WebhookSecret> secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetBytes($"{id}.{Timestamp(at)}.");
        var signatures = new List<string>();
        foreach (var secret in secrets)
        {
            using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(secret.Text) ?? []);
            mac.AppendData(prefix);
            mac.AppendData(body);
            signatures.Add($"v1,{Convert.ToBase64String(mac.GetHashAndReset())}");
        }

        return string.Join(' ', signatures);
    }

    public static string Timestamp(DateTimeOffset at) =>
        at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>The key in a secret's text, or null when it is not base64 of 24 to 64 bytes.</summary>
    public static byte[]? Key(string secret)
    {
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var bytes = new byte[Math.Max(64, text.Length)];
        return Convert.TryFromBase64String(text, bytes, out var length) && length is >= 24 and <= 64
            ? bytes[..length]
            : null;
    }

    /// <param name="random"><see cref="SecretBytes"/> unguessable bytes.</param>
    public static string Secret(ReadOnlySpan<byte> random) => SecretPrefix + Convert.ToBase64String(random);
}

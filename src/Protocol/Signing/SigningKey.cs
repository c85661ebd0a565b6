using System.Security.Cryptography;
using System.Text;

namespace Lambent.Protocol.Signing;

/// <summary>
/// The key that signs one day's requests to one service in one region. It is derived from the secret by four rounds of
/// HMAC, so that it may be handed on without the secret; it costs more than the signature itself and is worth keeping.
/// </summary>
public sealed class SigningKey
{
    private readonly byte[] key;
    private readonly byte[] scope;

    private SigningKey(string date, string region, string service, byte[] key)
    {
        Date = date;
        Region = region;
        Service = service;
        this.key = key;
        scope = Encoding.UTF8.GetBytes($"\n{date}/{region}/{service}/{SignatureNames.Terminator}\n");
    }

    public string Date { get; }

    public string Region { get; }

    public string Service { get; }

    public static SigningKey Derive(string secret, string date, string region, string service)
    {
        var ofDate = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + secret), Encoding.UTF8.GetBytes(date));
        var ofRegion = HMACSHA256.HashData(ofDate, Encoding.UTF8.GetBytes(region));
        var ofService = HMACSHA256.HashData(ofRegion, Encoding.UTF8.GetBytes(service));
        return new SigningKey(date, region, service, HMACSHA256.HashData(ofService, "aws4_request"u8));
    }

    public bool IsFor(ReadOnlySpan<char> date, ReadOnlySpan<char> region, ReadOnlySpan<char> service) =>
        date.SequenceEqual(Date) && region.SequenceEqual(Region) && service.SequenceEqual(Service);

    /// <summary>Signs a canonical request.</summary>
    /// <param name="time">The time in the request, sixteen characters.</param>
    /// <param name="canonicalHash">SHA-256 of the canonical request.</param>
    /// <param name="destination">Takes the 32 bytes of the signature.</param>
    public void Sign(ReadOnlySpan<char> time, ReadOnlySpan<byte> canonicalHash, Span<byte> destination)
    {
        // The string to sign: algorithm, time, scope, hash, one a line.
        var size = 16 + 1 + SigningTime.Length + scope.Length + SignatureNames.HashCharacters;
        var text = size <= 512 ? stackalloc byte[512] : new byte[size];
        "AWS4-HMAC-SHA256\n"u8.CopyTo(text);
        var length = 17;
        length += Encoding.ASCII.GetBytes(time, text[length..]);
        scope.CopyTo(text[length..]);
        length += scope.Length;
        Convert.TryToHexStringLower(canonicalHash, text[length..], out var digits);
        length += digits;
        HMACSHA256.HashData(key, text[..length], destination);
    }

    /// <summary>Signs a chunk of a body, or what follows the last one.</summary>
    /// <param name="algorithm">AWS4-HMAC-SHA256-PAYLOAD or AWS4-HMAC-SHA256-TRAILER.</param>
    /// <param name="time">The time in the request.</param>
    /// <param name="rest">What comes after the scope: the signature before, and hashes, one a line.</param>
    /// <param name="destination">Takes the 32 bytes of the signature.</param>
    public void SignChunk(string algorithm, string time, string rest, Span<byte> destination) => HMACSHA256.HashData(
        key, Encoding.UTF8.GetBytes($"{algorithm}\n{time}{Encoding.UTF8.GetString(scope)}{rest}"), destination);

    /// <summary>Whether a signature, 64 hexadecimal digits, is right; takes the same time for any wrong one.</summary>
    public bool Verify(ReadOnlySpan<char> time, ReadOnlySpan<byte> canonicalHash, ReadOnlySpan<char> signature)
    {
        Span<byte> expected = stackalloc byte[SignatureNames.HashBytes];
        Span<byte> actual = stackalloc byte[SignatureNames.HashBytes];
        Sign(time, canonicalHash, expected);
        return signature.Length == SignatureNames.HashCharacters
            && Convert.FromHexString(signature, actual, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(expected, actual);
    }
}

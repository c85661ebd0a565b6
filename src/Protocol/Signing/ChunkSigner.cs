using System.Security.Cryptography;

namespace Lambent.Protocol.Signing;

/// <summary>
/// Signatures of a body that comes in chunks (aws-chunked). Each covers its chunk and the signature before; the first
/// one before is that of the request's head. For one body, in order.
/// </summary>
/// <param name="key">Signed the head.</param>
/// <param name="time">The time in the head, sixteen characters.</param>
/// <param name="seed">The head's signature, 64 hexadecimal digits.</param>
public sealed class ChunkSigner(SigningKey key, string time, string seed)
{
    private string before = seed;

    /// <summary>The signature of the next chunk, from the SHA-256 of its bytes.</summary>
    public string SignChunk(ReadOnlySpan<byte> hash) => Sign(
        "AWS4-HMAC-SHA256-PAYLOAD",
        $"{before}\n{SignatureNames.EmptyPayloadHash}\n{Convert.ToHexStringLower(hash)}");

    /// <summary>The signature of the headers behind the last chunk, from the SHA-256 of their lines.</summary>
    public string SignTrailer(ReadOnlySpan<byte> hash) => Sign(
        "AWS4-HMAC-SHA256-TRAILER", $"{before}\n{Convert.ToHexStringLower(hash)}");

    public bool VerifyChunk(ReadOnlySpan<byte> hash, ReadOnlySpan<char> signature) =>
        IsSame(SignChunk(hash), signature);

    public bool VerifyTrailer(ReadOnlySpan<byte> hash, ReadOnlySpan<char> signature) =>
        IsSame(SignTrailer(hash), signature);

    private string Sign(string algorithm, string rest)
    {
        Span<byte> signature = stackalloc byte[SignatureNames.HashBytes];
        key.SignChunk(algorithm, time, rest, signature);
        return before = Convert.ToHexStringLower(signature);
    }

    private static bool IsSame(string expected, ReadOnlySpan<char> actual) =>
        actual.Length == expected.Length && CryptographicOperations.FixedTimeEquals(
            System.Text.Encoding.ASCII.GetBytes(expected), System.Text.Encoding.ASCII.GetBytes(actual.ToString()));
}

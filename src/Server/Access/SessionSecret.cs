using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.Server.Access;

/// <summary>Secrets of browsers: 256 random bits each, kept as hashes, compared in constant time.</summary>
internal static class SessionSecret
{
    /// <summary>More characters than this are not a secret of ours and are not hashed.</summary>
    public const int LengthMax = 100;

    private const int RandomBytes = 32;
    private const int IdBytes = 8;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>A name for people, which opens nothing.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static bool Matches(string secret, string hash) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}

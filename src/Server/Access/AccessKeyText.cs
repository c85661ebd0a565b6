using System.Security.Cryptography;

namespace Lambent.Server.Access;

/// <summary>How access keys are spelled: AWS's form, because clients and secret scanners know it.</summary>
internal static class AccessKeyText
{
    public const string LongLivedPrefix = "AKIA";
    public const string SessionPrefix = "ASIA";

    /// <summary>Random bytes behind an id: 16 characters of 5 bits.</summary>
    public const int IdBytes = 10;

    /// <summary>Bytes behind a secret: 40 characters of 6 bits.</summary>
    public const int SecretBytes = 30;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string NewId() => Id(LongLivedPrefix, RandomNumberGenerator.GetBytes(IdBytes));

    public static string NewSecret() => Secret(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string Id(string prefix, ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[16];
        for (var index = 0; index < text.Length; index++)
        {
            var bit = index * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < IdBytes ? bytes[(bit / 8) + 1] : 0);
            text[index] = Base32[(pair >> (11 - (bit % 8))) & 31];
        }

        return string.Concat(prefix, text);
    }

    public static string Secret(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes[..SecretBytes]);
}

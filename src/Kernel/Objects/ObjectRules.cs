using System.Buffers;
using System.Text;

namespace Lambent.Kernel.Objects;

/// <summary>What buckets and keys may be called, as Amazon S3 has it.</summary>
public static class ObjectRules
{
    private const int BucketNameLengthMin = 3;
    private const int BucketNameLengthMax = 63;

    private static readonly SearchValues<char> BucketCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-");

    private static readonly string[] ReservedPrefixes = ["xn--", "sthree-"];
    private static readonly string[] ReservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    public static bool IsBucketName(string name) =>
        name.Length is >= BucketNameLengthMin and <= BucketNameLengthMax
        && !name.AsSpan().ContainsAnyExcept(BucketCharacters)
        && char.IsAsciiLetterOrDigit(name[0])
        && char.IsAsciiLetterOrDigit(name[^1])
        && !name.Contains("..", StringComparison.Ordinal)
        && !IsAddress(name)
        && !ReservedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
        && !ReservedSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    /// <summary>What is wrong with an object's key, or null.</summary>
    public static Error? CheckKey(string key)
    {
        if (key.Length == 0)
        {
            return ObjectErrors.Argument("A key must have at least one character.", "Key");
        }

        return Encoding.UTF8.GetByteCount(key) > Limits.ObjectKeyBytesMax
            ? ObjectErrors.Argument("Your key is too long", "Key", ObjectErrors.KeyTooLong)
            : null;
    }

    /// <summary>What is wrong with the headers, or null.</summary>
    public static Error? CheckHeaders(ObjectHeaders headers)
    {
        var size = headers.Metadata.Sum(pair => pair.Key.Length + Encoding.UTF8.GetByteCount(pair.Value));
        return size > Limits.ObjectMetadataBytesMax
            ? ObjectErrors.Argument(
                "Your metadata headers exceed the maximum allowed metadata size",
                "x-amz-meta-",
                ObjectErrors.MetadataTooLarge)
            : null;
    }

    /// <summary>The first key after all that begin with a prefix; null when there is none.</summary>
    public static string? After(string prefix)
    {
        // Keys are in the order of their UTF-8 bytes, which is that of their code points.
        for (var end = prefix.Length; end > 0; end--)
        {
            var first = end - 1;
            if (char.IsLowSurrogate(prefix[first]) && first > 0 && char.IsHighSurrogate(prefix[first - 1]))
            {
                first--;
            }

            if (Rune.DecodeFromUtf16(prefix.AsSpan(first), out var rune, out _) == OperationStatus.Done
                && rune.Value < 0x10FFFF)
            {
                var next = rune.Value == 0xD7FF ? 0xE000 : rune.Value + 1;
                return prefix[..first] + new Rune(next);
            }

            end = first + 1;
        }

        return null;
    }

    private static bool IsAddress(string name)
    {
        var parts = name.Split('.');
        return parts.Length == 4 && parts.All(part => part.Length is > 0 and <= 3 && part.All(char.IsAsciiDigit));
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Lambent.Kernel.Logs;

/// <summary>
/// Takes secrets out of what a function writes: the values of variables whose names end in _SECRET, _TOKEN, _PASSWORD
/// or _KEY. A value that is shorter than 8 characters is left, because it would be found in anything.
/// </summary>
public sealed class SecretMask
{
    public const int ValueLengthMin = 8;

    public const string Replacement = "********";

    private static readonly byte[] ReplacementBytes = Encoding.UTF8.GetBytes(Replacement);

    private static readonly string[] Ends = ["_SECRET", "_TOKEN", "_PASSWORD", "_KEY"];

    private readonly string[] values;

    /// <summary>The values in UTF-8, as they are and as writers of JSON escape them.</summary>
    private readonly byte[][] encoded;

    private SecretMask(string[] values) =>
        (this.values, encoded) = (values, [.. values.SelectMany(Encodings).Distinct().Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Null when there is nothing to take out.</summary>
    public static SecretMask? From(IEnumerable<KeyValuePair<string, string>> variables)
    {
        // Longer ones first: one secret may begin with another.
        string[] values =
        [
            .. variables
                .Where(variable => variable.Value.Length >= ValueLengthMin && IsSecret(variable.Key))
                .Select(variable => variable.Value)
                .OrderByDescending(value => value.Length),
        ];
        return values.Length == 0 ? null : new SecretMask(values);
    }

    public static bool IsSecret(string name) =>
        Array.Exists(Ends, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same for text or JSON in UTF-8.</summary>
    /// <returns>Null when there is nothing to take out.</returns>
    public byte[]? Apply(ReadOnlySpan<byte> utf8)
    {
        byte[]? masked = null;
        foreach (var value in encoded)
        {
            var text = masked ?? utf8;
            if (text.IndexOf(value) is >= 0 and var first)
            {
                masked = Replace(text, value, first);
            }
        }

        return masked;
    }

    private static byte[] Replace(ReadOnlySpan<byte> text, byte[] value, int first)
    {
        var masked = new ArrayBufferWriter<byte>(text.Length);
        for (var next = first; next >= 0; next = text.IndexOf(value))
        {
            masked.Write(text[..next]);
            masked.Write(ReplacementBytes);
            text = text[(next + value.Length)..];
        }

        masked.Write(text);
        return masked.WrittenSpan.ToArray();
    }

    /// <summary>Itself; as .NET, as JavaScript, and as Python escape it in JSON.</summary>
    private static IEnumerable<string> Encodings(string value) =>
    [
        value,
        JavaScriptEncoder.Default.Encode(value),
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value),
        string.Concat(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value).Select(
            character => character < 128 ? $"{character}" : $"\\u{(int)character:x4}")),
    ];

    public string Apply(string text)
    {
        foreach (var value in values)
        {
            if (text.Contains(value, StringComparison.Ordinal))
            {
                text = text.Replace(value, Replacement, StringComparison.Ordinal);
            }
        }

        return text;
    }
}

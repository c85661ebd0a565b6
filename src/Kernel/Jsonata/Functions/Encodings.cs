using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Base64, and the two ways in which URLs are escaped.</summary>
internal static class Encodings
{
    private const string AlwaysPlain = "-_.!~*'()";
    private const string PlainInUrls = AlwaysPlain + ";,/?:@&=+$#";
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Characters are bytes; of those beyond 255 the lower half counts.</summary>
    public static DataValue? ToBase64(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => Convert.ToBase64String([.. text.Select(one => (byte)(one & 0xff))]));

    /// <summary>What is not of the alphabet is passed over, as are missing signs at the end.</summary>
    public static DataValue? FromBase64(Evaluation run, DataValue?[] arguments) => Changed(run, arguments[0], text =>
    {
        var kept = new StringBuilder(text.Length + 3);
        foreach (var one in text)
        {
            if (char.IsAsciiLetterOrDigit(one) || one is '+' or '/')
            {
                kept.Append(one);
            }
        }

        kept.Length -= kept.Length % 4 == 1 ? 1 : 0;
        kept.Append('=', (4 - (kept.Length % 4)) % 4);
        return string.Concat(Convert.FromBase64String(kept.ToString()).Select(one => (char)one));
    });

    public static DataValue? EncodeUrlComponent(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => Encoded(text, AlwaysPlain));

    public static DataValue? EncodeUrl(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => Encoded(text, PlainInUrls));

    public static DataValue? DecodeUrlComponent(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => Decoded(text, string.Empty));

    /// <summary>What has a meaning in URLs stays escaped.</summary>
    public static DataValue? DecodeUrl(Evaluation run, DataValue?[] arguments) =>
        Changed(run, arguments[0], text => Decoded(text, ";,/?:@&=+$#"));

    private static DataText? Changed(Evaluation run, DataValue? value, Func<string, string> change)
    {
        if (value is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length * 4L);
        return new DataText(change(text.Value));
    }

    private static string Encoded(string text, string plain)
    {
        var encoded = new StringBuilder(text.Length);
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Malformed();
        }

        foreach (var one in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)one) || plain.Contains((char)one))
            {
                encoded.Append((char)one);
            }
            else
            {
                encoded.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return encoded.ToString();
    }

    private static string Decoded(string text, string kept)
    {
        var decoded = new StringBuilder(text.Length);
        var bytes = new List<byte>();
        for (var index = 0; index < text.Length;)
        {
            if (text[index] != '%')
            {
                decoded.Append(text[index++]);
                continue;
            }

            var start = index;
            bytes.Clear();
            bytes.Add(Byte(text, ref index));
            var length = bytes[0] switch
            {
                < 0x80 => 1,
                >= 0xf0 => 4,
                >= 0xe0 => 3,
                >= 0xc0 => 2,
                _ => throw Malformed(),
            };
            while (bytes.Count < length)
            {
                bytes.Add(Byte(text, ref index));
            }

            try
            {
                var one = Strict.GetString([.. bytes]);
                decoded.Append(one.Length == 1 && kept.Contains(one[0]) ? text[start..index] : one);
            }
            catch (DecoderFallbackException)
            {
                throw Malformed();
            }
        }

        return decoded.ToString();
    }

    private static byte Byte(string text, ref int index)
    {
        if (index + 3 > text.Length || text[index] != '%' || !byte.TryParse(
            text.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
        {
            throw Malformed();
        }

        index += 3;
        return one;
    }

    private static ExpressionException Malformed() =>
        new("D3140", "The text cannot be escaped for a URL, or was not escaped for one");
}

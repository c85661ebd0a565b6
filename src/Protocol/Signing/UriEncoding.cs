using System.Buffers;
using System.Text;

namespace Lambent.Protocol.Signing;

/// <summary>
/// The URI encoding that signatures are made over: everything but A-Z a-z 0-9 - _ . ~ becomes %XX of its UTF-8 bytes,
/// with upper-case digits. Stricter than what HTTP clients send, so both sides must apply it.
/// </summary>
internal static class UriEncoding
{
    /// <summary>Encoded bytes that one character may need: in the basic plane it has up to 3 UTF-8 bytes.</summary>
    public const int BytesPerCharacterMax = 9;

    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";

    private static readonly SearchValues<char> UnreservedCharacters = SearchValues.Create(Unreserved);
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(Unreserved + "/");
    private static readonly SearchValues<byte> UnreservedBytes =
        SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved));

    private static readonly SearchValues<byte> PathBytes =
        SearchValues.Create(Encoding.ASCII.GetBytes(Unreserved + "/"));

    /// <summary>Encodes text as it is: a % becomes %25. A slash stays in a path.</summary>
    /// <param name="text">What to encode.</param>
    /// <param name="destination">Has room for <see cref="BytesPerCharacterMax"/> bytes for each character.</param>
    /// <param name="path">Whether a slash stays.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> destination, bool path)
    {
        var plain = path ? PathCharacters : UnreservedCharacters;
        var written = 0;
        while (!text.IsEmpty)
        {
            var run = text.IndexOfAnyExcept(plain);
            run = run < 0 ? text.Length : run;
            written += Encoding.ASCII.GetBytes(text[..run], destination[written..]);
            text = text[run..];
            if (!text.IsEmpty)
            {
                text = text[EscapeFirst(text, destination, ref written)..];
            }
        }

        return written;
    }

    /// <summary>
    /// Decodes what a client sent and encodes it by the rule above, so that %7e, %7E and ~ are the same. In a query a
    /// plus is a space, as it is for everyone who reads the query later. A % without two digits stands for itself.
    /// </summary>
    public static int Normalize(ReadOnlySpan<char> text, Span<byte> destination, bool path)
    {
        var plain = path ? PathCharacters : UnreservedCharacters;
        var written = 0;
        while (!text.IsEmpty)
        {
            var run = text.IndexOfAnyExcept(plain);
            run = run < 0 ? text.Length : run;
            written += Encoding.ASCII.GetBytes(text[..run], destination[written..]);
            text = text[run..];
            if (text.IsEmpty)
            {
                break;
            }

            if (text[0] == '%' && TryReadEscape(text, out var value))
            {
                AppendByte(value, destination, ref written, path);
                text = text[3..];
            }
            else if (text[0] == '+' && !path)
            {
                Escape((byte)' ', destination, ref written);
                text = text[1..];
            }
            else
            {
                text = text[EscapeFirst(text, destination, ref written)..];
            }
        }

        return written;
    }

    private static bool TryReadEscape(ReadOnlySpan<char> text, out byte value)
    {
        value = 0;
        if (text.Length < 3 || !char.IsAsciiHexDigit(text[1]) || !char.IsAsciiHexDigit(text[2]))
        {
            return false;
        }

        value = (byte)((Digit(text[1]) << 4) | Digit(text[2]));
        return true;
    }

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static void AppendByte(byte value, Span<byte> destination, ref int written, bool path)
    {
        if ((path ? PathBytes : UnreservedBytes).Contains(value))
        {
            destination[written++] = value;
        }
        else
        {
            Escape(value, destination, ref written);
        }
    }

    /// <summary>Escapes the first character, or pair of surrogates, and says how many chars it was.</summary>
    private static int EscapeFirst(ReadOnlySpan<char> text, Span<byte> destination, ref int written)
    {
        if (text[0] < 0x80)
        {
            Escape((byte)text[0], destination, ref written);
            return 1;
        }

        // A lone surrogate becomes the replacement character, as in any UTF-8 encoder.
        Rune.DecodeFromUtf16(text, out var rune, out var consumed);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
        {
            Escape(value, destination, ref written);
        }

        return consumed;
    }

    private static void Escape(byte value, Span<byte> destination, ref int written)
    {
        const string Digits = "0123456789ABCDEF";
        destination[written++] = (byte)'%';
        destination[written++] = (byte)Digits[value >> 4];
        destination[written++] = (byte)Digits[value & 15];
    }
}

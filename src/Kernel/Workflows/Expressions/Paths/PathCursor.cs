using System.Globalization;
using System.Text;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>The place in a text up to which it was read, and the first thing that was wrong with it.</summary>
internal sealed class PathCursor(string text, int start = 0)
{
    private const string EndsName = " \t\r\n.[](){}'\",=<>!&|*?@\\/~;";

    public int Position { get; set; } = start;

    public string? Problem { get; private set; }

    public bool IsAtEnd => Position >= text.Length;

    /// <summary>The character that stands next; after the end, or after a failure, none.</summary>
    public char Current => Problem is null && Position < text.Length ? text[Position] : '\0';

    public void Fail(string problem) => Problem ??= $"{problem} (character {Position + 1})";

    public bool Take(char expected)
    {
        if (Current != expected || IsAtEnd)
        {
            return false;
        }

        Position++;
        return true;
    }

    public bool Take(string expected)
    {
        if (Problem is not null || string.CompareOrdinal(text, Position, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    public void SkipSpace()
    {
        while (Current is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
        }
    }

    /// <summary>A name without quotes; empty when there is none.</summary>
    public string TakeName()
    {
        var begin = Position;
        while (!IsAtEnd && Problem is null && !EndsName.Contains(text[Position]))
        {
            Position++;
        }

        return text[begin..Position];
    }

    /// <summary>A whole number with or without a minus, or null.</summary>
    public int? TakeInteger()
    {
        var begin = Position;
        var end = begin;
        if (end < text.Length && text[end] == '-')
        {
            end++;
        }

        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        if (Problem is not null
            || !int.TryParse(
                text.AsSpan(begin, end - begin),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var value))
        {
            return null;
        }

        Position = end;
        return value;
    }

    /// <summary>The characters of a number in JSON's notation; empty when there is none.</summary>
    public string TakeNumber()
    {
        var begin = Position;
        while (!IsAtEnd && (char.IsAsciiDigit(text[Position]) || text[Position] is '-' or '+' or '.' or 'e' or 'E'))
        {
            Position++;
        }

        return text[begin..Position];
    }

    /// <summary>A text in quotes of either kind, in which a backslash makes the next character plain.</summary>
    /// <returns>The text, or null when there is none.</returns>
    public string? TakeQuoted()
    {
        var quote = Current;
        if (quote is not ('\'' or '"'))
        {
            return null;
        }

        Position++;
        var read = new StringBuilder();
        while (!IsAtEnd)
        {
            var character = text[Position++];
            if (character == quote)
            {
                return read.ToString();
            }

            if (character == '\\' && !IsAtEnd)
            {
                character = Escaped(text[Position++]);
            }

            read.Append(character);
        }

        Fail("a closing quote is missing");
        return null;
    }

    /// <summary>What stands up to an unescaped <paramref name="end"/>, which is taken too; or null.</summary>
    public string? TakeUntil(char end)
    {
        var begin = Position;
        for (var index = begin; index < text.Length; index++)
        {
            if (text[index] == '\\')
            {
                index++;
            }
            else if (text[index] == end)
            {
                Position = index + 1;
                return text[begin..index];
            }
        }

        Fail($"a closing '{end}' is missing");
        return null;
    }

    private char Escaped(char character)
    {
        switch (character)
        {
            case 'n':
                return '\n';
            case 't':
                return '\t';
            case 'r':
                return '\r';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u' when Position + 4 <= text.Length
                && ushort.TryParse(
                    text.AsSpan(Position, 4),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var code):
                Position += 4;
                return (char)code;
            default:
                return character;
        }
    }
}

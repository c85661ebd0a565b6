using System.Globalization;

namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>Escapes and classes in square brackets.</summary>
internal sealed partial class PatternReader
{
    private PatternNode ReadEscape()
    {
        if (index >= text.Length)
        {
            throw Failure("it ends with a backslash");
        }

        switch (text[index])
        {
            case 'b':
                index++;
                return new PlacePattern(PatternOperation.WordBoundary);
            case 'B':
                index++;
                return new PlacePattern(PatternOperation.NoWordBoundary);
            case 'k' when names.Count > 0:
                return ReadNamedReference();
            case >= '1' and <= '9':
                return ReadReference();
            default:
                return new SetPattern(ReadEscapedSet());
        }
    }

    private ReferencePattern ReadNamedReference()
    {
        var end = text.IndexOf('>', index);
        if (end > index + 1 && text[index + 1] == '<' && names.TryGetValue(text[(index + 2)..end], out var number))
        {
            index = end + 1;
            return new ReferencePattern(number);
        }

        throw Failure("a reference names no group");
    }

    private PatternNode ReadReference()
    {
        var start = index;
        while (index < text.Length && char.IsAsciiDigit(text[index]) && index - start < 4)
        {
            index++;
        }

        var number = int.Parse(text.AsSpan(start, index - start), NumberStyles.None, CultureInfo.InvariantCulture);
        if (number <= groupCount)
        {
            return new ReferencePattern(number);
        }

        index = start;
        return new SetPattern(CharacterSet.Of(ReadOctal()));
    }

    /// <summary>Digits that name no group are a character in octal notation, or themselves.</summary>
    private char ReadOctal()
    {
        var code = 0;
        var start = index;
        while (index < text.Length && index - start < 3 && text[index] is >= '0' and <= '7'
            && (code * 8) + text[index] - '0' <= byte.MaxValue)
        {
            code = (code * 8) + text[index++] - '0';
        }

        return index > start ? (char)code : text[index++];
    }

    /// <summary>What stands behind a backslash and is one character, or any of some.</summary>
    private CharacterSet ReadEscapedSet()
    {
        if (char.IsAsciiDigit(text[index]))
        {
            return CharacterSet.Of(ReadOctal());
        }

        var letter = text[index++];
        return letter switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Others(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Others(),
            's' => CharacterSet.Spaces,
            'S' => CharacterSet.Spaces.Others(),
            'n' => CharacterSet.Of('\n'),
            'r' => CharacterSet.Of('\r'),
            't' => CharacterSet.Of('\t'),
            'v' => CharacterSet.Of('\v'),
            'f' => CharacterSet.Of('\f'),
            'x' => CharacterSet.Of(ReadCode(2, letter)),
            'u' => CharacterSet.Of(ReadCode(4, letter)),
            'c' when index < text.Length && char.IsAsciiLetter(text[index]) =>
                CharacterSet.Of((char)(text[index++] % 32)),
            _ => CharacterSet.Of(letter),
        };
    }

    /// <summary>A character by its hexadecimal digits, or the letter itself where they are missing.</summary>
    private char ReadCode(int length, char letter)
    {
        if (index + length <= text.Length && ushort.TryParse(
            text.AsSpan(index, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            index += length;
            return (char)code;
        }

        return letter;
    }

    private SetPattern ReadClass()
    {
        var isNegative = index < text.Length && text[index] == '^';
        index += isNegative ? 1 : 0;
        var ranges = new List<(char First, char Last)>();
        while (index < text.Length && text[index] != ']')
        {
            var first = ReadMember();
            var isRange = index + 1 < text.Length && text[index] == '-' && text[index + 1] != ']';
            if (!isRange)
            {
                ranges.AddRange(first.Ranges);
                continue;
            }

            index++;
            var last = ReadMember();
            if (first.Single is { } from && last.Single is { } to)
            {
                ranges.Add(from <= to ? (from, to) : throw Failure("a range of characters is upside down"));
            }
            else
            {
                // With a class such as \d on a side the hyphen is one of the characters.
                ranges.AddRange([.. first.Ranges, ('-', '-'), .. last.Ranges]);
            }
        }

        if (index >= text.Length)
        {
            throw Failure("a square bracket is not closed");
        }

        index++;
        return new SetPattern(new CharacterSet(ranges), isNegative);
    }

    private CharacterSet ReadMember()
    {
        var current = text[index++];
        if (current != '\\')
        {
            return CharacterSet.Of(current);
        }

        if (index >= text.Length)
        {
            throw Failure("it ends with a backslash");
        }

        if (text[index] == 'b')
        {
            index++;
            return CharacterSet.Of('\b');
        }

        return ReadEscapedSet();
    }
}

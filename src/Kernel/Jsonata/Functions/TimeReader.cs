using System.Globalization;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// Reads a moment after a picture. What is missing in front (a year) is taken from now, what is missing behind (the
/// minutes) is the first of its kind; a gap in between is refused.
/// </summary>
internal sealed class TimeReader(string text, TimePicture picture, DateTimeOffset now)
{
    private const int WordsLengthMax = 100;
    private readonly Dictionary<char, int> values = [];
    private TimeSpan offset;
    private int index;

    /// <returns>Milliseconds since 1970, or null when the text is not of that form.</returns>
    public double? Read()
    {
        for (var part = 0; part < picture.Parts.Count; part++)
        {
            var isFollowed = part + 1 < picture.Parts.Count
                && picture.Parts[part + 1] is { Number: not null, Component: not ('Z' or 'z') };
            if (!ReadPart(picture.Parts[part], isFollowed))
            {
                return null;
            }
        }

        return index == text.Length && values.Count > 0 ? Assembled() : null;
    }

    private bool ReadPart(TimePart part, bool isFollowed)
    {
        switch (part.Component)
        {
            case '\0':
                return Skip(part.Text);
            case 'Z' or 'z':
                return ReadOffset(part);
            case 'C' or 'E':
                return Skip("ISO");
        }

        var value = part.Number is null ? ReadName(part) : ReadNumber(part, isFollowed);
        if (value is not { } found)
        {
            return false;
        }

        values[part.Component] = found;
        return true;
    }

    private bool Skip(string expected)
    {
        if (string.Compare(text, index, expected, 0, expected.Length, StringComparison.OrdinalIgnoreCase) != 0)
        {
            return false;
        }

        index += expected.Length;
        return true;
    }

    private int? ReadName(TimePart part)
    {
        var word = Taken(char.IsAsciiLetter);
        var (first, last) = part.Component switch { 'F' => (1, 7), 'P' => (0, 1), _ => (1, 12) };
        for (var value = first; value <= last; value++)
        {
            var name = TimeWriter.NameOf(part.Component, value);
            name = name.Length > part.WidthMax ? name[..part.WidthMax] : name;
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    private int? ReadNumber(TimePart part, bool isFollowed)
    {
        var number = part.Number!;
        var read = number.Form switch
        {
            IntegerForm.Words => LongestWords(number),
            IntegerForm.Digits => ReadDigits(part, number, isFollowed),
            _ => IntegerFunctions.Read(
                Cased(Taken(char.IsAsciiLetter), number.Case), number),
        };
        return read is >= 0 and <= 999_999 ? (int)read : null;
    }

    private static string Cased(string letters, LetterCase form) =>
        form == LetterCase.Upper ? letters.ToUpperInvariant() : letters.ToLowerInvariant();

    private double? ReadDigits(TimePart part, IntegerPicture number, bool isFollowed)
    {
        var start = index;
        while (index < text.Length && text[index] >= number.ZeroDigit && text[index] <= number.ZeroDigit + 9
            && (!isFollowed || index - start < part.Digits))
        {
            index++;
        }

        if (index == start)
        {
            return null;
        }

        var digits = text[start..index];
        if (number.IsOrdinal)
        {
            if (index + 2 > text.Length)
            {
                return null;
            }

            index += 2;
            digits += "th";
        }

        // Milliseconds are the digits behind a point: 5 means 500 of them.
        digits = part.Component == 'f' ? digits.PadRight(3, number.ZeroDigit)[..3] : digits;
        return IntegerFunctions.Read(digits, number);
    }

    /// <summary>As many words as are a number together.</summary>
    private double? LongestWords(IntegerPicture number)
    {
        for (var end = Math.Min(text.Length, index + WordsLengthMax); end > index; end--)
        {
            var isWhole = end == text.Length || !char.IsAsciiLetter(text[end]);
            if (isWhole && char.IsAsciiLetter(text[end - 1])
                && !text[index..end].EndsWith(" and", StringComparison.OrdinalIgnoreCase)
                && IntegerFunctions.Read(text[index..end], number) is { } value)
            {
                index = end;
                return value;
            }
        }

        return null;
    }

    private bool ReadOffset(TimePart part)
    {
        if (part.HasZulu && Skip("Z"))
        {
            return true;
        }

        if (part.Component == 'z' && !Skip("GMT"))
        {
            return false;
        }

        if (index >= text.Length || text[index] is not ('+' or '-'))
        {
            return false;
        }

        var sign = text[index++] == '-' ? -1 : 1;
        var digits = Taken(one => char.IsAsciiDigit(one) || one == ':');
        var parts = digits.Split(':');
        var isShort = parts.Length == 1 && digits.Length <= 2;
        if (!int.TryParse(parts.Length == 2 || isShort ? parts[0] : digits[..^2], out var hours)
            || !int.TryParse(parts.Length == 2 ? parts[1] : isShort ? "0" : digits[^2..], out var minutes)
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(sign * hours, sign * minutes, 0);
        return true;
    }

    private string Taken(Func<char, bool> fits)
    {
        var start = index;
        while (index < text.Length && fits(text[index]))
        {
            index++;
        }

        return text[start..index];
    }

    private double Assembled()
    {
        if ("XxWw".Any(values.ContainsKey))
        {
            throw Underspecified();
        }

        var isDayOfYear = values.ContainsKey('d') && !values.ContainsKey('M') && !values.ContainsKey('D');
        var isHalfDay = values.ContainsKey('h') || values.ContainsKey('P');
        Complete((isDayOfYear ? "Yd" : "YMD") + (isHalfDay ? "Phmsf" : "Hmsf"));
        var hour = isHalfDay ? (values['h'] % 12) + (12 * values['P']) : values['H'];
        var month = isDayOfYear ? 1 : values['M'];
        var day = values[isDayOfYear ? 'd' : 'D'];
        return TimeFunctions.Millis(values['Y'], month, day, hour, values['m'], values['s'], values['f'])
            - offset.TotalMilliseconds;
    }

    private void Complete(string components)
    {
        var (isBegun, isEnded) = (false, false);
        foreach (var component in components)
        {
            if (values.ContainsKey(component))
            {
                isBegun = isEnded ? throw Underspecified() : true;
            }
            else if (isBegun)
            {
                values[component] = component is 'M' or 'D' or 'd' ? 1 : 0;
                isEnded = true;
            }
            else
            {
                values[component] = TimeWriter.ValueOf(now, component);
            }
        }
    }

    private static ExpressionException Underspecified() =>
        new("D3136", "The picture leaves parts of the date or time out that no other part implies");
}

using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Whole numbers as digits, letters, Roman numerals or words, and back.</summary>
internal static class IntegerFunctions
{
    private const double WordsMax = 1e21;

    public static DataValue? Format(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataNumber number)
        {
            return null;
        }

        var picture = IntegerPicture.Read(arguments[1] is DataText text ? text.Value : string.Empty);
        return new DataText(Written(Math.Floor(Arithmetic.Finite(number.Value)), picture, run));
    }

    public static DataValue? Parse(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length * 4L);
        var picture = IntegerPicture.Read(arguments[1] is DataText given ? given.Value : string.Empty);
        return Arithmetic.Number(Read(text.Value, picture)
            ?? throw new ExpressionException("D3030", $"{Describe.Quoted(text.Value)} is no number of that picture"));
    }

    public static string Written(double value, IntegerPicture picture, Evaluation run)
    {
        var size = Math.Abs(value);
        if (picture.Form is IntegerForm.Words && size >= WordsMax)
        {
            throw new ExpressionException("D1001", "A number is too large for words");
        }

        var written = picture.Form switch
        {
            IntegerForm.Letters => Letters(size, picture.Case == LetterCase.Upper ? 'A' : 'a'),
            IntegerForm.Roman => Cased(RomanNumerals.Write(size, run), picture.Case),
            IntegerForm.Words => Cased(NumberWords.Write(size, picture.IsOrdinal), picture.Case),
            _ => Digits(size, picture),
        };
        return value < 0 ? "-" + written : written;
    }

    public static double? Read(string text, IntegerPicture picture)
    {
        switch (picture.Form)
        {
            case IntegerForm.Letters:
                return ReadLetters(text, picture.Case == LetterCase.Upper ? 'A' : 'a');
            case IntegerForm.Roman:
                return RomanNumerals.Read(text.ToUpperInvariant());
            case IntegerForm.Words:
                return NumberWords.Read(text.ToLowerInvariant());
            default:
                var start = text.StartsWith('-') ? 1 : 0;
                var end = picture.IsOrdinal && text.Length > start + 2 ? text.Length - 2 : text.Length;
                var digits = new StringBuilder(start == 1 ? "-" : string.Empty);
                foreach (var one in text.AsSpan(start..end))
                {
                    if (!picture.IsSeparator(one))
                    {
                        digits.Append((char)(one - picture.ZeroDigit + '0'));
                    }
                }

                const NumberStyles Style = NumberStyles.AllowLeadingSign;
                return double.TryParse(digits.ToString(), Style, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : null;
        }
    }

    private static string Cased(string text, LetterCase letters) => letters switch
    {
        LetterCase.Upper => text.ToUpperInvariant(),
        LetterCase.Lower => text.ToLowerInvariant(),
        _ => text,
    };

    private static string Digits(double value, IntegerPicture picture)
    {
        var plain = value.ToString("F0", CultureInfo.InvariantCulture).PadLeft(picture.MandatoryDigits, '0');
        var written = new StringBuilder();
        for (var index = 0; index < plain.Length; index++)
        {
            if (index > 0 && picture.SeparatorBefore(plain.Length - index) is { } separator)
            {
                written.Append(separator);
            }

            written.Append((char)(picture.ZeroDigit + plain[index] - '0'));
        }

        return picture.IsOrdinal ? written + Ending(plain) : written.ToString();
    }

    private static string Ending(string digits) => digits switch
    {
        [.., '1', _] => "th",
        [.., '1'] => "st",
        [.., '2'] => "nd",
        [.., '3'] => "rd",
        _ => "th",
    };

    private static string Letters(double value, char first)
    {
        var letters = new StringBuilder();
        for (; value > 0; value = Math.Floor((value - 1) / 26))
        {
            letters.Insert(0, (char)(first + (int)((value - 1) % 26)));
        }

        return letters.ToString();
    }

    private static double? ReadLetters(string text, char first)
    {
        double value = 0;
        foreach (var one in text)
        {
            if (one < first || one > first + 25)
            {
                return null;
            }

            value = (value * 26) + one - first + 1;
        }

        return value;
    }
}

internal enum IntegerForm
{
    Digits,
    Letters,
    Roman,
    Words,
}

internal enum LetterCase
{
    Lower,
    Upper,
    Title,
}

/// <summary>A picture as XPath's format-integer has it.</summary>
internal sealed record IntegerPicture(IntegerForm Form, LetterCase Case, bool IsOrdinal)
{
    // The zeros of scripts with digits of their own.
    private const string Zeros =
        "\u0030\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20\u1040"
        + "\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900\ua9d0\ua9f0\uaa50\uabf0"
        + "\uff10";

    private Dictionary<int, char> separators = [];
    private (int Every, char Separator)? regular;

    public char ZeroDigit { get; private init; } = '0';

    public int MandatoryDigits { get; init; }

    public int AllDigits { get; private init; }

    public static IntegerPicture Read(string picture)
    {
        var modifier = picture.LastIndexOf(';');
        var primary = modifier < 0 ? picture : picture[..modifier];
        var isOrdinal = modifier >= 0 && picture.AsSpan(modifier + 1).StartsWith("o");
        return primary switch
        {
            "A" => new(IntegerForm.Letters, LetterCase.Upper, isOrdinal),
            "a" => new(IntegerForm.Letters, LetterCase.Lower, isOrdinal),
            "I" => new(IntegerForm.Roman, LetterCase.Upper, isOrdinal),
            "i" => new(IntegerForm.Roman, LetterCase.Lower, isOrdinal),
            "W" => new(IntegerForm.Words, LetterCase.Upper, isOrdinal),
            "Ww" => new(IntegerForm.Words, LetterCase.Title, isOrdinal),
            "w" => new(IntegerForm.Words, LetterCase.Lower, isOrdinal),
            _ => ReadDigits(primary, isOrdinal),
        };
    }

    public bool IsSeparator(char one) => separators.ContainsValue(one);

    public char? SeparatorBefore(int digits)
    {
        if (regular is var (every, separator))
        {
            return digits % every == 0 ? separator : null;
        }

        return separators.TryGetValue(digits, out var found) ? found : null;
    }

    private static IntegerPicture ReadDigits(string picture, bool isOrdinal)
    {
        char? zero = null;
        var (mandatory, optional) = (0, 0);
        var separators = new Dictionary<int, char>();
        foreach (var one in picture.Reverse())
        {
            var family = Zeros.FirstOrDefault(start => one >= start && one <= start + 9);
            if (family != '\0')
            {
                zero = zero is null || zero == family
                    ? family
                    : throw new ExpressionException("D3131", "The picture mixes digits of two scripts");
                mandatory++;
            }
            else if (one == '#')
            {
                optional++;
            }
            else
            {
                separators[mandatory + optional] = one;
            }
        }

        if (zero is not { } zeroDigit)
        {
            throw new ExpressionException("D3130", $"{Describe.Quoted(picture)} is no picture for whole numbers");
        }

        var every = separators.Count == 0 ? 0 : separators.Keys.Min();
        var isRegular = every > 0 && separators.Values.Distinct().Count() == 1
            && Enumerable.Range(1, separators.Count).All(turn => separators.ContainsKey(turn * every));
        return new IntegerPicture(IntegerForm.Digits, LetterCase.Lower, isOrdinal)
        {
            ZeroDigit = zeroDigit,
            MandatoryDigits = mandatory,
            AllDigits = mandatory + optional,
            separators = separators,
            regular = isRegular ? (every, separators[every]) : null,
        };
    }
}

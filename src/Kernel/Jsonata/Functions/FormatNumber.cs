using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>`$formatNumber`: a number after a picture, as XPath's format-number defines it.</summary>
internal static class FormatNumber
{
    public static DataValue? Invoke(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataNumber number)
        {
            return null;
        }

        var text = arguments[1] is DataText picture ? picture.Value : string.Empty;
        run.ChargeText(text.Length * 8L);
        var symbols = NumberSymbols.From(arguments[2] as DataObject);
        var pictures = NumberPicture.Read(text, symbols);
        var value = Arithmetic.Finite(number.Value);
        return new DataText(value < 0
            ? Written(-value, pictures.Length > 1 ? pictures[1] : pictures[0], symbols, pictures.Length == 1)
            : Written(value, pictures[0], symbols, isNegative: false));
    }

    private static string Written(double value, NumberPicture picture, NumberSymbols symbols, bool isNegative)
    {
        var mantissa = picture.IsPercent ? value * 100 : picture.IsPerMille ? value * 1000 : value;
        var exponent = 0;
        if (picture.ExponentDigits > 0 && mantissa != 0)
        {
            var greatest = Math.Pow(10, picture.ScalingDigits);
            for (; mantissa < greatest / 10 && exponent > -400; exponent--)
            {
                mantissa *= 10;
            }

            for (; mantissa > greatest && exponent < 400; exponent++)
            {
                mantissa /= 10;
            }
        }

        mantissa = NumberFunctions.Rounded(mantissa, picture.FractionDigitsMax);
        var plain = mantissa.ToString("F" + picture.FractionDigitsMax, CultureInfo.InvariantCulture);
        var point = plain.IndexOf('.');
        var whole = (point < 0 ? plain : plain[..point]).TrimStart('0').PadLeft(picture.IntegerDigitsMin, '0');
        var fraction = (point < 0 ? string.Empty : plain[(point + 1)..]).TrimEnd('0')
            .PadRight(picture.FractionDigitsMin, '0');
        var written = new StringBuilder(isNegative ? symbols.MinusSign : string.Empty);
        written.Append(picture.Prefix);
        Append(written, whole, symbols, place => picture.IsGroupedBefore(whole.Length - place));
        if (fraction.Length > 0)
        {
            written.Append(symbols.DecimalSeparator);
            Append(written, fraction, symbols, picture.FractionGroups.Contains);
        }

        if (picture.ExponentDigits > 0)
        {
            written.Append(symbols.ExponentSeparator).Append(exponent < 0 ? symbols.MinusSign : string.Empty);
            var digits = Math.Abs(exponent).ToString(CultureInfo.InvariantCulture);
            Append(written, digits.PadLeft(picture.ExponentDigits, '0'), symbols, _ => false);
        }

        return written.Append(picture.Suffix).ToString();
    }

    private static void Append(StringBuilder written, string digits, NumberSymbols symbols, Func<int, bool> isGroupedAt)
    {
        for (var place = 0; place < digits.Length; place++)
        {
            if (place > 0 && isGroupedAt(place))
            {
                written.Append(symbols.GroupingSeparator);
            }

            written.Append((char)(symbols.ZeroDigit + digits[place] - '0'));
        }
    }
}

/// <summary>What stands for what in a picture, and in what is written.</summary>
internal sealed record NumberSymbols
{
    public char DecimalSeparator { get; private init; } = '.';

    public char GroupingSeparator { get; private init; } = ',';

    public char ExponentSeparator { get; private init; } = 'e';

    public string MinusSign { get; private init; } = "-";

    public string Percent { get; private init; } = "%";

    public string PerMille { get; private init; } = "\u2030";

    public char ZeroDigit { get; private init; } = '0';

    public char Digit { get; private init; } = '#';

    public char PatternSeparator { get; private init; } = ';';

    public static NumberSymbols From(DataObject? options)
    {
        var symbols = new NumberSymbols();
        return options is null ? symbols : symbols with
        {
            DecimalSeparator = Character("decimal-separator", symbols.DecimalSeparator),
            GroupingSeparator = Character("grouping-separator", symbols.GroupingSeparator),
            ExponentSeparator = Character("exponent-separator", symbols.ExponentSeparator),
            MinusSign = Text("minus-sign", symbols.MinusSign),
            Percent = Text("percent", symbols.Percent),
            PerMille = Text("per-mille", symbols.PerMille),
            ZeroDigit = Character("zero-digit", symbols.ZeroDigit),
            Digit = Character("digit", symbols.Digit),
            PatternSeparator = Character("pattern-separator", symbols.PatternSeparator),
        };

        string Text(string name, string otherwise) =>
            options[name] is DataText { Value.Length: > 0 } text ? text.Value : otherwise;

        char Character(string name, char otherwise) => Text(name, otherwise.ToString())[0];
    }

    public bool IsDigit(char one) => one >= ZeroDigit && one <= ZeroDigit + 9;

    /// <summary>Whether it says something about digits; everything else is written as it stands.</summary>
    public bool IsActive(char one) => IsDigit(one) || one == Digit || one == DecimalSeparator
        || one == GroupingSeparator || one == ExponentSeparator || one == PatternSeparator;
}

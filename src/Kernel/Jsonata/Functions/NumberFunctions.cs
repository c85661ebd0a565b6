using System.Globalization;
using System.Numerics;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

internal static class NumberFunctions
{
    public static DataValue? Number(Evaluation run, DataValue?[] arguments) => arguments[0] switch
    {
        DataBoolean boolean => boolean.Value ? 1 : 0,
        DataText text => Read(text.Value),
        var other => other,
    };

    public static DataValue? Floor(Evaluation run, DataValue?[] arguments) => Of(arguments[0], Math.Floor);

    public static DataValue? Ceil(Evaluation run, DataValue?[] arguments) => Of(arguments[0], Math.Ceiling);

    public static DataValue? Abs(Evaluation run, DataValue?[] arguments) => Of(arguments[0], Math.Abs);

    public static DataValue? Sqrt(Evaluation run, DataValue?[] arguments) => Of(arguments[0], value => value >= 0
        ? Math.Sqrt(value)
        : throw new ExpressionException("D3060", "A negative number has no square root"));

    public static DataValue? Power(Evaluation run, DataValue?[] arguments) => Of(arguments[0], value =>
    {
        var power = arguments[1] is DataNumber exponent ? Math.Pow(value, exponent.Value) : double.NaN;
        return double.IsFinite(power)
            ? power
            : throw new ExpressionException("D3061", "The power is no number, or out of range");
    });

    public static DataValue? Round(Evaluation run, DataValue?[] arguments) =>
        Of(arguments[0], value => Rounded(value, arguments[1] is null ? 0 : Arithmetic.Whole(arguments[1])));

    public static DataValue? Boolean(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is null ? null : DataBoolean.Of(Truth.Of(Sequences.Unwrapped(arguments[0])));

    public static DataValue? Not(Evaluation run, DataValue?[] arguments) =>
        arguments[0] is null ? null : DataBoolean.Of(!Truth.Of(Sequences.Unwrapped(arguments[0])));

    public static DataValue? FormatBase(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataNumber number)
        {
            return null;
        }

        var radix = arguments[1] is null ? 10 : Arithmetic.Whole(arguments[1]);
        if (radix is < 2 or > 36)
        {
            throw new ExpressionException("D3100", "The base must be between 2 and 36");
        }

        var rest = BigInteger.Abs(new BigInteger(Rounded(Arithmetic.Finite(number.Value), 0)));
        var digits = new StringBuilder();
        do
        {
            digits.Insert(0, "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(rest % radix)]);
            rest /= radix;
        }
        while (!rest.IsZero);
        return new DataText((number.Value < 0 && digits.ToString() != "0" ? "-" : string.Empty) + digits);
    }

    /// <summary>To the nearest of so many decimal places, what is between two to the even one.</summary>
    public static double Rounded(double value, int places)
    {
        if (places == 0)
        {
            return Math.Round(value, MidpointRounding.ToEven);
        }

        // Moving the point in the text keeps halves that multiplying would lose: 2.345 becomes 234.5.
        // A number so large that this leaves the range has no such places.
        var shifted = Shifted(value, places);
        return double.IsFinite(shifted) ? Shifted(Math.Round(shifted, MidpointRounding.ToEven), -places) : value;
    }

    private static double Shifted(double value, int places)
    {
        if (!double.IsFinite(value))
        {
            return value;
        }

        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E');
        var mantissa = mark < 0 ? shortest : shortest[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign);
        var shifted = $"{mantissa}E{Math.Clamp(exponent + places, -9_999, 9_999)}";
        return double.Parse(shifted, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static DataNumber? Of(DataValue? value, Func<double, double> function) =>
        value is DataNumber number ? Arithmetic.Number(function(number.Value)) : null;

    /// <summary>A number of JSON, with zeros before it if need be, or whole in base 16, 8 or 2.</summary>
    private static DataNumber Read(string text)
    {
        if (text.Length > 2 && text[0] == '0' && char.ToLowerInvariant(text[1]) is 'x' or 'o' or 'b')
        {
            var radix = char.ToLowerInvariant(text[1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
            return Arithmetic.Number(ReadBase(text, radix));
        }

        var start = text.StartsWith('-') ? 1 : 0;
        if (IsDecimal(text.AsSpan(start))
            && double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) is var value
            && double.IsFinite(value))
        {
            return new DataNumber(value);
        }

        throw NotNumber(text);
    }

    private static double ReadBase(string text, int radix)
    {
        double value = 0;
        foreach (var letter in text.AsSpan(2))
        {
            var digit = char.IsAsciiHexDigit(letter) ? Convert.ToInt32(letter.ToString(), 16) : radix;
            value = digit < radix ? (value * radix) + digit : throw NotNumber(text);
        }

        return value;
    }

    private static bool IsDecimal(ReadOnlySpan<char> text)
    {
        var rest = AfterDigits(text);
        if (rest.Length == text.Length)
        {
            return false;
        }

        if (rest is ['.', .. var fraction])
        {
            rest = AfterDigits(fraction);
            if (rest.Length == fraction.Length)
            {
                return false;
            }
        }

        if (rest is ['e' or 'E', .. var exponent])
        {
            exponent = exponent is ['+' or '-', .. var unsigned] ? unsigned : exponent;
            return exponent.Length > 0 && AfterDigits(exponent).Length == 0;
        }

        return rest.Length == 0;
    }

    private static ReadOnlySpan<char> AfterDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? [] : text[end..];
    }

    private static ExpressionException NotNumber(string text) =>
        new("D3030", $"{Describe.Quoted(text)} is no number");
}

using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>
/// Values as text, as `$string` and `&amp;` give them: numbers with at most 15 digits, functions as nothing.
/// </summary>
internal static class ValueText
{
    private const double PlainIntegerMax = 1e15;

    public static string Of(DataValue value, Evaluation run, bool isPretty = false)
    {
        switch (value)
        {
            case DataText text:
                return text.Value;
            case FunctionValue:
                return string.Empty;
            case DataNumber number:
                return double.IsFinite(number.Value)
                    ? OfNumber(number.Value)
                    : throw new ExpressionException("D3001", "A number that is out of range has no text");
            default:
                var written = new StringBuilder();
                Write(written, Sequences.Unwrapped(value)!, run, isPretty, 0);
                return written.ToString();
        }
    }

    /// <summary>As JavaScript writes a number, whole ones exactly and others rounded to 15 digits.</summary>
    public static string OfNumber(double value)
    {
        if (value == 0)
        {
            return "0";
        }

        if (value == Math.Floor(value))
        {
            return Math.Abs(value) < PlainIntegerMax
                ? ((long)value).ToString(CultureInfo.InvariantCulture)
                : Shortest(value);
        }

        var rounded = value.ToString("E14", CultureInfo.InvariantCulture);
        return Shortest(double.Parse(rounded, CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// The shortest digits that read back as the number, with an exponent where JavaScript writes one.
    /// </summary>
    public static string Shortest(double value)
    {
        var round = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        var mark = round.IndexOf('E');
        var mantissa = mark < 0 ? round : round[..mark];
        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = point < 0 ? mantissa : whole + mantissa[(point + 1)..];
        var leading = all.Length - all.TrimStart('0').Length;
        var exponent = whole.Length - 1 - leading
            + (mark < 0 ? 0 : int.Parse(round.AsSpan(mark + 1), NumberStyles.AllowLeadingSign));
        var digits = all.Trim('0');
        var sign = value < 0 ? "-" : string.Empty;
        return sign + exponent switch
        {
            >= 21 or < -6 => $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{exponent:+0;-0}",
            >= 0 when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0'),
            >= 0 => digits.Insert(exponent + 1, "."),
            _ => "0." + new string('0', -exponent - 1) + digits,
        };
    }

    private static void Write(StringBuilder to, DataValue value, Evaluation run, bool isPretty, int level)
    {
        run.Charge(1);
        run.RefuseText(to.Length);

        switch (value)
        {
            case DataText text:
                WriteQuoted(to, text.Value, run);
                break;
            case DataArray array:
                WriteArray(to, array, run, isPretty, level);
                break;
            case DataObject members:
                WriteObject(to, members, run, isPretty, level);
                break;
            case DataBoolean boolean:
                to.Append(boolean.Value ? "true" : "false");
                break;
            case DataNull:
                to.Append("null");
                break;
            case FunctionValue:
                to.Append("\"\"");
                break;
            default:
                to.Append(Of(value, run));
                break;
        }
    }

    private static void WriteArray(StringBuilder to, DataArray array, Evaluation run, bool isPretty, int level)
    {
        to.Append('[');
        for (var index = 0; index < array.Items.Count; index++)
        {
            to.Append(index > 0 ? "," : string.Empty);
            NewLine(to, isPretty, level + 1);
            Write(to, array.Items[index], run, isPretty, level + 1);
        }

        NewLine(to, isPretty && array.Items.Count > 0, level);
        to.Append(']');
    }

    private static void WriteObject(StringBuilder to, DataObject members, Evaluation run, bool isPretty, int level)
    {
        to.Append('{');
        var isFirst = true;
        foreach (var (name, member) in members.Members)
        {
            to.Append(isFirst ? string.Empty : ",");
            isFirst = false;
            NewLine(to, isPretty, level + 1);
            WriteQuoted(to, name, run);
            to.Append(isPretty ? ": " : ":");
            Write(to, member, run, isPretty, level + 1);
        }

        NewLine(to, isPretty && !isFirst, level);
        to.Append('}');
    }

    private static void NewLine(StringBuilder to, bool isPretty, int level)
    {
        if (isPretty)
        {
            to.Append('\n').Append(' ', 2 * level);
        }
    }

    private static void WriteQuoted(StringBuilder to, string text, Evaluation run)
    {
        run.ChargeText(text.Length);
        to.Append('"');
        for (var index = 0; index < text.Length; index++)
        {
            var one = text[index];
            _ = one switch
            {
                '"' => to.Append("\\\""),
                '\\' => to.Append("\\\\"),
                '\b' => to.Append("\\b"),
                '\f' => to.Append("\\f"),
                '\n' => to.Append("\\n"),
                '\r' => to.Append("\\r"),
                '\t' => to.Append("\\t"),
                < ' ' => to.Append("\\u").Append(((int)one).ToString("x4", CultureInfo.InvariantCulture)),
                >= '\ud800' and <= '\udfff' when !IsPaired(text, index) =>
                    to.Append("\\u").Append(((int)one).ToString("x4", CultureInfo.InvariantCulture)),
                _ => to.Append(one),
            };
        }

        to.Append('"');
    }

    private static bool IsPaired(string text, int index) => char.IsHighSurrogate(text[index])
        ? index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])
        : index > 0 && char.IsHighSurrogate(text[index - 1]);
}

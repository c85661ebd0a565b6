using System.Globalization;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>A picture of a date or time, as XPath's format-dateTime has it: text with markers in brackets.</summary>
internal sealed class TimePicture
{
    private TimePicture(List<TimePart> parts) => Parts = parts;

    public IReadOnlyList<TimePart> Parts { get; }

    public static TimePicture Read(string picture)
    {
        var parts = new List<TimePart>();
        var start = 0;
        for (var index = 0; index < picture.Length; index++)
        {
            if (picture[index] != '[')
            {
                continue;
            }

            AddText(picture[start..index]);
            if (index + 1 < picture.Length && picture[index + 1] == '[')
            {
                parts.Add(new TimePart('\0') { Text = "[" });
                start = ++index + 1;
                continue;
            }

            var end = picture.IndexOf(']', index);
            if (end < 0)
            {
                throw new ExpressionException("D3135", "The picture has a [ without a ]");
            }

            parts.Add(TimePart.Read(picture[(index + 1)..end]));
            index = end;
            start = end + 1;
        }

        AddText(picture[start..]);
        return new TimePicture(parts);

        void AddText(string text)
        {
            if (text.Length > 0)
            {
                parts.Add(new TimePart('\0') { Text = text.Replace("]]", "]", StringComparison.Ordinal) });
            }
        }
    }
}

internal enum NameForm
{
    None,
    Lower,
    Upper,
    Title,
}

/// <param name="Component">The letter of what is written, or a zero for text that stands for itself.</param>
internal sealed record TimePart(char Component)
{
    private const string Components = "YMDdFWwXxHhPmsfZzCE";

    public string Text { get; init; } = string.Empty;

    public NameForm Names { get; private init; }

    /// <summary>How a number is written; null for names.</summary>
    public IntegerPicture? Number { get; private init; }

    /// <summary>Characters of a name at most.</summary>
    public int WidthMax { get; private init; } = int.MaxValue;

    /// <summary>Digits of a year that are written, from the right; 0 for all.</summary>
    public int YearDigits { get; private init; }

    /// <summary>Digits that must be written, for times in which nothing stands between two numbers.</summary>
    public int Digits => Number?.MandatoryDigits ?? 0;

    /// <summary>`t`: no offset is written as Z.</summary>
    public bool HasZulu { get; private init; }

    public static TimePart Read(string marker)
    {
        var text = string.Concat(marker.Where(one => !char.IsWhiteSpace(one)));
        if (text.Length == 0 || !Components.Contains(text[0]))
        {
            throw new ExpressionException("D3132", $"{Describe.Quoted(marker)} is no part of a date or time");
        }

        var component = text[0];
        var comma = text.LastIndexOf(',');
        var (minimum, maximum) = comma < 0 ? (null, null) : Widths(text[(comma + 1)..]);
        var form = comma < 0 ? text[1..] : text[1..comma];
        var hasModifier = form.Length > 1 && form[^1] is 'o' or 't' or 'c' or 'a';
        var modifier = hasModifier ? form[^1] : '\0';
        form = hasModifier ? form[..^1] : form;
        form = form.Length > 0 && component is not ('C' or 'E') ? form : DefaultOf(component);
        if (component == 'P' && form[0] is not ('N' or 'n'))
        {
            form = DefaultOf(component);
        }

        if (component is 'Z' or 'z' && (hasModifier && modifier != 't' || !form.Any(char.IsAsciiDigit)))
        {
            throw new ExpressionException("D3134", "An offset is written in digits");
        }

        if (form[0] is 'N' or 'n')
        {
            return component is 'M' or 'x' or 'F' or 'P' or 'C' or 'E'
                ? new TimePart(component)
                {
                    Names = form.StartsWith("Nn", StringComparison.Ordinal) ? NameForm.Title
                        : form[0] == 'N' ? NameForm.Upper : NameForm.Lower,
                    WidthMax = maximum ?? int.MaxValue,
                }
                : throw new ExpressionException("D3133", $"[{component}] has no name");
        }

        var number = IntegerPicture.Read(modifier == 'o' ? form + ";o" : form);
        if (number.Form == IntegerForm.Digits && number.MandatoryDigits < minimum)
        {
            number = number with { MandatoryDigits = minimum.Value };
        }

        if (component is 'Z' or 'z' && number.MandatoryDigits > 4)
        {
            throw new ExpressionException("D3134", "An offset has at most four digits");
        }

        return new TimePart(component)
        {
            Number = component == 'Y' && maximum is not null ? number with { MandatoryDigits = maximum.Value } : number,
            YearDigits = YearDigitsOf(component, number, maximum),
            HasZulu = modifier == 't',
        };
    }

    private static int YearDigitsOf(char component, IntegerPicture number, int? maximum)
    {
        if (component != 'Y' || number.Form != IntegerForm.Digits)
        {
            return 0;
        }

        var digits = maximum ?? Math.Max(number.AllDigits, number.MandatoryDigits);
        return maximum is not null || digits >= 2 ? digits : 0;
    }

    private static (int? Minimum, int? Maximum) Widths(string text)
    {
        var dash = text.IndexOf('-');
        return dash < 0 ? (Width(text), null) : (Width(text[..dash]), Width(text[(dash + 1)..]));
    }

    private static int? Width(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is > 0 and < 100
            ? width
            : null;

    private static string DefaultOf(char component) => component switch
    {
        'F' or 'P' or 'C' or 'E' => "n",
        'm' or 's' => "01",
        'Z' or 'z' => "01:01",
        _ => "1",
    };
}

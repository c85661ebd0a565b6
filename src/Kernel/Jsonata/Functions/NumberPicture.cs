using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>One half of a picture for `$formatNumber`, read and checked.</summary>
internal sealed class NumberPicture
{
    private readonly NumberSymbols symbols;
    private readonly string text;
    private readonly HashSet<int> groups = [];
    private int regularGroup;

    private NumberPicture(string text, NumberSymbols symbols)
    {
        this.text = text;
        this.symbols = symbols;
        var first = FirstActive();
        var last = LastActive();
        Prefix = text[..first];
        Suffix = text[(last + 1)..];
        var active = text[first..(last + 1)];
        var exponentAt = text.IndexOf(symbols.ExponentSeparator, Math.Min(first, text.Length));
        var hasExponent = exponentAt >= 0 && exponentAt <= text.Length - Suffix.Length;
        var mantissa = hasExponent ? active[..Math.Min(exponentAt - first, active.Length)] : active;
        var exponent = hasExponent ? active[Math.Min(exponentAt - first + 1, active.Length)..] : null;
        var point = mantissa.IndexOf(symbols.DecimalSeparator);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? string.Empty : mantissa[(point + 1)..];
        IsPercent = text.Contains(symbols.Percent, StringComparison.Ordinal);
        IsPerMille = text.Contains(symbols.PerMille, StringComparison.Ordinal);
        Check(active, mantissa, whole, fraction, exponent);
        ReadDigits(whole, fraction, exponent);
        ReadGroups(whole, fraction);
    }

    public string Prefix { get; }

    public string Suffix { get; }

    public bool IsPercent { get; }

    public bool IsPerMille { get; }

    public int IntegerDigitsMin { get; private set; }

    public int FractionDigitsMin { get; private set; }

    public int FractionDigitsMax { get; private set; }

    /// <summary>Digits before the point with an exponent; 0 also means that there is none.</summary>
    public int ScalingDigits { get; private set; }

    public int ExponentDigits { get; private set; }

    /// <summary>Digits of the fraction before each of its separators.</summary>
    public IReadOnlySet<int> FractionGroups { get; private set; } = new HashSet<int>();

    public static NumberPicture[] Read(string picture, NumberSymbols symbols)
    {
        var halves = picture.Split(symbols.PatternSeparator);
        return halves.Length > 2
            ? throw new ExpressionException("D3080", "A picture has at most two halves")
            : [.. halves.Select(half => new NumberPicture(half, symbols))];
    }

    /// <param name="digits">Whole digits that follow.</param>
    public bool IsGroupedBefore(int digits) =>
        regularGroup > 0 ? digits % regularGroup == 0 : groups.Contains(digits);

    private int FirstActive()
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (symbols.IsActive(text[index]) && text[index] != symbols.ExponentSeparator)
            {
                return index;
            }
        }

        return 0;
    }

    private int LastActive()
    {
        for (var index = text.Length - 1; index >= 0; index--)
        {
            if (symbols.IsActive(text[index]) && text[index] != symbols.ExponentSeparator)
            {
                return index;
            }
        }

        return text.Length - 1;
    }

    /// <summary>Of several mistakes the last one of this list is named.</summary>
    private void Check(string active, string mantissa, string whole, string fraction, string? exponent)
    {
        var (point, group) = (symbols.DecimalSeparator, symbols.GroupingSeparator);
        (bool IsBad, string Code, string What)[] mistakes =
        [
            (text.Count(one => one == point) > 1, "D3081", "two decimal separators"),
            (Occurrences(symbols.Percent) > 1, "D3082", "two percent signs"),
            (Occurrences(symbols.PerMille) > 1, "D3083", "two per-mille signs"),
            (IsPercent && IsPerMille, "D3084", "a percent and a per-mille sign"),
            (!mantissa.Any(one => symbols.IsDigit(one) || one == symbols.Digit), "D3085", "no digit"),
            (active.Any(one => !symbols.IsActive(one)), "D3086", "other characters between its digits"),
            (text.Contains($"{group}{point}") || text.Contains($"{point}{group}"), "D3087", "separators side by side"),
            (!text.Contains(point) && whole.EndsWith(group), "D3088", "a grouping separator at its end"),
            (text.Contains($"{group}{group}"), "D3089", "two grouping separators together"),
            (HasDigit(BeforeFirst(whole)), "D3090", "an optional digit behind another"),
            (HasDigit(AfterLast(fraction)), "D3091", "a digit behind an optional one"),
            (exponent is { Length: > 0 } && (IsPercent || IsPerMille), "D3092", "an exponent and a percent sign"),
            (exponent is "" || exponent?.All(symbols.IsDigit) == false, "D3093", "a bad exponent"),
        ];
        if (Array.FindLast(mistakes, mistake => mistake.IsBad) is { IsBad: true } last)
        {
            throw new ExpressionException(last.Code, $"The picture has {last.What}");
        }
    }

    private bool HasDigit(string part) => part.Any(symbols.IsDigit);

    private string BeforeFirst(string part) => part[..Math.Max(part.IndexOf(symbols.Digit), 0)];

    private string AfterLast(string part) =>
        part.Contains(symbols.Digit) ? part[part.LastIndexOf(symbols.Digit)..] : string.Empty;

    private int Occurrences(string sign) => text.Split(sign).Length - 1;

    private void ReadDigits(string whole, string fraction, string? exponent)
    {
        IntegerDigitsMin = whole.Count(symbols.IsDigit);
        ScalingDigits = IntegerDigitsMin;
        FractionDigitsMin = fraction.Count(symbols.IsDigit);
        FractionDigitsMax = Math.Min(fraction.Count(one => symbols.IsDigit(one) || one == symbols.Digit), 300);
        FractionDigitsMin = Math.Min(FractionDigitsMin, FractionDigitsMax);
        ExponentDigits = exponent?.Length ?? 0;
        if (IntegerDigitsMin == 0 && FractionDigitsMax == 0)
        {
            IntegerDigitsMin = exponent is null ? 1 : 0;
            (FractionDigitsMin, FractionDigitsMax) = exponent is null ? (0, 0) : (1, 1);
        }

        if (exponent is not null && IntegerDigitsMin == 0 && whole.Contains(symbols.Digit))
        {
            IntegerDigitsMin = 1;
        }

        if (IntegerDigitsMin == 0 && FractionDigitsMin == 0)
        {
            FractionDigitsMin = 1;
        }
    }

    private void ReadGroups(string whole, string fraction)
    {
        for (var index = 0; index < whole.Length; index++)
        {
            if (whole[index] == symbols.GroupingSeparator)
            {
                groups.Add(whole[index..].Count(one => one != symbols.GroupingSeparator));
            }
        }

        // Separators at the multiples of one number go on to the left of the picture.
        var least = groups.Count == 0 ? 0 : groups.Min();
        var isRegular = least > 0 && Enumerable.Range(1, groups.Count).All(turn => groups.Contains(turn * least));
        regularGroup = isRegular ? least : 0;
        var places = new HashSet<int>();
        for (var index = 0; index < fraction.Length; index++)
        {
            if (fraction[index] == symbols.GroupingSeparator)
            {
                places.Add(fraction[..index].Count(one => one != symbols.GroupingSeparator));
            }
        }

        FractionGroups = places;
    }
}

using System.Net;
using System.Text.Json;

namespace Lambent.Kernel.Events.Filters;

/// <summary>
/// A value of an event that is neither an object nor an array. Its text is decoded once for all rules.
/// </summary>
internal readonly struct ScalarValue(JsonElement element)
{
    public JsonValueKind Kind { get; } = element.ValueKind;

    /// <summary>Of a string, else null.</summary>
    public string? Text { get; } = element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>Of a number, else null.</summary>
    public PatternNumber? Number { get; } =
        element.ValueKind == JsonValueKind.Number ? PatternNumber.From(element) : null;
}

/// <summary>
/// A number of an event or a pattern: exact up to 28 digits, so that two long ids are not taken for one another; what
/// a decimal cannot hold is compared as a floating-point number.
/// </summary>
internal readonly record struct PatternNumber(decimal? Exact, double Approximate)
{
    public static PatternNumber From(JsonElement element) =>
        element.TryGetDecimal(out var exact) ? new(exact, (double)exact) : new(null, element.GetDouble());

    public int CompareTo(PatternNumber other) => Exact is { } own && other.Exact is { } others
        ? own.CompareTo(others)
        : Approximate.CompareTo(other.Approximate);
}

/// <summary>One alternative of a field's pattern.</summary>
internal abstract record PatternRule
{
    /// <summary>Whether a value that is there matches.</summary>
    public abstract bool Matches(in ScalarValue value);

    /// <summary>Whether the rule is met by a field that is not there.</summary>
    public virtual bool MatchesAbsent => false;
}

/// <summary>true, false or null.</summary>
internal sealed record LiteralRule(JsonValueKind Kind) : PatternRule
{
    public override bool Matches(in ScalarValue value) => value.Kind == Kind;
}

internal sealed record TextRule(string Text, StringComparison Comparison = StringComparison.Ordinal) : PatternRule
{
    public override bool Matches(in ScalarValue value) =>
        value.Text is { } text && string.Equals(text, Text, Comparison);
}

internal sealed record PrefixRule(string Text, StringComparison Comparison) : PatternRule
{
    public override bool Matches(in ScalarValue value) => value.Text?.StartsWith(Text, Comparison) == true;
}

internal sealed record SuffixRule(string Text, StringComparison Comparison) : PatternRule
{
    public override bool Matches(in ScalarValue value) => value.Text?.EndsWith(Text, Comparison) == true;
}

internal sealed record WildcardRule(WildcardText Pattern) : PatternRule
{
    public override bool Matches(in ScalarValue value) => value.Text is { } text && Pattern.Matches(text);
}

internal sealed record NumberRule(PatternNumber Number) : PatternRule
{
    public override bool Matches(in ScalarValue value) => value.Number?.CompareTo(Number) == 0;
}

/// <summary>Between bounds, of which each may be missing.</summary>
internal sealed record RangeRule(
    PatternNumber? Bottom, bool IncludesBottom, PatternNumber? Top, bool IncludesTop) : PatternRule
{
    public override bool Matches(in ScalarValue value)
    {
        if (value.Number is not { } number)
        {
            return false;
        }

        var above = Bottom is not { } bottom || number.CompareTo(bottom) >= (IncludesBottom ? 0 : 1);
        var below = Top is not { } top || number.CompareTo(top) <= (IncludesTop ? 0 : -1);
        return above && below;
    }
}

internal sealed record ExistsRule(bool Exists) : PatternRule
{
    public override bool MatchesAbsent => !Exists;

    public override bool Matches(in ScalarValue value) => Exists;
}

internal sealed record AddressRule(IPNetwork Network) : PatternRule
{
    public override bool Matches(in ScalarValue value) =>
        IPAddress.TryParse(value.Text, out var address) && Network.Contains(address);
}

/// <summary>A value that is there and that none of the rules matches.</summary>
internal sealed record AnythingButRule(IReadOnlyList<PatternRule> Rules) : PatternRule
{
    public override bool Matches(in ScalarValue value)
    {
        foreach (var rule in Rules)
        {
            if (rule.Matches(value))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Text.Json;

namespace Lambent.Kernel.Events.Filters;

/// <summary>Reads the rule numeric: ["=", 3], ["&gt;", 1] or ["&gt;", 1, "&lt;=", 5].</summary>
internal static class NumericReader
{
    private const int RangeLength = 4;

    public static PatternRule Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new PatternException("Value of numeric must be an array.");
        }

        JsonElement[] terms = [.. value.EnumerateArray()];
        if (terms.Length == 0 || terms[0].ValueKind != JsonValueKind.String)
        {
            throw new PatternException(
                $"Invalid member in numeric match: {(terms.Length == 0 ? "]" : terms[0].GetRawText())}");
        }

        var name = terms[0].GetString()!;
        return name switch
        {
            "=" when terms.Length > 2 => throw new PatternException("Too many elements in numeric expression"),
            "=" => new NumberRule(Number(terms, 1, "equals")),
            "<" or "<=" when terms.Length > 2 =>
                throw new PatternException("Too many elements in numeric expression"),
            "<" or "<=" => new RangeRule(null, false, Number(terms, 1, name), name == "<="),
            ">" or ">=" => Range(terms, name),
            _ => throw new PatternException($"Unrecognized numeric range operator: {name}"),
        };
    }

    private static RangeRule Range(JsonElement[] terms, string name)
    {
        var bottom = Number(terms, 1, name);
        if (terms.Length == 2)
        {
            return new RangeRule(bottom, name == ">=", null, false);
        }

        if (terms[2].ValueKind != JsonValueKind.String)
        {
            throw new PatternException($"Bad value in numeric range: {terms[2].GetRawText()}");
        }

        var upper = terms[2].GetString();
        if (upper is not ("<" or "<="))
        {
            throw new PatternException($"Bad numeric range operator: {upper}");
        }

        var top = Number(terms, 3, upper);
        if (terms.Length > RangeLength)
        {
            throw new PatternException("Too many terms in numeric range expression");
        }

        return bottom.CompareTo(top) < 0
            ? new RangeRule(bottom, name == ">=", top, upper == "<=")
            : throw new PatternException("Bottom must be less than top");
    }

    private static PatternNumber Number(JsonElement[] terms, int index, string name) =>
        index < terms.Length && terms[index].ValueKind == JsonValueKind.Number
            ? PatternNumber.From(terms[index])
            : throw new PatternException($"Value of {name} must be numeric");
}

using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Patterns;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Functions;

/// <summary>Functions that look for a string, a regular expression, or what a function of one's own finds.</summary>
internal static class PatternFunctions
{
    public static DataValue? Contains(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        run.ChargeText(text.Value.Length);
        return arguments[1] switch
        {
            DataText part => text.Value.Contains(part.Value, StringComparison.Ordinal),
            PatternFunction pattern => pattern.IsIn(run, text.Value),
            FunctionValue finder => finder.InvokeWith(run, text) is { } found
                && (IsMatch(found) ? true : throw NoMatch()),
            _ => false,
        };
    }

    public static DataValue? Match(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        var limit = Limit(arguments[2], "D3040", "matches");
        var matches = new List<DataValue>();
        foreach (var found in Found(run, arguments[1], text.Value).Take(limit))
        {
            run.ChargeItems(matches.Count + 1L, 1);
            matches.Add(new DataObject(
                ("match", text.Value[found.Start..found.End]),
                ("index", found.Start),
                ("groups", PatternFunction.Groups(found))));
        }

        return Sequences.Uncollapsed(matches);
    }

    public static DataValue? Split(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        var limit = Limit(arguments[2], "D3020", "parts");
        var parts = new List<DataValue>();
        foreach (var part in Parts(run, text.Value, arguments[1]).Take(limit))
        {
            run.ChargeItems(parts.Count + 1L, 1);
            run.ChargeText(part.Length);
            parts.Add(part);
        }

        return new DataArray(parts);
    }

    public static DataValue? Replace(Evaluation run, DataValue?[] arguments)
    {
        if (arguments[0] is not DataText text)
        {
            return null;
        }

        if (arguments[1] is DataText { Value.Length: 0 })
        {
            throw new ExpressionException("D3010", "An empty text cannot be replaced");
        }

        var limit = Limit(arguments[3], "D3011", "replacements");
        var result = new StringBuilder();
        var end = 0;
        foreach (var match in Found(run, arguments[1], text.Value).Take(limit))
        {
            result.Append(text.Value, end, match.Start - end);
            result.Append(Replacement(run, arguments, match, text.Value));
            end = match.End;
            run.Charge(1);
            run.RefuseText(result.Length);
        }

        result.Append(text.Value, end, text.Value.Length - end);
        run.ChargeText(result.Length);
        return new DataText(result.ToString());
    }

    /// <summary>A text's occurrences look like matches without groups.</summary>
    private static IEnumerable<PatternMatch> Found(Evaluation run, DataValue? pattern, string text) => pattern switch
    {
        DataText part => Occurrences(run, text, part.Value),
        PatternFunction regex => regex.Matches(run, text),
        FunctionValue finder => OwnMatches(run, finder, text),
        _ => throw new ExpressionException("T1010", "There is nothing to look for"),
    };

    private static IEnumerable<PatternMatch> Occurrences(Evaluation run, string text, string part)
    {
        var start = 0;
        while (text.IndexOf(part, start, StringComparison.Ordinal) is var found and >= 0)
        {
            run.ChargeText(found + part.Length - start);
            run.Charge(1);
            yield return new PatternMatch(found, found + part.Length, []);
            start = found + part.Length;
        }
    }

    /// <summary>A function of one's own gives objects like those of a regular expression.</summary>
    private static IEnumerable<PatternMatch> OwnMatches(Evaluation run, FunctionValue finder, string text)
    {
        var least = 0;
        var next = finder.InvokeWith(run, text);
        while (next is not null)
        {
            var (start, end) = IsMatch(next) && next["next"] is FunctionValue
                ? (Arithmetic.Whole(next["start"]), Arithmetic.Whole(next["end"]))
                : throw NoMatch();
            if (start < least || end <= start || end > text.Length)
            {
                throw NoMatch();
            }

            run.Charge(1);
            yield return new PatternMatch(
                start, end, [.. Sequences.Items(next["groups"]).Select(group => (group as DataText)?.Value)]);
            least = end;
            next = ((FunctionValue)next["next"]!).Invoke(run, [], null);
        }
    }

    private static bool IsMatch(DataValue value) =>
        value["start"] is DataNumber && value["end"] is DataNumber && value["groups"] is DataArray;

    private static ExpressionException NoMatch() =>
        new("T1010", "The function must give a match, with start, end, groups and next");

    private static IEnumerable<string> Parts(Evaluation run, string text, DataValue? separator)
    {
        if (separator is DataText { Value.Length: 0 })
        {
            foreach (var one in text)
            {
                yield return one.ToString();
            }

            yield break;
        }

        var end = 0;
        foreach (var match in Found(run, separator, text))
        {
            yield return text[end..match.Start];
            end = match.End;
        }

        yield return text[end..];
    }

    private static string Replacement(Evaluation run, DataValue?[] arguments, PatternMatch match, string text)
    {
        switch (arguments[2])
        {
            case DataText by when arguments[1] is DataText:
                return by.Value;
            case DataText by:
                return WithGroups(by.Value, match, text);
            case FunctionValue function:
                var found = new DataObject(
                    ("match", text[match.Start..match.End]),
                    ("start", match.Start),
                    ("end", match.End),
                    ("groups", PatternFunction.Groups(match)));
                return function.InvokeWith(run, found) is DataText made
                    ? made.Value
                    : throw new ExpressionException("D3012", "The function that replaces must give a string");
            default:
                throw new ExpressionException("D3012", "There is nothing to put in place");
        }
    }

    /// <summary>`$$` is a dollar, `$0` the match, `$1` a group; of `$12` the most digits that name a group.</summary>
    private static string WithGroups(string template, PatternMatch match, string text)
    {
        var result = new StringBuilder();
        for (var index = 0; index < template.Length; index++)
        {
            if (template[index] != '$' || index + 1 == template.Length)
            {
                result.Append(template[index]);
                continue;
            }

            var next = template[index + 1];
            if (next is '$' or '0')
            {
                result.Append(next == '$' ? "$" : text[match.Start..match.End]);
                index++;
            }
            else if (char.IsAsciiDigit(next))
            {
                var length = GroupDigits(template, index + 1, match.Groups.Length);
                var number = int.Parse(template.AsSpan(index + 1, length), NumberStyles.None);
                result.Append(number <= match.Groups.Length ? match.Groups[number - 1] : null);
                index += length;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }

    private static int GroupDigits(string template, int start, int groups)
    {
        // No more digits than the number of groups has, and fewer where they name none.
        var most = 1;
        for (var power = 10; power <= groups; power *= 10)
        {
            most++;
        }

        var length = 1;
        while (length < most && start + length < template.Length && char.IsAsciiDigit(template[start + length]))
        {
            length++;
        }

        while (length > 1 && int.Parse(template.AsSpan(start, length), NumberStyles.None) > groups)
        {
            length--;
        }

        return length;
    }

    private static int Limit(DataValue? limit, string code, string of)
    {
        if (limit is not DataNumber number)
        {
            return int.MaxValue;
        }

        return number.Value >= 0
            ? (int)Math.Min(Math.Floor(number.Value), int.MaxValue)
            : throw new ExpressionException(code, $"The number of {of} must not be negative");
    }
}

using System.Globalization;
using Lambent.Kernel.Jsonata.Running;

namespace Lambent.Kernel.Jsonata.Patterns;

/// <summary>Reads a regular expression of JavaScript, as it is without the flag u.</summary>
internal sealed partial class PatternReader
{
    private const int DepthMax = 50;
    private const int RepetitionsMax = 1_000;
    private readonly string text;
    private readonly bool hasLines;
    private readonly int position;
    private readonly int groupCount;
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private int index;
    private int groups;
    private int depth;

    private PatternReader(string text, bool hasLines, int position)
    {
        this.text = text;
        this.hasLines = hasLines;
        this.position = position;
        groupCount = FindGroups();
    }

    /// <param name="text">Between the slashes.</param>
    /// <param name="flags">Of i and m.</param>
    /// <param name="position">Where the expression stands, for failures.</param>
    public static PatternProgram Read(string text, string flags, int position)
    {
        var reader = new PatternReader(text, flags.Contains('m'), position);
        var pattern = reader.ReadChoice();
        if (reader.index < text.Length)
        {
            throw reader.Failure("a round bracket is closed that was not opened");
        }

        return new PatternWriter(position, reader.groupCount, flags.Contains('i')).Write(pattern);
    }

    /// <summary>A backreference can stand before its group, so groups are counted first.</summary>
    private int FindGroups()
    {
        var count = 0;
        var isClass = false;
        for (var place = 0; place < text.Length; place++)
        {
            switch (text[place])
            {
                case '\\':
                    place++;
                    break;
                case '[':
                    isClass = true;
                    break;
                case ']':
                    isClass = false;
                    break;
                case '(' when !isClass && GroupName(place) is { } name:
                    count++;
                    if (name.Length > 0 && !names.TryAdd(name, count))
                    {
                        throw Failure("two groups have the same name");
                    }

                    break;
            }
        }

        return count;
    }

    /// <summary>
    /// The name of the capturing group that opens here, empty for one without; null for other brackets.
    /// </summary>
    private string? GroupName(int place)
    {
        if (place + 1 >= text.Length || text[place + 1] != '?')
        {
            return string.Empty;
        }

        if (string.CompareOrdinal(text, place, "(?<", 0, 3) != 0
            || (place + 3 < text.Length && text[place + 3] is '=' or '!'))
        {
            return null;
        }

        var end = text.IndexOf('>', place);
        return end > place + 3 ? text[(place + 3)..end] : throw Failure("a group's name has no end");
    }

    private PatternNode ReadChoice()
    {
        if (++depth > DepthMax)
        {
            throw Failure($"it is nested more than {DepthMax} deep");
        }

        var options = new List<PatternNode> { ReadSequence() };
        while (index < text.Length && text[index] == '|')
        {
            index++;
            options.Add(ReadSequence());
        }

        depth--;
        return options.Count == 1 ? options[0] : new ChoicePattern(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (index < text.Length && text[index] is not '|' and not ')')
        {
            var first = groups + 1;
            parts.Add(Repeated(ReadOne(), first));
        }

        return parts.Count switch { 0 => new EmptyPattern(), 1 => parts[0], _ => new SequencePattern(parts) };
    }

    private PatternNode ReadOne()
    {
        var current = text[index++];
        switch (current)
        {
            case '^':
                return new PlacePattern(hasLines ? PatternOperation.LineStart : PatternOperation.TextStart);
            case '$':
                return new PlacePattern(hasLines ? PatternOperation.LineEnd : PatternOperation.TextEnd);
            case '.':
                return new SetPattern(CharacterSet.LineEnds.Others());
            case '(':
                return ReadGroup();
            case '[':
                return ReadClass();
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                throw Failure("there is nothing to repeat");
            case '{' when Counts(index - 1) is not null:
                throw Failure("there is nothing to repeat");
            default:
                return new SetPattern(CharacterSet.Of(current));
        }
    }

    private PatternNode ReadGroup()
    {
        var open = index - 1;
        var number = 0;
        Func<PatternNode, PatternNode>? look = null;
        if (GroupName(open) is { } name)
        {
            number = ++groups;
            index += name.Length == 0 ? 0 : name.Length + 3;
        }
        else
        {
            (look, var length) = text.AsSpan(index) switch
            {
                ['?', ':', ..] => ((Func<PatternNode, PatternNode>?)null, 2),
                ['?', '=', ..] => (inner => new LookPattern(inner, IsBehind: false, IsNegative: false), 2),
                ['?', '!', ..] => (inner => new LookPattern(inner, IsBehind: false, IsNegative: true), 2),
                ['?', '<', '=', ..] => (inner => new LookPattern(inner, IsBehind: true, IsNegative: false), 3),
                ['?', '<', '!', ..] => (inner => new LookPattern(inner, IsBehind: true, IsNegative: true), 3),
                _ => throw Failure("a group is of no known kind"),
            };
            index += length;
        }

        var inner = ReadChoice();
        if (index >= text.Length)
        {
            throw Failure("a round bracket is not closed");
        }

        index++;
        return look?.Invoke(inner) ?? new GroupPattern(number, inner);
    }

    private PatternNode Repeated(PatternNode one, int firstGroup)
    {
        if (index >= text.Length)
        {
            return one;
        }

        (int Minimum, int? Maximum, int Length)? counts = text[index] switch
        {
            '*' => (0, null, 1),
            '+' => (1, null, 1),
            '?' => (0, 1, 1),
            '{' => Counts(index),
            _ => null,
        };
        if (counts is not var (minimum, maximum, length))
        {
            return one;
        }

        if (one is PlacePattern or LookPattern { IsBehind: true } || maximum < minimum)
        {
            throw Failure("there is nothing to repeat, or less than at least");
        }

        index += length;
        var isLazy = index < text.Length && text[index] == '?';
        index += isLazy ? 1 : 0;
        return new RepeatPattern(one, minimum, maximum, !isLazy, firstGroup, groups + 1);
    }

    /// <summary>`{2}`, `{2,}` or `{2,5}`; null when the bracket is an ordinary character.</summary>
    private (int Minimum, int? Maximum, int Length)? Counts(int open)
    {
        var end = text.IndexOf('}', open);
        if (end < 0)
        {
            return null;
        }

        var parts = text[(open + 1)..end].Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(part => part.All(char.IsAsciiDigit)))
        {
            return null;
        }

        var minimum = Count(parts[0]);
        int? maximum = parts.Length == 1 ? minimum : parts[1].Length == 0 ? null : Count(parts[1]);
        return (minimum, maximum, end - open + 1);
    }

    private int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= RepetitionsMax
            ? count
            : throw Failure($"it repeats something more than {RepetitionsMax} times");

    private ExpressionException Failure(string reason) =>
        new("S0603", $"The regular expression cannot be used: {reason}", position, text);
}

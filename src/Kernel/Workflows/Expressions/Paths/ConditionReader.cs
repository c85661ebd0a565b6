using System.Text.RegularExpressions;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>Reads what stands within <c>?(…)</c>.</summary>
internal sealed class ConditionReader(PathReader reader)
{
    // Longer ones first: '<' is the beginning of '<='.
    private static readonly (string Text, PathOperator Operator)[] Operators =
    [
        ("==", PathOperator.Equal), ("!=", PathOperator.NotEqual), ("<=", PathOperator.AtMost),
        (">=", PathOperator.AtLeast), ("=~", PathOperator.Matches), ("<", PathOperator.Less),
        (">", PathOperator.Greater), ("subsetof ", PathOperator.SubsetOf), ("anyof ", PathOperator.AnyOf),
        ("noneof ", PathOperator.NoneOf), ("contains ", PathOperator.Contains), ("empty ", PathOperator.Empty),
        ("size ", PathOperator.Size), ("nin ", PathOperator.NotIn), ("in ", PathOperator.In),
    ];

    private readonly PathCursor cursor = reader.Cursor;

    public PathCondition? Read()
    {
        if (reader.Depth >= Limits.ConditionNestingMax)
        {
            cursor.Fail($"brackets and filters are nested more than {Limits.ConditionNestingMax} times");
            return null;
        }

        reader.Depth++;
        var condition = ReadSeveral("||", () => ReadSeveral("&&", ReadOne, all: true), all: false);
        reader.Depth--;
        return condition;
    }

    private PathCondition? ReadSeveral(string separator, Func<PathCondition?> readOne, bool all)
    {
        var parts = new List<PathCondition>();
        do
        {
            if (readOne() is not { } part)
            {
                return null;
            }

            parts.Add(part);
            cursor.SkipSpace();
        }
        while (cursor.Take(separator));
        return parts.Count == 1 ? parts[0] : new CombinedCondition(parts, all);
    }

    private PathCondition? ReadOne()
    {
        var isNegated = false;
        cursor.SkipSpace();
        while (cursor.Take('!'))
        {
            isNegated = !isNegated;
            cursor.SkipSpace();
        }

        var condition = cursor.Take('(') ? ReadBracketed() : ReadComparison();
        return condition is not null && isNegated ? new NegatedCondition(condition) : condition;
    }

    private PathCondition? ReadBracketed()
    {
        var condition = Read();
        cursor.SkipSpace();
        if (!cursor.Take(')'))
        {
            cursor.Fail("')' is missing");
        }

        return condition;
    }

    private PathCondition? ReadComparison()
    {
        if (ReadOperand() is not { } left)
        {
            return null;
        }

        cursor.SkipSpace();
        foreach (var (text, comparison) in Operators)
        {
            if (!cursor.Take(text))
            {
                continue;
            }

            cursor.SkipSpace();
            var right = comparison == PathOperator.Matches ? ReadPattern() : ReadOperand();
            return right is null ? null : new ComparedCondition(left, comparison, right);
        }

        if (left is PathOperand path)
        {
            return new PresentCondition(path);
        }

        cursor.Fail("a comparison is missing");
        return null;
    }

    private Operand? ReadOperand()
    {
        if (cursor.Current is '@' or '$')
        {
            return reader.ReadPath() is { } path ? new PathOperand(path) : null;
        }

        return ReadLiteral() is { } value ? new ValueOperand(value) : null;
    }

    private DataValue? ReadLiteral()
    {
        if (cursor.TakeQuoted() is { } text)
        {
            return text;
        }

        if (cursor.Take('['))
        {
            return ReadLiterals();
        }

        DataValue? word = cursor.Take("true") ? true
            : cursor.Take("false") ? false
            : cursor.Take("null") ? DataNull.Value
            : null;
        if (word is not null)
        {
            return word;
        }

        var number = DataReader.Read(cursor.TakeNumber()).Value;
        if (number is not DataNumber)
        {
            cursor.Fail("a path, a text in quotes, a number, true, false, null or a list is missing");
        }

        return number as DataNumber;
    }

    // Lists hold plain values, so that they need no bound of their depth.
    private DataArray? ReadLiterals()
    {
        var items = new List<DataValue>();
        cursor.SkipSpace();
        if (cursor.Take(']'))
        {
            return DataArray.Empty;
        }

        do
        {
            cursor.SkipSpace();
            if (cursor.Current == '[')
            {
                cursor.Fail("a list of a filter holds no lists");
                return null;
            }

            if (ReadLiteral() is not { } item)
            {
                return null;
            }

            items.Add(item);
            cursor.SkipSpace();
        }
        while (cursor.Take(','));
        if (!cursor.Take(']'))
        {
            cursor.Fail("']' is missing");
        }

        return new DataArray(items);
    }

    // Patterns that would need backtracking are refused, so that matching takes time in proportion to the text.
    private PatternOperand? ReadPattern()
    {
        if (!cursor.Take('/') || cursor.TakeUntil('/') is not { } pattern)
        {
            cursor.Fail("a pattern such as /abc/i is missing after '=~'");
            return null;
        }

        var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
        while (cursor.Current is 'i' or 'm' or 's')
        {
            options |= cursor.Current switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                _ => RegexOptions.Singleline,
            };
            cursor.Take(cursor.Current);
        }

        try
        {
            return new PatternOperand(new Regex($"^(?:{pattern})$", options));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            cursor.Fail($"the pattern /{pattern}/ cannot be used: {exception.Message}");
            return null;
        }
    }
}

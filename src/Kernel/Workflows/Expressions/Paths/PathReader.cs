using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Paths;

/// <summary>
/// Reads the text of a path. The first thing that is wrong is kept, and from then on every method answers null, so that
/// no text needs an exception to be refused.
/// </summary>
/// <param name="text">The text in which the path stands.</param>
/// <param name="start">Where it begins.</param>
internal sealed class PathReader(string text, int start = 0)
{
    private readonly PathCursor cursor = new(text, start);

    /// <summary>How many filters and brackets are around; a text of brackets must not exhaust the stack.</summary>
    public int Depth { get; set; }

    public PathCursor Cursor => cursor;

    public (JsonPath? Path, string? Problem) ReadAll()
    {
        if (!text.StartsWith('$'))
        {
            return (null, "a path starts with '$'");
        }

        var path = ReadPath();
        if (path is not null && !cursor.IsAtEnd)
        {
            cursor.Fail($"'{cursor.Current}' does not belong to a path");
        }

        return cursor.Problem is { } problem ? (null, problem) : (path, null);
    }

    /// <summary>Reads a path from its root to where no further step stands.</summary>
    public JsonPath? ReadPath()
    {
        var begin = cursor.Position;
        var (root, variable) = ReadRoot();
        var steps = new List<PathStep>();
        PathFunction? function = null;
        while (function is null && cursor.Problem is null && cursor.Current is '.' or '[')
        {
            if (steps.Count >= DataReader.MaximumDepth)
            {
                cursor.Fail($"a path has at most {DataReader.MaximumDepth} steps");
            }
            else if (cursor.Current == '[')
            {
                Add(steps, ReadBracket());
            }
            else
            {
                function = ReadDotted(steps);
            }
        }

        return cursor.Problem is null
            ? new JsonPath(text[begin..cursor.Position], root, variable, steps, function)
            : null;
    }

    private (PathRoot Root, string? Variable) ReadRoot()
    {
        if (cursor.Take('@'))
        {
            return (PathRoot.Candidate, null);
        }

        cursor.Take('$');
        if (cursor.Take('$'))
        {
            return (PathRoot.Context, null);
        }

        var name = cursor.TakeName();
        return name.Length == 0 ? (PathRoot.Input, null) : (PathRoot.Variable, name);
    }

    // What follows a dot: a name, a star, a function, or after two dots a bracket too.
    private PathFunction? ReadDotted(List<PathStep> steps)
    {
        cursor.Take('.');
        if (cursor.Take('.'))
        {
            steps.Add(new DescendantStep());
            if (cursor.Current == '[')
            {
                Add(steps, ReadBracket());
                return null;
            }
        }

        if (cursor.Take('*'))
        {
            steps.Add(new WildcardStep());
            return null;
        }

        var name = cursor.TakeName();
        if (name.Length == 0)
        {
            cursor.Fail("a name is missing after '.'");
            return null;
        }

        if (cursor.Current == '(')
        {
            return ReadFunction(name);
        }

        steps.Add(new NameStep(name));
        return null;
    }

    private PathFunction? ReadFunction(string name)
    {
        cursor.Take('(');
        cursor.SkipSpace();
        var argument = cursor.Current == ')' ? null : cursor.TakeInteger();
        cursor.SkipSpace();
        if (!cursor.Take(')') || PathFunction.Of(name, argument) is not { } function)
        {
            cursor.Fail($"'{name}' is not a function of paths");
            return null;
        }

        return function;
    }

    private PathStep? ReadBracket()
    {
        cursor.Take('[');
        cursor.SkipSpace();
        var step = cursor.Current switch
        {
            '*' => ReadWildcard(),
            '?' => ReadFilter(),
            '\'' or '"' => ReadNames(),
            _ => ReadNumbers(),
        };
        cursor.SkipSpace();
        if (!cursor.Take(']'))
        {
            cursor.Fail("']' is missing");
        }

        return step;
    }

    private WildcardStep ReadWildcard()
    {
        cursor.Take('*');
        return new WildcardStep();
    }

    private FilterStep? ReadFilter()
    {
        cursor.Take('?');
        cursor.SkipSpace();
        if (!cursor.Take('('))
        {
            cursor.Fail("'(' is missing after '?'");
            return null;
        }

        var condition = new ConditionReader(this).Read();
        cursor.SkipSpace();
        if (!cursor.Take(')'))
        {
            cursor.Fail("')' is missing");
        }

        return condition is null ? null : new FilterStep(condition);
    }

    private PathStep? ReadNames()
    {
        var names = new List<string>();
        do
        {
            cursor.SkipSpace();
            if (cursor.TakeQuoted() is not { } name)
            {
                cursor.Fail("a name in quotes is missing");
                return null;
            }

            names.Add(name);
            cursor.SkipSpace();
        }
        while (cursor.Take(','));
        return names.Count == 1 ? new NameStep(names[0]) : new NamesStep(names);
    }

    private PathStep? ReadNumbers()
    {
        var first = cursor.TakeInteger();
        cursor.SkipSpace();
        if (cursor.Current == ':')
        {
            return ReadSlice(first);
        }

        if (first is not { } index)
        {
            cursor.Fail("an index, a name in quotes, '*' or a filter is missing after '['");
            return null;
        }

        var indexes = new List<int> { index };
        while (cursor.Take(','))
        {
            cursor.SkipSpace();
            if (cursor.TakeInteger() is not { } next)
            {
                cursor.Fail("an index is missing after ','");
                return null;
            }

            indexes.Add(next);
            cursor.SkipSpace();
        }

        return indexes.Count == 1 ? new IndexStep(index) : new IndexesStep(indexes);
    }

    private SliceStep? ReadSlice(int? from)
    {
        cursor.Take(':');
        cursor.SkipSpace();
        var to = cursor.TakeInteger();
        cursor.SkipSpace();
        var step = 1;
        if (cursor.Take(':'))
        {
            cursor.SkipSpace();
            step = cursor.TakeInteger() ?? 1;
        }

        if (step <= 0)
        {
            cursor.Fail("the step of a slice is at least 1");
            return null;
        }

        return new SliceStep(from, to, step);
    }

    private static void Add(List<PathStep> steps, PathStep? step)
    {
        if (step is not null)
        {
            steps.Add(step);
        }
    }
}

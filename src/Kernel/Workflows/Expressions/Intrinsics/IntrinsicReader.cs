using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Expressions.Paths;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>
/// Reads a call of an intrinsic function, such as <c>States.Format('Hello {}', $.name)</c>. Arguments are paths, texts
/// in single quotes, numbers, true, false, null and further calls.
/// </summary>
internal sealed class IntrinsicReader
{
    private const string Prefix = "States.";

    private readonly string text;
    private readonly PathCursor cursor;

    private IntrinsicReader(string text)
    {
        this.text = text;
        cursor = new PathCursor(text);
    }

    /// <summary>A plain text that somebody may have meant to be computed.</summary>
    public static bool LooksComputed(string text) => text.StartsWith(Prefix, StringComparison.Ordinal)
        ? Read(text).Expression is not null
        : JsonPath.Read(text).Path is not null;

    /// <returns>The call, or what is wrong with the text.</returns>
    public static (IExpression? Expression, string? Problem) Read(string text)
    {
        var reader = new IntrinsicReader(text);
        reader.cursor.SkipSpace();
        var call = reader.ReadCall(1);
        reader.cursor.SkipSpace();
        if (call is not null && !reader.cursor.IsAtEnd)
        {
            reader.cursor.Fail("there is more after the call");
        }

        return reader.cursor.Problem is { } problem
            ? (null, problem)
            : (new IntrinsicExpression(call!, text.Trim()), null);
    }

    private IExpression? ReadCall(int depth)
    {
        if (depth > Limits.IntrinsicDepthMax)
        {
            return Fail($"more than {Limits.IntrinsicDepthMax} calls are nested");
        }

        var start = cursor.Position;
        if (!cursor.Take(Prefix))
        {
            return Fail("a function such as States.Format is missing");
        }

        cursor.TakeName();
        var name = text[start..cursor.Position];
        if (IntrinsicTable.Find(name) is not { } function)
        {
            return Fail($"there is no function '{name}'");
        }

        cursor.SkipSpace();
        return cursor.Take('(') ? ReadArguments(function, depth) : Fail("'(' is missing");
    }

    private IExpression? ReadArguments(IntrinsicFunction function, int depth)
    {
        var arguments = new List<IExpression>();
        cursor.SkipSpace();
        if (!cursor.Take(')'))
        {
            do
            {
                cursor.SkipSpace();
                if (ReadArgument(depth) is not { } argument)
                {
                    return null;
                }

                arguments.Add(argument);
                cursor.SkipSpace();
            }
            while (cursor.Take(','));
            if (!cursor.Take(')'))
            {
                return Fail("',' or ')' is missing");
            }
        }

        if (arguments.Count < function.ArgumentsMin || arguments.Count > function.ArgumentsMax)
        {
            return Fail($"{function.Name} does not take {arguments.Count} arguments");
        }

        return function.Name == IntrinsicTable.Format && arguments[0] is TextArgument template
            ? ReadFormat(template.Raw, arguments)
            : new IntrinsicCall(function, arguments);
    }

    // A template that stands in the definition is taken apart once, and counted.
    private IExpression? ReadFormat(string template, List<IExpression> arguments)
    {
        var (pieces, problem) = FormatTemplate.Read(template);
        if (pieces is null)
        {
            return Fail(problem!);
        }

        return pieces.Count == arguments.Count
            ? new FormatCall(pieces, arguments[1..])
            : Fail($"the template has {pieces.Count - 1} places for {arguments.Count - 1} arguments");
    }

    private IExpression? ReadArgument(int depth)
    {
        switch (cursor.Current)
        {
            case '$':
                return ReadPath();
            case '\'':
                return ReadText();
            case 'S':
                return ReadCall(depth + 1);
        }

        DataValue? word = cursor.Take("true") ? DataBoolean.True
            : cursor.Take("false") ? DataBoolean.False
            : cursor.Take("null") ? DataNull.Value
            : null;
        if (word is not null)
        {
            return new ConstantExpression(word);
        }

        return DataReader.Read(cursor.TakeNumber()).Value is DataNumber number
            ? new ConstantExpression(number)
            : Fail("an argument is a path, a text in single quotes, a number, true, false, null or a call");
    }

    private PathExpression? ReadPath()
    {
        var reader = new PathReader(text, cursor.Position);
        var path = reader.ReadPath();
        cursor.Position = reader.Cursor.Position;
        if (path is null)
        {
            Fail(reader.Cursor.Problem!);
            return null;
        }

        return PathExpression.OfArgument(path);
    }

    private IExpression? ReadText()
    {
        cursor.Take('\'');
        if (cursor.TakeUntil('\'') is not { } raw)
        {
            return null;
        }

        return FormatTemplate.Plain(raw) is { } plain
            ? new TextArgument(raw, plain)
            : Fail(@"after a backslash only ' { } and \ may stand");
    }

    private IExpression? Fail(string problem)
    {
        cursor.Fail(problem);
        return null;
    }
}

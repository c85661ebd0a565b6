namespace Lambent.Kernel.Errors;

/// <summary>Finds an error in text: the lines of a stack, and the line that names the error.</summary>
internal static class StackTextReader
{
    public const string PythonMark = "Traceback (most recent call last):";

    private const int LinesMax = 400;

    /// <summary>Lines of a message between the error's name and its stack.</summary>
    private const int MessageLinesMax = 8;

    private const int TypeLengthMax = 120;

    private static readonly string[] Heads = ["Uncaught ", "Unhandled exception. ", "Error: Uncaught "];

    /// <summary>Null when there is no stack in it.</summary>
    public static ErrorReport? Read(string text)
    {
        var lines = text.Split('\n', LinesMax + 1);
        lines = lines.Length > LinesMax ? lines[..LinesMax] : lines;
        var mark = Array.FindLastIndex(lines, line => line.Contains(PythonMark, StringComparison.Ordinal));
        return mark >= 0 ? ReadPython(lines, mark) : ReadOther(lines);
    }

    /// <summary>
    /// The error stands below its frames; in what a Lambda runtime writes it stands before them, behind the level.
    /// </summary>
    private static ErrorReport? ReadPython(string[] lines, int mark)
    {
        var end = mark + 1;
        while (end < lines.Length && (lines[end].Length == 0 || lines[end][0] is ' ' or '\t' or '\r'))
        {
            end++;
        }

        var stack = lines[(mark + 1)..end];
        if (end < lines.Length && TrySplit(lines[end], out var type, out var message))
        {
            var rest = lines[(end + 1)..Math.Min(lines.Length, end + 1 + MessageLinesMax)];
            return ErrorReport.Create(
                ErrorKind.Logged, type, string.Join('\n', [message, .. rest]).TrimEnd(), stack);
        }

        return mark > 0 && TrySplit(WithoutHead(lines[mark - 1]), out type, out message)
            ? ErrorReport.Create(ErrorKind.Logged, type, message, stack)
            : stack.Length == 0 ? null
            : ErrorReport.Create(ErrorKind.Logged, "Error", mark > 0 ? WithoutHead(lines[mark - 1]) : "", stack);
    }

    /// <summary>Node.js and .NET: the error, perhaps with more lines of its message, and then its frames.</summary>
    private static ErrorReport? ReadOther(string[] lines)
    {
        var first = Array.FindIndex(lines, StackReader.IsFrame);
        if (first <= 0)
        {
            return null;
        }

        for (var line = first - 1; line >= 0 && line >= first - MessageLinesMax; line--)
        {
            if (TrySplit(WithoutHead(lines[line]), out var type, out var message))
            {
                return ErrorReport.Create(
                    ErrorKind.Logged,
                    type,
                    string.Join('\n', [message, .. lines[(line + 1)..first]]).TrimEnd(),
                    lines[first..]);
            }
        }

        return ErrorReport.Create(ErrorKind.Logged, "Error", WithoutHead(lines[first - 1]), lines[first..]);
    }

    /// <summary>TIME, ID, LEVEL and tabs before it, as runtimes write; [ERROR]; Uncaught.</summary>
    private static string WithoutHead(string line)
    {
        var text = line[(line.LastIndexOf('\t') + 1)..].Trim();
        if (text.StartsWith('[') && text.IndexOf("] ", StringComparison.Ordinal) is > 0 and < 20 and var close)
        {
            text = text[(close + 2)..];
        }

        foreach (var head in Heads)
        {
            text = text.StartsWith(head, StringComparison.Ordinal) ? text[head.Length..] : text;
        }

        return text;
    }

    /// <summary>module.Type: message, or a type alone.</summary>
    private static bool TrySplit(string line, out string type, out string message)
    {
        var text = line.Trim();
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        type = colon < 0 ? text.TrimEnd(':') : text[..colon];
        message = colon < 0 ? "" : text[(colon + 2)..];

        // Error [ERR_CODE]: message
        var code = type.IndexOf(" [", StringComparison.Ordinal);
        type = code > 0 && type[^1] == ']' ? type[..code] : type;
        var name = type[(type.LastIndexOf('.') + 1)..];
        return type.Length is > 0 and <= TypeLengthMax
            && name.Length > 2
            && char.IsUpper(name[0])
            && type.AsSpan().IndexOfAnyExcept(TypeCharacters) < 0;
    }

    private static readonly System.Buffers.SearchValues<char> TypeCharacters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$+`");
}

namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// Finds what an expression reads that it may not read at its place: <c>$$</c>, for there is no document around an
/// expression, and fields of <c>$states</c> that are not there. It looks at the tokens of an expression that was
/// compiled, past texts, comments and patterns.
/// </summary>
internal static class JsonataReferences
{
    public static IEnumerable<string> Refused(string text, StatesFields visible)
    {
        var mayDivide = false;
        for (var position = 0; position < text.Length;)
        {
            var start = position;
            switch (text[position])
            {
                case '"' or '\'' or '`':
                    position = PastQuoted(text, position, text[position]);
                    mayDivide = true;
                    continue;
                case '/' when Follows(text, position, '*'):
                    var end = text.IndexOf("*/", position + 2, StringComparison.Ordinal);
                    position = end < 0 ? text.Length : end + 2;
                    continue;
                case '/' when !mayDivide:
                    position = PastQuoted(text, position, '/');
                    mayDivide = true;
                    continue;
                case '$':
                    position = PastName(text, position + 1);
                    mayDivide = true;
                    if (Refusal(text, start, ref position, visible) is { } refusal)
                    {
                        yield return refusal;
                    }

                    continue;
            }

            mayDivide = text[position] is ')' or ']' or '}' || IsNamePart(text[position])
                || (char.IsWhiteSpace(text[position]) && mayDivide);
            position++;
        }
    }

    private static string? Refusal(string text, int start, ref int position, StatesFields visible)
    {
        if (position == start + 1 && Follows(text, start, '$'))
        {
            position++;
            return "Reference to '$$' is not supported.";
        }

        if (text[start..position] != "$states")
        {
            return null;
        }

        var dot = PastSpace(text, position);
        if (dot >= text.Length || text[dot] != '.')
        {
            return null;
        }

        var nameStart = PastSpace(text, dot + 1);
        var nameEnd = PastName(text, nameStart);
        var name = text[nameStart..nameEnd];
        var isVisible = name switch
        {
            "result" => visible.HasFlag(StatesFields.Result),
            "errorOutput" => visible.HasFlag(StatesFields.ErrorOutput),
            _ => true,
        };
        position = nameEnd;
        return isVisible ? null : $"Reference to '$states.{name}' is not supported.";
    }

    private static bool Follows(string text, int position, char next) =>
        position + 1 < text.Length && text[position + 1] == next;

    private static int PastQuoted(string text, int position, char quote)
    {
        for (var index = position + 1; index < text.Length; index++)
        {
            if (text[index] == '\\' && quote != '`')
            {
                index++;
            }
            else if (text[index] == quote)
            {
                return index + 1;
            }
        }

        return text.Length;
    }

    private static int PastName(string text, int position)
    {
        while (position < text.Length && IsNamePart(text[position]))
        {
            position++;
        }

        return position;
    }

    private static int PastSpace(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position;
    }

    private static bool IsNamePart(char character) => char.IsLetterOrDigit(character) || character == '_';
}

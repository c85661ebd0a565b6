namespace Lambent.Cli.Sources;

internal enum JavaScriptTokenKind
{
    Word,
    Text,
    Sign,
}

/// <param name="Kind">What it is.</param>
/// <param name="Value">The word, the text without its quotes, or the sign.</param>
/// <param name="Depth">How many braces, brackets and parentheses are open around it.</param>
internal readonly record struct JavaScriptToken(JavaScriptTokenKind Kind, string Value, int Depth);

/// <summary>
/// Cuts JavaScript into words, texts and signs, without comments. Enough to see what a module exports; not a parser:
/// it never fails, and code it misreads is code whose exports it does not see.
/// </summary>
internal static class JavaScriptTokens
{
    /// <summary>After one of these a slash starts a regular expression, not a division.</summary>
    private static readonly HashSet<string> BeforeExpression = new(StringComparer.Ordinal)
    {
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield",
    };

    public static List<JavaScriptToken> Read(string source)
    {
        var tokens = new List<JavaScriptToken>();
        var depth = 0;
        var index = source.StartsWith("#!", StringComparison.Ordinal) ? EndOfLine(source, 0) : 0;
        while (index < source.Length)
        {
            var character = source[index];
            if (char.IsWhiteSpace(character))
            {
                index++;
            }
            else if (At(source, index, "//"))
            {
                index = EndOfLine(source, index);
            }
            else if (At(source, index, "/*"))
            {
                var end = source.IndexOf("*/", index + 2, StringComparison.Ordinal);
                index = end < 0 ? source.Length : end + 2;
            }
            else if (character is '"' or '\'' or '`')
            {
                var end = EndOfText(source, index);
                tokens.Add(new(JavaScriptTokenKind.Text, source[(index + 1)..Math.Max(index + 1, end - 1)], depth));
                index = end;
            }
            else if (IsWordStart(character))
            {
                var end = index;
                while (end < source.Length && (IsWordStart(source[end]) || char.IsDigit(source[end])))
                {
                    end++;
                }

                tokens.Add(new(JavaScriptTokenKind.Word, source[index..end], depth));
                index = end;
            }
            else if (character == '/' && StartsExpression(tokens))
            {
                index = EndOfRegularExpression(source, index);
            }
            else
            {
                depth -= character is '}' or ')' or ']' ? 1 : 0;
                tokens.Add(new(JavaScriptTokenKind.Sign, character.ToString(), depth));
                depth += character is '{' or '(' or '[' ? 1 : 0;
                index++;
            }
        }

        return tokens;
    }

    private static bool StartsExpression(List<JavaScriptToken> before) => before switch
    {
        [] => true,
        [.., { Kind: JavaScriptTokenKind.Text }] => false,
        [.., { Kind: JavaScriptTokenKind.Word } word] => BeforeExpression.Contains(word.Value),
        [.., var sign] => sign.Value is not (")" or "]" or "}"),
    };

    private static bool IsWordStart(char character) => char.IsLetter(character) || character is '_' or '$' or '#';

    private static bool At(string source, int index, string text) =>
        string.CompareOrdinal(source, index, text, 0, text.Length) == 0;

    private static int EndOfLine(string source, int index)
    {
        var end = source.IndexOf('\n', index);
        return end < 0 ? source.Length : end;
    }

    /// <summary>Past the closing quote; a template's inserted expressions count as part of it.</summary>
    private static int EndOfText(string source, int start)
    {
        var quote = source[start];
        var index = start + 1;
        while (index < source.Length && source[index] != quote)
        {
            if (source[index] == '\\')
            {
                index += 2;
            }
            else if (quote == '`' && At(source, index, "${"))
            {
                index = EndOfInsertion(source, index + 2);
            }
            else if (quote != '`' && source[index] == '\n')
            {
                return index;
            }
            else
            {
                index++;
            }
        }

        return Math.Min(index + 1, source.Length);
    }

    private static int EndOfInsertion(string source, int start)
    {
        var open = 1;
        var index = start;
        while (index < source.Length && open > 0)
        {
            if (source[index] is '"' or '\'' or '`')
            {
                index = EndOfText(source, index);
                continue;
            }

            open += source[index] switch { '{' => 1, '}' => -1, _ => 0 };
            index++;
        }

        return index;
    }

    private static int EndOfRegularExpression(string source, int start)
    {
        var inClass = false;
        for (var index = start + 1; index < source.Length && source[index] != '\n'; index++)
        {
            switch (source[index])
            {
                case '\\':
                    index++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '/' when !inClass:
                    return index + 1;
            }
        }

        return start + 1;
    }
}

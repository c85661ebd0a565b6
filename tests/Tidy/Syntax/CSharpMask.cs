namespace Lambent.Tidy.Syntax;

/// <summary>
/// C# text with everything that is not code blanked out: comments, and the contents of strings and characters,
/// become spaces of the same length, line breaks stay. Positions in the masked text are positions in the file, so
/// rules search the mask and report the file. What stands in the holes of an interpolated string is blanked too.
/// </summary>
internal sealed class CSharpMask
{
    private readonly string text;
    private readonly char[] mask;
    private readonly List<Literal> literals = [];
    private int at;

    private CSharpMask(string text)
    {
        this.text = text;
        mask = text.ToCharArray();
    }

    /// <summary>A string of the file, with its quotes.</summary>
    internal readonly record struct Literal(int Position, string Text);

    /// <summary>The masked text.</summary>
    public static string Of(string text) => Parse(text).Mask;

    public static (string Mask, IReadOnlyList<Literal> Literals) Parse(string text)
    {
        var masking = new CSharpMask(text);
        masking.Run();
        return (new string(masking.mask), masking.literals);
    }

    private void Run()
    {
        while (at < text.Length)
        {
            var start = at;
            if (!TrySkip(out var isString))
            {
                at++;
                continue;
            }

            if (isString)
            {
                literals.Add(new Literal(start, text[start..at]));
            }

            Blank(start, at);
        }
    }

    /// <summary>Moves behind the comment, string or character that begins here; false when none does.</summary>
    private bool TrySkip(out bool isString)
    {
        isString = false;
        switch (text[at])
        {
            case '/' when Next(1) == '/':
                MoveTo(text.IndexOf('\n', at));
                return true;
            case '/' when Next(1) == '*':
                MoveTo(text.IndexOf("*/", at + 2, StringComparison.Ordinal), 2);
                return true;
            case '\'':
                SkipQuoted('\'');
                return true;
            case '"' or '$' or '@':
                isString = TrySkipString();
                return isString;
            default:
                return false;
        }
    }

    private bool TrySkipString()
    {
        var dollars = 0;
        var verbatim = false;
        var quote = at;
        for (; quote < text.Length && text[quote] is '$' or '@'; quote++)
        {
            dollars += text[quote] == '$' ? 1 : 0;
            verbatim |= text[quote] == '@';
        }

        if (quote >= text.Length || text[quote] != '"')
        {
            // A name such as @class.
            return false;
        }

        at = quote;
        var quotes = CountOf('"');
        if (quotes >= 3)
        {
            at += quotes;
            var end = text.IndexOf(new string('"', quotes), at, StringComparison.Ordinal);
            MoveTo(end, quotes);
            // The content may end in quotes of its own; the last ones close.
            at += CountOf('"');
        }
        else if (dollars > 0)
        {
            SkipInterpolated(verbatim);
        }
        else if (verbatim)
        {
            SkipVerbatim();
        }
        else
        {
            SkipQuoted('"');
        }

        return true;
    }

    private void SkipQuoted(char quote)
    {
        for (at++; at < text.Length && text[at] != quote && text[at] != '\n'; at++)
        {
            at += text[at] == '\\' ? 1 : 0;
        }

        at = Math.Min(at + 1, text.Length);
    }

    private void SkipVerbatim()
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                continue;
            }

            if (Next(1) != '"')
            {
                break;
            }

            at++;
        }

        at = Math.Min(at + 1, text.Length);
    }

    private void SkipInterpolated(bool verbatim)
    {
        at++;
        while (at < text.Length && text[at] != '"')
        {
            if (text[at] == '{' && Next(1) != '{')
            {
                SkipHole();
            }
            else
            {
                at += (text[at] == '\\' && !verbatim) || text[at] == '{' || (text[at] == '}' && Next(1) == '}') ? 2 : 1;
            }

            if (verbatim && at < text.Length && text[at] == '"' && Next(1) == '"')
            {
                at += 2;
            }
        }

        at = Math.Min(at + 1, text.Length);
    }

    private void SkipHole()
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (TrySkip(out _))
            {
                continue;
            }

            depth += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            at++;
            if (depth == 0)
            {
                return;
            }
        }
    }

    private char Next(int offset) => at + offset < text.Length ? text[at + offset] : '\0';

    private int CountOf(char character)
    {
        var count = 0;
        while (Next(count) == character)
        {
            count++;
        }

        return count;
    }

    private void MoveTo(int position, int behind = 0) => at = position < 0 ? text.Length : position + behind;

    private void Blank(int start, int end)
    {
        for (var index = start; index < end; index++)
        {
            mask[index] = text[index] == '\n' ? '\n' : ' ';
        }
    }
}

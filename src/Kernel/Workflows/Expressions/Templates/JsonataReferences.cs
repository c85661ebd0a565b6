namespace Lambent.Kernel.Workflows.Expressions.Templates;

/// <summary>
/// Finds what an expression reads that it may not read at its place. There is no document around an expression of a
/// workflow: <c>$$</c>, <c>$</c> and names that begin a path would always be undefined. AWS refuses them when a machine
/// is made, as it does fields of <c>$states</c> that are not there. Names within a path's predicate, grouping or order
/// are about the values of that path and are let through.
/// </summary>
/// <remarks>It looks at the tokens of an expression that was compiled, so that brackets are known to match.</remarks>
internal sealed class JsonataReferences
{
    private static readonly HashSet<string> Words = ["and", "or", "in", "true", "false", "null", "function", "λ"];

    private readonly string text;
    private readonly StatesFields visible;
    private readonly List<string> refused = [];

    // For each bracket around: whether it has the context of the whole expression.
    private readonly Stack<bool> brackets = new();
    private int position;
    private bool isTop = true;
    private bool afterOperand;
    private bool afterDot;
    private bool beginsFunction;

    private JsonataReferences(string text, StatesFields visible)
    {
        this.text = text;
        this.visible = visible;
    }

    /// <summary>What AWS says of each reference that is refused.</summary>
    public static IReadOnlyList<string> Refused(string text, StatesFields visible)
    {
        var references = new JsonataReferences(text, visible);
        while (references.position < text.Length)
        {
            references.Next();
        }

        return references.refused;
    }

    private char Current => text[position];

    private void Next()
    {
        switch (Current)
        {
            case var space when char.IsWhiteSpace(space):
                position++;
                return;
            case '/' when Follows('*'):
                var end = text.IndexOf("*/", position + 2, StringComparison.Ordinal);
                position = end < 0 ? text.Length : end + 2;
                return;
            case '|':
                // What follows changes parts of a value; its names are about them.
                position = text.Length;
                return;
            case '"' or '\'':
                position = PastQuoted('\\');
                AfterOperand();
                return;
            case '/' when !afterOperand:
                position = PastQuoted('\\');
                PastName();
                AfterOperand();
                return;
            case '`':
                var start = position;
                position = PastQuoted('\0');
                Name(text[(start + 1)..Math.Max(start + 1, position - 1)]);
                return;
            case '$':
                Variable();
                return;
            case '(' or '[' or '{':
                Open();
                return;
            case ')' or ']' or '}':
                position++;
                isTop = brackets.Count == 0 || brackets.Pop();
                AfterOperand();
                return;
            default:
                Other();
                return;
        }
    }

    private void Other()
    {
        if (char.IsAsciiDigit(Current))
        {
            Number();
            return;
        }

        if (IsNamePart(Current))
        {
            var start = position;
            PastName();
            var name = text[start..position];
            if (!Words.Contains(name) || afterDot)
            {
                Name(name);
                return;
            }

            beginsFunction = name is "function" or "λ";
            afterOperand = name is "true" or "false" or "null";
            return;
        }

        // Where an operand may stand, a star is all members and a percent sign the value around.
        if (Current is '*' or '%' && (afterDot || !afterOperand))
        {
            position += Follows(Current) ? 2 : 1;
            AfterOperand();
            return;
        }

        // The signature of a function stands between its parameters and its body.
        if (Current == '<' && beginsFunction)
        {
            var body = text.IndexOf('{', position);
            position = body < 0 ? text.Length : body;
            return;
        }

        afterDot = Current == '.' && !Follows('.');
        position += Current == '.' && Follows('.') ? 2 : 1;
        afterOperand = false;
    }

    private void Open()
    {
        var isParameters = Current == '(' && beginsFunction;
        var isBody = Current == '{' && beginsFunction;
        var isAbout = afterDot || (position > 0 && Current == '(' && IsAfter('^'))
            || (Current is '[' or '{' && afterOperand && !isBody);
        brackets.Push(isTop);
        isTop &= !isAbout;
        position++;
        afterDot = false;
        afterOperand = false;
        beginsFunction = isParameters;
    }

    private void Variable()
    {
        var start = position++;
        if (position < text.Length && Current == '$')
        {
            position++;
            refused.Add("Reference to '$$' is not supported.");
            AfterOperand();
            return;
        }

        PastName();
        var name = text[(start + 1)..position];
        if (name.Length == 0)
        {
            Name("$");
            return;
        }

        AfterOperand();
        if (name == "states")
        {
            States();
        }
    }

    private void States()
    {
        var dot = PastSpace(position);
        if (dot >= text.Length || text[dot] != '.')
        {
            return;
        }

        var start = PastSpace(dot + 1);
        position = start;
        PastName();
        var name = text[start..position];
        var isVisible = name switch
        {
            "result" => visible.HasFlag(StatesFields.Result),
            "errorOutput" => visible.HasFlag(StatesFields.ErrorOutput),
            _ => true,
        };
        if (!isVisible)
        {
            refused.Add($"Reference to '$states.{name}' is not supported.");
        }

        if (position == start)
        {
            // It is no name that follows the dot, but a bracket or a star.
            position = dot;
        }
    }

    private void Name(string name)
    {
        if (isTop && !afterDot && !afterOperand)
        {
            refused.Add($"Reference to '{name}' at the top level is not supported.");
        }

        AfterOperand();
    }

    private void Number()
    {
        while (position < text.Length
            && (IsNamePart(Current) || (Current == '.' && !Follows('.') && position + 1 < text.Length
                && char.IsAsciiDigit(text[position + 1]))))
        {
            position++;
        }

        AfterOperand();
    }

    private void AfterOperand()
    {
        afterOperand = true;
        afterDot = false;
    }

    private bool Follows(char next) => position + 1 < text.Length && text[position + 1] == next;

    private bool IsAfter(char before)
    {
        var index = position - 1;
        while (index >= 0 && char.IsWhiteSpace(text[index]))
        {
            index--;
        }

        return index >= 0 && text[index] == before;
    }

    private int PastQuoted(char escape)
    {
        var quote = Current;
        for (var index = position + 1; index < text.Length; index++)
        {
            if (text[index] == escape)
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

    private void PastName()
    {
        while (position < text.Length && IsNamePart(Current))
        {
            position++;
        }
    }

    private int PastSpace(int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from]))
        {
            from++;
        }

        return from;
    }

    private static bool IsNamePart(char character) => char.IsLetterOrDigit(character) || character == '_';
}

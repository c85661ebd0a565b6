using System.Globalization;
using System.Text;
using Lambent.Kernel.Jsonata.Functions;
using Lambent.Kernel.Jsonata.Patterns;
using Lambent.Kernel.Jsonata.Running;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Jsonata.Parsing;

/// <summary>
/// Cuts an expression's text into tokens, one at a time, because only the parser knows what a slash means.
/// </summary>
internal sealed class Lexer(string text)
{
    private const string Operators = ".[]{}(),@#;:?+-*/%|=<>^&!~";
    private const string Spaces = " \t\n\r\v";
    private static readonly string[] TwoCharacters = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"];
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);
    private int index;

    /// <param name="isOperand">Whether an operand is expected; then a slash begins a regular expression.</param>
    public Token Next(bool isOperand)
    {
        SkipSpace();
        if (index >= text.Length)
        {
            return new Token(TokenKind.End, "(end)", text.Length);
        }

        var start = index;
        var current = text[index];
        if (isOperand && current == '/')
        {
            return ReadPattern(start);
        }

        foreach (var symbol in TwoCharacters)
        {
            if (string.CompareOrdinal(text, index, symbol, 0, 2) == 0)
            {
                index += 2;
                return new Token(TokenKind.Operator, symbol, start);
            }
        }

        if (Operators.Contains(current))
        {
            index++;
            return new Token(TokenKind.Operator, current.ToString(), start);
        }

        return current switch
        {
            '"' or '\'' => ReadString(start, current),
            >= '0' and <= '9' => ReadNumber(start),
            '`' => ReadQuotedName(start),
            _ => ReadName(start),
        };
    }

    /// <summary>The signature of a lambda that begins at an angle bracket, with its brackets.</summary>
    public string ReadSignature(int start)
    {
        var depth = 0;
        for (var end = start; end < text.Length; end++)
        {
            depth += text[end] switch { '<' => 1, '>' => -1, _ => 0 };
            if (depth == 0)
            {
                index = end + 1;
                return text[start..index].Replace(" ", string.Empty, StringComparison.Ordinal);
            }

            if (text[end] == '{')
            {
                throw new ExpressionException("S0202", "The signature has no closing >", start, "<");
            }
        }

        throw new ExpressionException("S0203", "The signature has no closing >", start, "<");
    }

    private void SkipSpace()
    {
        while (index < text.Length)
        {
            if (Spaces.Contains(text[index]))
            {
                index++;
            }
            else if (string.CompareOrdinal(text, index, "/*", 0, 2) == 0)
            {
                var end = text.IndexOf("*/", index + 2, StringComparison.Ordinal);
                if (end < 0)
                {
                    throw new ExpressionException("S0106", "A comment has no end", index);
                }

                index = end + 2;
            }
            else
            {
                return;
            }
        }
    }

    private Token ReadPattern(int start)
    {
        // A slash within brackets of any kind is a slash.
        var depth = 0;
        for (index++; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '\\':
                    index++;
                    break;
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case '/' when depth == 0:
                    return Pattern(start, text[(start + 1)..index]);
            }
        }

        throw new ExpressionException("S0302", "A regular expression has no closing slash", start);
    }

    private Token Pattern(int start, string pattern)
    {
        if (pattern.Length == 0)
        {
            throw new ExpressionException("S0301", "A regular expression must not be empty", start);
        }

        var flags = ++index;
        while (index < text.Length && text[index] is 'i' or 'm')
        {
            index++;
        }

        var program = PatternReader.Read(pattern, text[flags..index], start);
        return new Token(TokenKind.Pattern, pattern, start, new PatternFunction(program));
    }

    private Token ReadString(int start, char quote)
    {
        var value = new StringBuilder();
        for (index++; index < text.Length; index++)
        {
            var current = text[index];
            if (current == quote)
            {
                index++;
                return new Token(TokenKind.String, value.ToString(), start, new DataText(value.ToString()));
            }

            value.Append(current == '\\' ? ReadEscape() : current);
        }

        throw new ExpressionException("S0101", "A string has no closing quote", start);
    }

    private char ReadEscape()
    {
        index++;
        var letter = index < text.Length ? text[index] : '\0';
        switch (letter)
        {
            case '"' or '\'' or '\\' or '/':
                return letter;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                var digits = index + 5 <= text.Length ? text.AsSpan(index + 1, 4) : default;
                const NumberStyles Style = NumberStyles.AllowHexSpecifier;
                if (!ushort.TryParse(digits, Style, CultureInfo.InvariantCulture, out var code))
                {
                    throw new ExpressionException("S0104", "Four hexadecimal digits must follow \\u", index);
                }

                index += 4;
                return (char)code;
            default:
                throw new ExpressionException(
                    "S0103", "A string has no such escape", index, index < text.Length ? letter.ToString() : null);
        }
    }

    private Token ReadNumber(int start)
    {
        // No digit may follow a zero at the beginning, as in JSON.
        index++;
        if (text[start] != '0')
        {
            SkipDigits();
        }

        if (index + 1 < text.Length && text[index] == '.' && char.IsAsciiDigit(text[index + 1]))
        {
            index++;
            SkipDigits();
        }

        var exponent = index;
        if (index < text.Length && text[index] is 'e' or 'E')
        {
            index++;
            if (index < text.Length && text[index] is '+' or '-')
            {
                index++;
            }

            if (index < text.Length && char.IsAsciiDigit(text[index]))
            {
                SkipDigits();
            }
            else
            {
                index = exponent;
            }
        }

        var digits = text[start..index];
        var number = DataNumber.Read(digits)
            ?? throw new ExpressionException("S0102", "A number is out of range", start, digits);
        return new Token(TokenKind.Number, digits, start, number);
    }

    private void SkipDigits()
    {
        while (index < text.Length && char.IsAsciiDigit(text[index]))
        {
            index++;
        }
    }

    private Token ReadQuotedName(int start)
    {
        var end = text.IndexOf('`', start + 1);
        if (end < 0)
        {
            throw new ExpressionException("S0105", "A name in backticks has no end", start);
        }

        index = end + 1;
        return new Token(TokenKind.Name, Shared(text[(start + 1)..end]), start, IsQuoted: true);
    }

    private Token ReadName(int start)
    {
        while (index < text.Length && !Operators.Contains(text[index]) && !Spaces.Contains(text[index]))
        {
            index++;
        }

        var name = text[start..index];
        if (name[0] == '$')
        {
            return new Token(TokenKind.Variable, Shared(name[1..]), start);
        }

        return name switch
        {
            "true" => new Token(TokenKind.Constant, name, start, DataBoolean.True),
            "false" => new Token(TokenKind.Constant, name, start, DataBoolean.False),
            "null" => new Token(TokenKind.Constant, name, start, DataNull.Value),
            _ => new Token(TokenKind.Name, Shared(name), start),
        };
    }

    /// <summary>The same name is the same object, so that looking up variables compares references.</summary>
    private string Shared(string name)
    {
        if (!names.TryGetValue(name, out var shared))
        {
            names[name] = shared = name;
        }

        return shared;
    }
}

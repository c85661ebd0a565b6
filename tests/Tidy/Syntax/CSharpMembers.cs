using System.Text.RegularExpressions;

namespace Lambent.Tidy.Syntax;

/// <summary>A type, or a member with a body.</summary>
/// <param name="Name">For a member Type.Member.</param>
/// <param name="Position">Where its header begins: attributes and modifiers count, documentation does not.</param>
/// <param name="EndPosition">The closing brace.</param>
internal readonly record struct CSharpMember(string Name, int Position, int EndPosition);

/// <summary>
/// Finds the types and the members with a body in masked C# by matching braces. Not a compiler: it knows only as much
/// of the language as it takes to tell a type from a member and a member from a field with an initializer.
/// </summary>
internal static partial class CSharpMembers
{
    public static IReadOnlyList<CSharpMember> Types(string mask) => Scan(mask).Types;

    /// <summary>Methods, constructors, operators and properties; a local function counts for its member.</summary>
    public static IReadOnlyList<CSharpMember> Functions(string mask) => Scan(mask).Functions;

    private static (List<CSharpMember> Types, List<CSharpMember> Functions) Scan(string mask)
    {
        var types = new List<CSharpMember>();
        var functions = new List<CSharpMember>();
        var open = new Stack<(string Type, int Header)>();
        var header = 0;
        for (var at = 0; at < mask.Length; at++)
        {
            switch (mask[at])
            {
                case ';':
                    header = at + 1;
                    break;
                case '}':
                    if (open.TryPop(out var closed) && closed.Type != "namespace")
                    {
                        types.Add(new CSharpMember(closed.Type, closed.Header, at));
                    }

                    header = at + 1;
                    break;
                case '{':
                    var start = SkipSpace(mask, header);
                    var text = mask[start..at];
                    if (TypeName(text) is { } type)
                    {
                        open.Push((type, start));
                        header = at + 1;
                        break;
                    }

                    var (end, resume) = EndOfMember(mask, at, text);
                    if (open.TryPeek(out var owner) && !IsField(text))
                    {
                        functions.Add(new CSharpMember($"{owner.Type}.{MemberName(text)}", start, end));
                    }

                    at = resume;
                    header = resume + 1;
                    break;
            }
        }

        return (types, functions);
    }

    /// <summary>The declared type's name, "namespace" for a namespace, null when the header declares neither.</summary>
    private static string? TypeName(string header)
    {
        var bare = Attributes().Replace(header, "");
        var match = TypeHeader().Match(bare);
        return !match.Success ? null
            : match.Groups["kind"].Value == "namespace" ? "namespace"
            : match.Groups["name"].Value;
    }

    /// <summary>
    /// A field or property whose initializer has braces: data, not a function. An equals sign outside of parentheses
    /// and before any arrow says so.
    /// </summary>
    private static bool IsField(string header)
    {
        var depth = 0;
        for (var at = 0; at < header.Length; at++)
        {
            depth += header[at] switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth != 0 || header[at] != '=')
            {
                continue;
            }

            var before = at > 0 ? header[at - 1] : ' ';
            var after = at + 1 < header.Length ? header[at + 1] : ' ';
            if (after == '>')
            {
                return false;
            }

            if (after != '=' && before is not ('=' or '!' or '<' or '>'))
            {
                return true;
            }
        }

        return false;
    }

    private static string MemberName(string header)
    {
        var bare = Attributes().Replace(header, "");
        if (Operator().IsMatch(bare))
        {
            return "operator";
        }

        var arrow = bare.IndexOf("=>", StringComparison.Ordinal);
        bare = arrow < 0 ? bare : bare[..arrow];

        // The name is what stands before the parameters. A parenthesis with nothing before it is a tuple.
        for (var open = bare.IndexOf('('); open >= 0; open = bare.IndexOf('(', open + 1))
        {
            if (NameBefore().Match(WithoutTypeArguments(bare[..open])) is { Success: true } name)
            {
                return name.Value.Trim();
            }
        }

        // A property: the last word before its arrow or its accessors.
        var property = NameBefore().Match(bare);
        return property.Success ? property.Value.Trim() : "?";
    }

    private static string WithoutTypeArguments(string text)
    {
        var end = text.TrimEnd();
        if (!end.EndsWith('>'))
        {
            return end;
        }

        var depth = 0;
        for (var at = end.Length - 1; at >= 0; at--)
        {
            depth += end[at] switch { '>' => 1, '<' => -1, _ => 0 };
            if (depth == 0)
            {
                return end[..at];
            }
        }

        return end;
    }

    /// <summary>
    /// From an opening brace to the end of its member, and to where the next one may begin. A body ends with its
    /// brace; an expression or an initializer with its semicolon; a property may have an initializer behind its body.
    /// </summary>
    private static (int End, int Resume) EndOfMember(string mask, int open, string header)
    {
        if (IsField(header) || header.Contains("=>", StringComparison.Ordinal))
        {
            var semicolon = EndOfStatement(mask, open);
            return (semicolon, semicolon);
        }

        var close = Close(mask, open);
        var next = SkipSpace(mask, close + 1);
        return (close, next < mask.Length && mask[next] == '=' ? EndOfStatement(mask, next) : close);
    }

    private static int EndOfStatement(string mask, int from)
    {
        var depth = 0;
        for (var at = from; at < mask.Length; at++)
        {
            depth += mask[at] switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
            // The brace may stand inside of parentheses that were opened before it: then the depth falls below zero.
            if (mask[at] == ';' && depth <= 0)
            {
                return at;
            }
        }

        return mask.Length - 1;
    }

    private static int Close(string mask, int open)
    {
        var depth = 0;
        for (var at = open; at < mask.Length; at++)
        {
            depth += mask[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }
        }

        return mask.Length - 1;
    }

    private static int SkipSpace(string mask, int at)
    {
        while (at < mask.Length && (char.IsWhiteSpace(mask[at]) || mask[at] == '#'))
        {
            // A directive (#pragma, #if) is skipped to the end of its line.
            at = mask[at] == '#' ? mask.IndexOf('\n', at) is var end and >= 0 ? end : mask.Length : at + 1;
        }

        return at;
    }

    [GeneratedRegex(@"^\s*(\[[^\]]*\]\s*)+")]
    private static partial Regex Attributes();

    [GeneratedRegex(
        @"^(?:(?:public|internal|private|protected|static|sealed|abstract|partial|readonly|ref|unsafe|file|new)\s+)*"
        + @"(?<kind>namespace|class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[\w.]+)")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\boperator\b")]
    private static partial Regex Operator();

    [GeneratedRegex(@"[\w~]+\s*$")]
    private static partial Regex NameBefore();
}

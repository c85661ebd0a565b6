namespace Lambent.Cli.Sources;

/// <summary>What a JavaScript module exports by name, and in which of the two module systems it is written.</summary>
/// <param name="Names">Exported names, in the order of the source, each once.</param>
/// <param name="UsesImportSyntax">Whether it has import or export statements, so that Node must load it as ESM.</param>
internal sealed record JavaScriptExports(IReadOnlyList<string> Names, bool UsesImportSyntax)
{
    public static JavaScriptExports Scan(string source)
    {
        var tokens = JavaScriptTokens.Read(source);
        var names = new List<string>();
        var usesImportSyntax = false;
        for (var index = 0; index < tokens.Count; index++)
        {
            if (Is(tokens, index, "export") && tokens[index].Depth == 0 && !Is(tokens, index - 1, "."))
            {
                usesImportSyntax = true;
                AddStatement(tokens, index + 1, names);
            }
            else if (Is(tokens, index, "import") && tokens[index].Depth == 0 && !Is(tokens, index + 1, "(")
                && !Is(tokens, index + 1, ".") && !Is(tokens, index - 1, "."))
            {
                usesImportSyntax = true;
            }
            else if (Is(tokens, index, "exports"))
            {
                AddAssignment(tokens, index, names);
            }
        }

        return new JavaScriptExports([.. names.Distinct(StringComparer.Ordinal)], usesImportSyntax);
    }

    /// <summary>export const name, export async function name, export { a, b as name }.</summary>
    private static void AddStatement(List<JavaScriptToken> tokens, int index, List<string> names)
    {
        if (Is(tokens, index, "{"))
        {
            AddList(tokens, index, names, renamedBy: "as");
            return;
        }

        if (Is(tokens, index, "async"))
        {
            index++;
        }

        if (!Is(tokens, index, "const") && !Is(tokens, index, "let") && !Is(tokens, index, "var")
            && !Is(tokens, index, "function"))
        {
            return;
        }

        index += Is(tokens, index + 1, "*") ? 2 : 1;
        if (Word(tokens, index) is { } name)
        {
            names.Add(name);
        }
    }

    /// <summary>
    /// exports.name =, module.exports.name =, module.exports = { name, … }, and what compilers write:
    /// Object.defineProperty(exports, "name", …) and __export(x_exports, { name: … }) with its module.exports note.
    /// </summary>
    private static void AddAssignment(List<JavaScriptToken> tokens, int exports, List<string> names)
    {
        if (Is(tokens, exports + 1, ".") && Word(tokens, exports + 2) is { } name && IsAssignment(tokens, exports + 3))
        {
            names.Add(name);
        }
        else if (Is(tokens, exports - 1, ".") && Is(tokens, exports - 2, "module")
            && IsAssignment(tokens, exports + 1) && Is(tokens, exports + 2, "{"))
        {
            AddList(tokens, exports + 2, names, renamedBy: null);
        }
        else if (Is(tokens, exports - 2, "defineProperty") && Is(tokens, exports + 1, ",")
            && exports + 2 < tokens.Count && tokens[exports + 2] is { Kind: JavaScriptTokenKind.Text } text
            && text.Value != "__esModule")
        {
            names.Add(text.Value);
        }
    }

    /// <summary>The names directly inside braces: each first word of an item, or the one it is renamed to.</summary>
    private static void AddList(List<JavaScriptToken> tokens, int brace, List<string> names, string? renamedBy)
    {
        var inside = tokens[brace].Depth + 1;
        string? current = null;
        for (var index = brace + 1; index < tokens.Count && tokens[index].Depth >= inside; index++)
        {
            if (tokens[index].Depth != inside)
            {
                continue;
            }

            if (Is(tokens, index, ","))
            {
                Take(ref current, names);
            }
            else if (renamedBy is not null && Is(tokens, index, renamedBy))
            {
                current = null;
            }
            else if (current is null or "async" && Word(tokens, index) is { } word && !Is(tokens, index - 1, "."))
            {
                current = word;
            }
        }

        Take(ref current, names);
    }

    private static void Take(ref string? name, List<string> names)
    {
        if (name is not null)
        {
            names.Add(name);
        }

        name = null;
    }

    private static bool IsAssignment(List<JavaScriptToken> tokens, int index) =>
        Is(tokens, index, "=") && !Is(tokens, index + 1, "=");

    private static bool Is(List<JavaScriptToken> tokens, int index, string value) =>
        index >= 0 && index < tokens.Count && tokens[index].Kind != JavaScriptTokenKind.Text
        && tokens[index].Value == value;

    private static string? Word(List<JavaScriptToken> tokens, int index) =>
        index < tokens.Count && tokens[index].Kind == JavaScriptTokenKind.Word ? tokens[index].Value : null;
}

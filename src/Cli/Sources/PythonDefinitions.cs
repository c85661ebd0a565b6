namespace Lambent.Cli.Sources;

/// <summary>Finds what a Python module defines at its top level: functions, assignments, imported names.</summary>
internal static class PythonDefinitions
{
    /// <summary>
    /// Names of functions first, in the order of the source, then of everything else that could be called.
    /// </summary>
    public static (List<string> Functions, List<string> Others) Scan(string source)
    {
        var functions = new List<string>();
        var others = new List<string>();
        foreach (var line in TopLevelLines(source))
        {
            var words = line.Split([' ', '\t', '(', ':', '=', ','], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["def", var name, ..]:
                    functions.Add(name);
                    break;
                case ["from", _, "import", .. var imported]:
                    others.AddRange(Imported(imported));
                    break;
                case ["import", .. var imported]:
                    others.AddRange(Imported(imported));
                    break;
                case [var name, ..] when IsName(name) && line[name.Length..].TrimStart() is ['=', not '=', ..]:
                    others.Add(name);
                    break;
            }
        }

        return (functions, others);
    }

    /// <summary>"a, b as c" defines a and c.</summary>
    private static IEnumerable<string> Imported(string[] words)
    {
        for (var index = 0; index < words.Length && !words[index].StartsWith('#'); index++)
        {
            if (words[index] != "as" && !(index + 1 < words.Length && words[index + 1] == "as"))
            {
                yield return words[index].Trim('(', ')', '\\');
            }
        }
    }

    /// <summary>Lines that start in the first column, outside of triple-quoted text.</summary>
    private static IEnumerable<string> TopLevelLines(string source)
    {
        string? openQuote = null;
        foreach (var line in source.Split('\n').Select(line => line.TrimEnd('\r')))
        {
            var startsInText = openQuote is not null;
            openQuote = QuoteOpenAfter(line, openQuote);
            if (!startsInText && line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] != '#')
            {
                yield return line;
            }
        }
    }

    private static string? QuoteOpenAfter(string line, string? open)
    {
        for (var index = 0; index < line.Length; index++)
        {
            if (open is not null)
            {
                if (line[index] == '\\')
                {
                    index++;
                }
                else if (string.CompareOrdinal(line, index, open, 0, open.Length) == 0)
                {
                    index += open.Length - 1;
                    open = null;
                }
            }
            else if (line[index] == '#')
            {
                return null;
            }
            else if (line[index] is '"' or '\'')
            {
                var triple = new string(line[index], 3);
                var isTriple = string.CompareOrdinal(line, index, triple, 0, 3) == 0;
                open = isTriple ? triple : line[index].ToString();
                index += open.Length - 1;
            }
        }

        // Only triple quotes reach over the end of a line.
        return open is { Length: 3 } ? open : null;
    }

    private static bool IsName(string word) =>
        (char.IsLetter(word[0]) || word[0] == '_') && word.All(letter => char.IsLetterOrDigit(letter) || letter == '_');
}

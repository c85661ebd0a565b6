using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;

namespace Lambent.Tidy.Rules;

/// <summary>Names say what a thing is, and where it is.</summary>
internal static partial class Names
{
    private static readonly HashSet<string> Vague = new(StringComparer.OrdinalIgnoreCase)
    {
        "Helper", "Helpers", "Util", "Utils", "Utility", "Utilities", "Manager", "Managers", "Common", "Misc",
    };

    /// <summary>No file, folder or type is named after nothing in particular.</summary>
    public static IEnumerable<Finding> VagueNames(SourceFile file)
    {
        if (file.IsProgram)
        {
            yield break;
        }

        foreach (var part in file.Path.Split('/'))
        {
            if (VagueWord(part) is { } word)
            {
                yield return file.AsWhole($"'{part}': {word} says nothing; name it after what it does");
            }
        }

        if (!file.IsCSharp)
        {
            yield break;
        }

        foreach (Match type in TypeDeclaration().Matches(CSharpMask.Of(file.Text)))
        {
            var name = type.Groups["name"].Value;
            if (VagueWord(name) is { } word)
            {
                yield return file.AtPosition(type.Index, $"type {name}: {word} says nothing, say what it does");
            }
        }
    }

    /// <summary>A file's namespace is its project's and its folders'.</summary>
    public static IEnumerable<Finding> Namespaces(Repository repository, SourceFile file)
    {
        if (!file.IsCSharp || file.IsProgram)
        {
            yield break;
        }

        var declaration = NamespaceDeclaration().Match(CSharpMask.Of(file.Text));
        if (!declaration.Success || ProjectOf(repository, file) is not { } project)
        {
            // Top-level statements and assembly attributes have no namespace; a loose file has no project.
            yield break;
        }

        var below = file.Folder[project.Folder.Length..].Trim('/');
        var root = RootNamespace().Match(project.Text) is { Success: true } named
            ? named.Groups["name"].Value
            : $"Lambent.{project.Name[..^".csproj".Length]}";
        var expected = below.Length == 0 ? root : $"{root}.{below.Replace('/', '.')}";
        var actual = declaration.Groups["name"].Value;
        if (actual != expected)
        {
            yield return file.AtPosition(declaration.Index, $"the namespace is {actual}; its folder says {expected}");
        }
    }

    private static SourceFile? ProjectOf(Repository repository, SourceFile file) =>
        repository.Matching(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(project => file.Path.StartsWith(project.Folder + "/", StringComparison.Ordinal))
            .MaxBy(project => project.Folder.Length);

    private static string? VagueWord(string name) =>
        Words().Matches(name).Select(match => match.Value).FirstOrDefault(Vague.Contains);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Za-z_]\w*)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex("<RootNamespace>(?<name>[^<$]+)</RootNamespace>")]
    private static partial Regex RootNamespace();

    [GeneratedRegex(@"^\s*namespace\s+(?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();
}

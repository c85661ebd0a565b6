using System.Text.RegularExpressions;
using Lambent.Tidy.Files;
using Lambent.Tidy.Syntax;

namespace Lambent.Tidy.Rules;

/// <summary>ARCHITECTURE.md tells the truth: it names every project, and what it names is there.</summary>
internal static partial class Architecture
{
    public const string Path = "ARCHITECTURE.md";
    private const int LinesMax = 400;

    public static IEnumerable<Finding> Check(Repository repository)
    {
        if (repository.Find(Path) is not { } page)
        {
            return [new Finding(Path, 1, "the page is missing")];
        }

        var words = new HashSet<string>(
            repository.Files.Where(file => file.IsCSharp)
                .SelectMany(file => Word().Matches(CSharpMask.Of(file.Text)).Select(match => match.Value)),
            StringComparer.Ordinal);
        return Length(page)
            .Concat(Projects(repository, page))
            .Concat(Paths(repository, page))
            .Concat(Types(page, words));
    }

    private static IEnumerable<Finding> Length(SourceFile page) =>
        page.Lines.Count > LinesMax
            ? [page.At(LinesMax + 1, $"the page has {page.Lines.Count} lines, at most {LinesMax}: it is a map")]
            : [];

    /// <summary>Every project but those of deployed programs is named, by its folder.</summary>
    private static IEnumerable<Finding> Projects(Repository repository, SourceFile page)
    {
        var spans = Markdown.CodeSpans(page.Text)
            .Select(span => span.Text.TrimEnd('/'))
            .ToHashSet(StringComparer.Ordinal);
        return repository.Matching(path => path.EndsWith(".csproj", StringComparison.Ordinal))
            .Where(project => !project.IsProgram)
            .Where(project => !spans.Contains(project.Folder) && !IsInside(project.Folder, spans))
            .Select(project => page.AsWhole($"{project.Path} is not named; say what `{project.Folder}/` is"));
    }

    /// <summary>A project inside another one's folder, as a test's own program, needs no line of its own.</summary>
    private static bool IsInside(string folder, HashSet<string> spans) =>
        spans.Any(span => span.Contains('/') && folder.StartsWith(span + "/", StringComparison.Ordinal));

    /// <summary>A code span that looks like a path of this repository is one.</summary>
    private static IEnumerable<Finding> Paths(Repository repository, SourceFile page)
    {
        foreach (var (text, position) in Markdown.CodeSpans(page.Text))
        {
            var path = text.TrimEnd('/');
            var isPath = PathLike().IsMatch(text) && (path.Contains('/') || FileLike().IsMatch(path));
            // A path inside the server's folders may leave the first part out where the text stands under it.
            if (isPath && !repository.Has(path) && !repository.Has($"src/{path}"))
            {
                yield return page.AtPosition(position, $"`{text}` is not in the repository");
            }
        }
    }

    private static IEnumerable<Finding> Types(SourceFile page, HashSet<string> words)
    {
        foreach (var (text, position) in Markdown.CodeSpans(page.Text))
        {
            if (TypeLike().IsMatch(text) && !text.Split('.').All(words.Contains))
            {
                yield return page.AtPosition(position, $"`{text}` is no name in the code");
            }
        }
    }

    /// <summary>No spaces, no placeholders, and not the path of a URL, which begins with a slash.</summary>
    [GeneratedRegex(@"^(?![\d.]+$)\.?[A-Za-z][\w.-]*(/[\w.-]+)*/?$")]
    private static partial Regex PathLike();

    [GeneratedRegex(@"\.[a-z]+$")]
    private static partial Regex FileLike();

    /// <summary>Two humps at least, so that words are not taken for types; perhaps with a member.</summary>
    [GeneratedRegex(@"^I?[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+(\.[A-Z]\w+)*$")]
    private static partial Regex TypeLike();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}

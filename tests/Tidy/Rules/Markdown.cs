using System.Text;
using System.Text.RegularExpressions;
using Lambent.Tidy.Files;

namespace Lambent.Tidy.Rules;

/// <summary>Links between files lead somewhere, and each page has one title.</summary>
internal static partial class Markdown
{
    public static IEnumerable<Finding> Links(Repository repository, SourceFile file)
    {
        if (file.Extension != ".md")
        {
            yield break;
        }

        var prose = WithoutCode(file.Text);
        foreach (Match link in Link().Matches(prose))
        {
            var target = link.Groups["target"].Value;
            if (Elsewhere().IsMatch(target))
            {
                continue;
            }

            var parts = target.Split('#', 2);
            var path = parts[0].Length == 0 ? file.Path : Resolve(file.Folder, parts[0]);
            if (path is null || !repository.Has(path))
            {
                yield return file.AtPosition(link.Index, $"the link to {target} leads nowhere");
            }
            else if (parts.Length == 2 && repository.Find(path) is { Extension: ".md" } page
                && !Anchors(page).Contains(parts[1]))
            {
                yield return file.AtPosition(link.Index, $"{path} has no heading #{parts[1]}");
            }
        }
    }

    public static IEnumerable<Finding> Titles(SourceFile file)
    {
        if (file.Extension != ".md")
        {
            yield break;
        }

        var titles = Heading().Matches(WithoutCode(file.Text)).Count(heading => heading.Groups["level"].Length == 1);
        if (titles != 1)
        {
            yield return file.AsWhole($"the page has {titles} titles (# …); it needs exactly one");
        }
    }

    /// <summary>The text with code blocks and code spans blanked out, at the same positions.</summary>
    public static string WithoutCode(string text) =>
        Code().Replace(text, Blank);

    /// <summary>Code spans of one line outside of code blocks, without their quotes.</summary>
    public static IEnumerable<(string Text, int Position)> CodeSpans(string text)
    {
        var prose = Fence().Replace(text, Blank);
        return Span().Matches(prose).Select(span => (span.Groups["code"].Value, span.Index));
    }

    private static string Blank(Match code) =>
        new([.. code.Value.Select(letter => letter == '\n' ? '\n' : ' ')]);

    private static HashSet<string> Anchors(SourceFile page) =>
        Heading().Matches(Fence().Replace(page.Text, ""))
            .Select(heading => Anchor(heading.Groups["text"].Value))
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>As the common hosts make it: lower case, dashes for spaces, no punctuation.</summary>
    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var letter in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
            {
                anchor.Append(letter);
            }
            else if (letter == ' ')
            {
                anchor.Append('-');
            }
        }

        return anchor.ToString();
    }

    private static string? Resolve(string folder, string relative)
    {
        var parts = new List<string>(
            relative.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in relative.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    [GeneratedRegex("^[a-z]+:")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"\[[^\]\n]*\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<level>#{1,6})\s+(?<text>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*```.*?^\s*```\s*?$|`[^`\n]+`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^\s*```.*?^\s*```\s*?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<code>[^`\n]+)`")]
    private static partial Regex Span();
}

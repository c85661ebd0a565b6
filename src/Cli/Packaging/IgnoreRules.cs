using System.Text;
using System.Text.RegularExpressions;

namespace Lambent.Cli.Packaging;

/// <summary>
/// What is left out of a package: a short list that is never meant, and the lines of .lambentignore, which read as
/// those of .gitignore do. The last rule that matches decides, so "!keep" brings a file back.
/// </summary>
internal sealed class IgnoreRules
{
    public const string FileName = ".lambentignore";

    /// <summary>
    /// Version control, our own files, caches, editors, environments that only work where they were made.
    /// </summary>
    private static readonly string[] Always =
    [
        ".git", ".hg", ".svn", ".lambent", FileName, ".DS_Store", "Thumbs.db", ".idea", ".vscode", ".vs",
        "node_modules/.cache", "node_modules/.package-lock.json", "__pycache__", "*.pyc", ".pytest_cache",
        ".mypy_cache", ".venv", "venv", ".npmrc",
    ];

    private readonly List<Rule> rules;

    private IgnoreRules(IEnumerable<string> lines) =>
        rules = [.. lines.Select(Rule.Parse).OfType<Rule>()];

    /// <summary>Only what is never meant.</summary>
    public static IgnoreRules Standard { get; } = new(Always);

    /// <summary>Nothing at all: for folders that a build made.</summary>
    public static IgnoreRules None { get; } = new([]);

    public static IgnoreRules OfFolder(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? Parse(File.ReadAllLines(file)) : Standard;
    }

    /// <summary>The standard rules, then these lines.</summary>
    public static IgnoreRules Parse(IEnumerable<string> lines) => new(Always.Concat(lines));

    /// <param name="path">Relative to the root, with forward slashes.</param>
    /// <param name="isFolder">Whether it is a folder; an ignored folder is not entered.</param>
    public bool Ignores(string path, bool isFolder)
    {
        var ignored = false;
        foreach (var rule in rules)
        {
            if (rule.Matches(path, isFolder))
            {
                ignored = !rule.Keeps;
            }
        }

        return ignored;
    }

    /// <param name="Literal">The pattern's text.</param>
    /// <param name="Wildcards">The pattern with wildcards, or null when the text has none, as most have.</param>
    /// <param name="Anchored">Whether it is tied to the root.</param>
    /// <param name="FoldersOnly">Whether it ended in a slash.</param>
    /// <param name="Keeps">Whether it began with an exclamation mark.</param>
    private sealed record Rule(string Literal, Regex? Wildcards, bool Anchored, bool FoldersOnly, bool Keeps)
    {
        public bool Matches(string path, bool isFolder) =>
            (isFolder || !FoldersOnly)
            && (Wildcards?.IsMatch(path)
                ?? (path == Literal || (!Anchored && path.EndsWith("/" + Literal, StringComparison.Ordinal))));

        public static Rule? Parse(string line)
        {
            var text = line.TrimEnd();
            if (text.Length == 0 || text[0] == '#')
            {
                return null;
            }

            var keeps = text[0] == '!';
            text = keeps ? text[1..] : text;
            var foldersOnly = text.EndsWith('/');
            text = text.TrimEnd('/');
            // A slash inside ties the pattern to the root; without one it matches at every depth.
            var anchored = text.Contains('/');
            text = text.TrimStart('/');
            if (text.Length == 0)
            {
                return null;
            }

            // Without backtracking: a pattern with many stars must not hang a deploy.
            var wildcards = text.AsSpan().IndexOfAny('*', '?') >= 0
                ? new Regex(
                    $"^{(anchored ? "" : "(?:.*/)?")}{ToRegex(text)}$",
                    RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
                : null;
            return new Rule(text, wildcards, anchored, foldersOnly, keeps);
        }

        private static string ToRegex(string glob)
        {
            var regex = new StringBuilder();
            for (var index = 0; index < glob.Length; index++)
            {
                if (glob.AsSpan(index).StartsWith("**/"))
                {
                    regex.Append("(?:.*/)?");
                    index += 2;
                }
                else if (glob.AsSpan(index).StartsWith("**"))
                {
                    regex.Append(".*");
                    index++;
                }
                else
                {
                    regex.Append(glob[index] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        var character => Regex.Escape(character.ToString()),
                    });
                }
            }

            return regex.ToString();
        }
    }
}

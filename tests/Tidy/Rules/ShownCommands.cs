using System.Text.RegularExpressions;
using Lambent.Tidy.Files;

namespace Lambent.Tidy.Rules;

/// <summary>A command line of ours that a page shows.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Arguments">The words after lambent, unquoted.</param>
internal sealed record ShownCommand(SourceFile Page, int Line, IReadOnlyList<string> Arguments);

/// <summary>
/// Command lines in the documentation are ones that the program has. They stand in console blocks after a $; the verbs
/// and options are read from the source of the command line.
/// </summary>
internal static partial class ShownCommands
{
    private static readonly string[] Sources = ["src/Cli/", "bench/Load/"];

    /// <summary>What the shell takes for itself; the command ends there.</summary>
    private static readonly HashSet<string> Operators = ["|", "||", "&&", ";", ">", ">>", "<", "&", "2>&1"];

    public static IEnumerable<Finding> Check(Repository repository)
    {
        // The bench is a program of its own that `lambent bench` becomes.
        var sources = repository.Files.Where(file => file is { IsCSharp: true, IsProgram: false })
            .Where(file => Sources.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)));
        var text = string.Join('\n', sources.Select(file => file.Text));
        var verbs = NamesIn(text, Verb());
        if (verbs.Count == 0)
        {
            yield break;
        }

        var options = NamesIn(text, Option());
        options.UnionWith(["--help", "-h", "-?", "--version"]);
        foreach (var command in All(repository))
        {
            var verb = command.Arguments.FirstOrDefault(word => !word.StartsWith('-'));
            if (verb is not null && !verbs.Contains(verb))
            {
                yield return command.Page.At(command.Line, $"lambent {verb}: there is no such command");
            }

            // What comes after -- is not ours.
            foreach (var option in command.Arguments.TakeWhile(word => word != "--").Where(IsOption))
            {
                if (!options.Contains(option.Split('=')[0]))
                {
                    yield return command.Page.At(command.Line, $"lambent {verb} {option}: there is no such option");
                }
            }
        }
    }

    /// <summary>Every command line of ours that a page shows, in the order of pages and lines.</summary>
    public static IEnumerable<ShownCommand> All(Repository repository) =>
        repository.Files.Where(file => file.Extension == ".md").SelectMany(Of);

    public static IEnumerable<ShownCommand> Of(SourceFile page)
    {
        var inConsole = false;
        for (var index = 0; index < page.Lines.Count; index++)
        {
            var line = page.Lines[index].Trim();
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inConsole = !inConsole && line == "```console";
            }
            else if (inConsole && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                foreach (var words in Commands(line[2..]))
                {
                    yield return new ShownCommand(page, index + 1, words);
                }
            }
        }
    }

    /// <summary>The calls of lambent in one line of shell, each as its arguments.</summary>
    private static IEnumerable<IReadOnlyList<string>> Commands(string line)
    {
        // eval "$(lambent env)": what is substituted is a command too.
        foreach (Match inner in Substitution().Matches(line))
        {
            foreach (var words in Commands(inner.Groups["command"].Value))
            {
                yield return words;
            }
        }

        var all = ShellWord().Matches(Substitution().Replace(line, "")).Select(Unquote).ToList();
        for (var start = 0; start < all.Count;)
        {
            var words = all.Skip(start).TakeWhile(word => !Operators.Contains(word)).ToList();
            start += words.Count + 1;
            var program = words.SkipWhile(word => Assignment().IsMatch(word)).ToList();
            if (program.Count > 0 && (program[0] is "lambent" or "./lambent"))
            {
                yield return program[1..];
            }
        }
    }

    private static HashSet<string> NamesIn(string text, Regex pattern) =>
        pattern.Matches(text).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    private static bool IsOption(string word) => OptionWord().IsMatch(word);

    private static string Unquote(Match word) =>
        word.Groups["single"].Success ? word.Groups["single"].Value
        : word.Groups["double"].Success ? word.Groups["double"].Value
        : word.Value;

    [GeneratedRegex(@"\bVerb\s*\(\s*""(?<name>[a-z][\w-]*)""")]
    private static partial Regex Verb();

    [GeneratedRegex(@"""(?<name>--?[a-z][\w-]*)""")]
    private static partial Regex Option();

    [GeneratedRegex(@"^--?[A-Za-z][\w-]*(=.*)?$")]
    private static partial Regex OptionWord();

    [GeneratedRegex(@"\$\((?<command>[^()]*)\)")]
    private static partial Regex Substitution();

    [GeneratedRegex(@"'(?<single>[^']*)'|""(?<double>[^""]*)""|[^\s'""]+(?:'[^']*'|""[^""]*"")?\S*")]
    private static partial Regex ShellWord();

    [GeneratedRegex(@"^\w+=")]
    private static partial Regex Assignment();
}

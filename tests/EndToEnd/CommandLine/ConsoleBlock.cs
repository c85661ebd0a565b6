using System.Text.RegularExpressions;

namespace Lambent.EndToEnd.CommandLine;

/// <summary>A command that a document shows, and the output it shows below it.</summary>
/// <param name="Block">Which block it is in: variables that one block sets are not those of the next.</param>
internal sealed record ShownCommand(int Block, string Command, IReadOnlyList<string> Output);

/// <summary>
/// Reads the commands and the files that a document shows. A file is a block whose first lines have its name in a
/// comment: <c>// hello.mjs</c>. A comment <c>&lt;!-- not run: REASON --&gt;</c> before a block leaves it out.
/// </summary>
internal static partial class ConsoleBlock
{
    public static (List<ShownCommand> Commands, List<(string Name, string Text)> Files) Read(string document)
    {
        var commands = new List<ShownCommand>();
        var files = new List<(string, string)>();
        foreach (Match block in Block().Matches(document))
        {
            var lines = block.Groups["text"].Value.TrimEnd('\n').Split('\n');
            if (block.Groups["kind"].Value is not ("console" or "sh-session"))
            {
                var names = lines.Take(2).Select(line => FileName().Match(line));
                if (names.FirstOrDefault(match => match.Success) is { } name)
                {
                    // JSON knows no comments: the name is only for the reader.
                    var isJson = name.Groups[1].Value.EndsWith(".json", StringComparison.Ordinal);
                    files.Add((
                        name.Groups[1].Value,
                        isJson ? string.Join('\n', lines.Skip(1)) : block.Groups["text"].Value));
                }
            }
            else if (!block.Groups["skip"].Success)
            {
                commands.AddRange(Commands(block.Index, lines));
            }
        }

        return (commands, files);
    }

    /// <summary>A block of JSON, which can have no comment with its name.</summary>
    /// <param name="document">Its path from the repository's root.</param>
    /// <param name="index">Which of the document's.</param>
    public static string Json(string document, int index) =>
        Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, document)))
            .Where(block => block.Groups["kind"].Value == "json")
            .ElementAt(index).Groups["text"].Value;

    private static IEnumerable<ShownCommand> Commands(int block, string[] lines)
    {
        for (var index = 0; index < lines.Length; index++)
        {
            if (lines[index].StartsWith("$ ", StringComparison.Ordinal))
            {
                var output = lines.Skip(index + 1).TakeWhile(line => !line.StartsWith("$ ", StringComparison.Ordinal));
                yield return new ShownCommand(block, lines[index][2..], [.. output]);
            }
        }
    }

    [GeneratedRegex(
        @"(?<skip><!-- not run: .*? -->\s*)?^```(?<kind>[\w-]*)\n(?<text>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^(?://|#) ([\w./-]+)(?:,.*)?$")]
    private static partial Regex FileName();
}

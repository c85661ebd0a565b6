using System.CommandLine;

namespace Lambent.Cli.Commands;

/// <summary>Turns what the parser found into one failure that says what was meant.</summary>
internal static class UsageErrors
{
    public static Failure Explain(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed);
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null;
        var message = unknown switch
        {
            null => parsed.Errors[0].Message,
            ['-', ..] => $"There is no option '{unknown}' for '{path}'."
                + Spelling.Question(unknown, OptionNames(parsed)),
            _ when command.Subcommands.Count > 0 => $"There is no verb '{unknown}' in '{path}'."
                + Spelling.Question(unknown, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)),
            _ => $"'{path}' does not take the argument '{unknown}'.",
        };
        return new Failure(ExitCode.Usage, FailureCodes.Usage, message) { Hint = $"{path} --help" };
    }

    private static string PathOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (Symbol? symbol = parsed.CommandResult.Command; symbol is Command and not RootCommand;)
        {
            names.Insert(0, symbol.Name);
            symbol = symbol.Parents.FirstOrDefault();
        }

        names.Insert(0, "lambent");
        return string.Join(' ', names);
    }

    private static IEnumerable<string> OptionNames(ParseResult parsed) =>
        parsed.CommandResult.Command.Options
            .Concat(parsed.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .SelectMany(option => option.Aliases.Prepend(option.Name));
}

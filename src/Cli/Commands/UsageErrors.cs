using System.CommandLine;
using System.CommandLine.Parsing;

namespace Lambent.Cli.Commands;

/// <summary>Turns what the parser found into one failure that says what was meant.</summary>
internal static class UsageErrors
{
    /// <summary>What is wrong with the command line, or null.</summary>
    public static Failure? Find(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var path = PathOf(parsed);
        var unknown = parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : OptionTakenForName(parsed);
        if (unknown is null && parsed.Errors.Count == 0)
        {
            return null;
        }

        var message = unknown switch
        {
            null when command.Subcommands.Count > 0 =>
                $"'{path}' needs a verb: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}.",
            null => parsed.Errors[0].Message,
            ['-', ..] => $"There is no option '{unknown}' for '{path}'."
                + Spelling.Question(unknown, OptionNames(parsed)),
            _ when command.Subcommands.Count > 0 => $"There is no verb '{unknown}' in '{path}'."
                + Spelling.Question(unknown, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)),
            _ => $"'{path}' does not take the argument '{unknown}'.",
        };
        return new Failure(ExitCode.Usage, FailureCodes.Usage, message) { Hint = $"{path} --help" };
    }

    /// <summary>An optional argument swallows a misspelt option; no name starts with a dash.</summary>
    private static string? OptionTakenForName(ParseResult parsed) =>
        parsed.CommandResult.Command.Hidden
            ? null
            : parsed.CommandResult.Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .FirstOrDefault(value => value is ['-', _, ..]);

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

using System.CommandLine;

namespace Lambent.Cli.Commands;

/// <summary>
/// One verb of the command line: its options as fields, and what it does. A new verb is a new file in Verbs/ and a
/// line in Program.cs.
/// </summary>
internal abstract class Verb(string name, string description)
{
    public string Name { get; } = name;

    /// <summary>Hidden verbs work but are not listed in the help.</summary>
    protected virtual bool Hidden => false;

    /// <summary>Arguments and options, in the order of the help.</summary>
    protected virtual IEnumerable<Symbol> Symbols => [];

    /// <summary>Verbs below this one; a verb that has some does nothing itself.</summary>
    protected virtual IEnumerable<Verb> Children => [];

    public Command CreateCommand(CommandHost host)
    {
        var command = new Command(Name, description) { Hidden = Hidden };
        foreach (var symbol in Symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
            }
        }

        foreach (var child in Children)
        {
            command.Subcommands.Add(child.CreateCommand(host));
        }

        if (command.Subcommands.Count == 0)
        {
            host.Globals.AddTo(command);
            command.SetAction((parsed, cancellation) =>
                host.RunAsync(parsed, context => RunAsync(context, cancellation)));
        }

        return command;
    }

    /// <summary>Does the work and returns the exit code; an expected failure is a CommandFailedException.</summary>
    protected virtual Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation) =>
        throw new InvalidOperationException($"The verb {Name} has neither children nor work");
}

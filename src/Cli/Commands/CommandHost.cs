using System.CommandLine;
using System.CommandLine.Help;
using Lambent.Cli.Output;

namespace Lambent.Cli.Commands;

/// <summary>
/// Parses a command line, runs its verb, and is the one place where a failure becomes text and a status.
/// </summary>
internal sealed class CommandHost
{
    private const int BrokenPipe = 32;

    private readonly Terminal terminal;
    private readonly ProcessEnvironment environment;
    private readonly RootCommand root;

    public CommandHost(IEnumerable<Verb> verbs, Terminal terminal, ProcessEnvironment environment)
    {
        this.terminal = terminal;
        this.environment = environment;
        root = new RootCommand("Lambent: a serverless cloud in one program.");
        // The version is a verb, so that it has --json as every verb; help is asked for in the way of Unix.
        root.Options.Clear();
        root.Options.Add(new HelpOption("--help", "-h"));
        Globals.AddTo(root);
        foreach (var verb in verbs)
        {
            root.Subcommands.Add(verb.CreateCommand(this));
        }
    }

    public GlobalOptions Globals { get; } = new();

    /// <summary>The command tree, for completion.</summary>
    public RootCommand Root => root;

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        // An argument that starts with @ is a file of ours (invoke --data @FILE), never one with more arguments.
        IReadOnlyList<string> words = arguments switch
        {
            [] => ["--help"],
            ["--version", ..] => ["version", .. arguments.Skip(1)],
            _ => arguments,
        };
        var parsed = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is not HelpAction && UsageErrors.Find(parsed) is { } failure)
        {
            return Report(failure, arguments.Contains(Globals.Json.Name));
        }

        // Signals: a client verb is simply ended; `up` listens itself, because draining takes longer than two seconds.
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Output,
            Error = terminal.Error,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellation);
        }
        catch (IOException closed) when (closed.HResult == BrokenPipe)
        {
            // Help is written by nobody's verb.
            return (int)ExitCode.Ok;
        }
    }

    public async Task<int> RunAsync(ParseResult parsed, Func<CommandContext, Task<ExitCode>> run)
    {
        terminal.ForbidColor(parsed.GetValue(Globals.NoColor));
        var context = new CommandContext(parsed, Globals, terminal, environment);
        try
        {
            return (int)await run(context);
        }
        catch (CommandFailedException failed)
        {
            return Report(failed.Failure, context.Json);
        }
        catch (IOException closed) when (closed.HResult == BrokenPipe)
        {
            // The reader has what it wanted.
            return (int)ExitCode.Ok;
        }
        catch (OperationCanceledException)
        {
            return Report(
                new Failure(
                    ExitCode.Internal, "Cancelled", "Stopped before it was done.") { Page = null }, context.Json);
        }
        catch (Exception bug)
        {
            var text = environment.Variable("LAMBENT_DEBUG") is null ? bug.Message : bug.ToString();
            return Report(
                new Failure(ExitCode.Internal, FailureCodes.Internal, $"{bug.GetType().Name}: {text}")
                {
                    Hint = "This is a defect of the program; LAMBENT_DEBUG=1 prints where it happened",
                },
                context.Json);
        }
    }

    private int Report(Failure failure, bool json)
    {
        ErrorReport.Write(terminal, failure, json);
        return (int)failure.Exit;
    }
}

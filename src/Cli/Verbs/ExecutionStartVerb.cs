using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution start</c>.</summary>
internal sealed class ExecutionStartVerb() : Verb("start", "Start an execution; with --wait print its output")
{
    private readonly Argument<string> machine = new("MACHINE")
    {
        Description = "The state machine's name, with :VERSION or :ALIAS for another than the newest revision",
        HelpName = "MACHINE",
        CompletionSources = { Completion.ResourceNames.Machines },
    };

    private readonly Option<string?> input = new("--input", "-i")
    {
        Description = "What it gets: JSON, or @FILE; default: {}", HelpName = "JSON|@FILE",
    };

    private readonly Option<string?> name = new("--name")
    {
        Description = "Its name; one that is given twice with the same input is one execution", HelpName = "NAME",
    };

    private readonly Option<bool> wait = new("--wait") { Description = "Wait for its end and print its output" };

    protected override IEnumerable<Symbol> Symbols => [machine, input, name, wait];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var given = context.Value(input) is { } text
            ? (await ExecutionVerb.ReadJsonAsync(context, text, "--input", cancellation)).GetRawText()
            : "{}";
        using var server = context.Connect();
        var executions = new ExecutionApi(server);
        var started = await executions.StartAsync(
            context.Value(machine), context.Value(name), given, cancellation);
        if (!context.Value(wait))
        {
            var begun = await executions.GetAsync(started, 0, cancellation);
            ExecutionVerb.Done(context, "started", begun);
            context.Note($"next: lambent execution timeline {started}");
            return ExitCode.Ok;
        }

        context.Note($"started {started}");
        var ended = await Progress.DuringAsync(
            context,
            $"Waiting for {started}",
            () => executions.WaitAsync(started, null, context.Environment.Time, cancellation));
        if (context.Json)
        {
            ExecutionVerb.Print(context, ended);
        }
        else if (ended.Status == "succeeded")
        {
            context.Terminal.Print(ended.Output?.GetRawText() ?? "null");
        }
        else
        {
            throw new CommandFailedException(
                new Failure(ExitCode.FunctionFailed, ended.Error ?? ended.Status, Message(ended))
                {
                    Where = $"execution {started}", Hint = $"lambent execution timeline {started}", Page = null,
                });
        }

        return ExecutionVerb.ExitOf(ended);
    }

    private static string Message(ExecutionEntry ended) => ended.Cause is { Length: > 0 } cause
        ? $"The execution ended as {ended.Status}: {CauseText.Of(cause)}"
        : $"The execution ended as {ended.Status}.";
}

using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution signal</c>.</summary>
internal sealed class ExecutionSignalVerb() : Verb("signal", "Send an event that a state waits for, or will wait for")
{
    private readonly Argument<string> execution = ExecutionVerb.NameArgument();

    private readonly Argument<string> name = new("EVENT")
    {
        Description = "The name that the state waits for", HelpName = "EVENT",
    };

    private readonly Option<string?> data = new("--data", "-d")
    {
        Description = "What comes with it: JSON, or @FILE; default: null", HelpName = "JSON|@FILE",
    };

    private readonly Option<string?> key = new("--key")
    {
        Description = "By which it is known again: sent twice with one key it counts once", HelpName = "KEY",
    };

    protected override IEnumerable<Symbol> Symbols => [execution, name, data, key];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var given = await ExecutionVerb.ReadJsonAsync(context, context.Value(data) ?? "null", "--data", cancellation);
        using var server = context.Connect();
        var sent = await new ExecutionApi(server).SignalAsync(
            ExecutionVerb.Read(context, execution), context.Value(name), given, context.Value(key), cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.signal/1", writer =>
            {
                writer.WriteString("machine", sent.Machine);
                writer.WriteString("name", sent.Name);
                writer.WriteString("event", sent.Event);
                writer.WriteBoolean("isNew", sent.IsNew);
            });
            return ExitCode.Ok;
        }

        context.Terminal.Print(ControlCodes.Strip(sent.IsNew
            ? $"sent {sent.Event} to {sent.Machine}/{sent.Name}"
            : $"{sent.Event} was sent to {sent.Machine}/{sent.Name} before"));
        return ExitCode.Ok;
    }
}

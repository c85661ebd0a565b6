using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution</c>: executions of state machines, by MACHINE/NAME.</summary>
internal sealed class ExecutionVerb()
    : Verb("execution", "Start executions of state machines, look into them, stop and repair them")
{
    protected override IEnumerable<Verb> Children =>
    [
        new ExecutionStartVerb(),
        new Get(),
        new ExecutionTimelineVerb(),
        new ExecutionHistoryVerb(),
        new ExecutionIterationsVerb(),
        new ExecutionStopVerb(),
        new ExecutionRedriveVerb(),
        new Switch("pause", "Begin nothing new until it is resumed; what is under way goes on", "paused"),
        new Switch("resume", "Go on after a pause", "resumed"),
        new Skip(),
        new ExecutionSignalVerb(),
    ];

    internal static Argument<string> NameArgument() => new("EXECUTION")
    {
        Description = "MACHINE/NAME, or an ARN",
        HelpName = "EXECUTION",
        CompletionSources = { Completion.ResourceNames.Executions },
    };

    internal static ExecutionName Read(CommandContext context, Argument<string> argument) =>
        ExecutionName.Read(context.Value(argument));

    /// <summary>Says what was done to one, or prints it as lambent.execution/1.</summary>
    internal static ExitCode Done(CommandContext context, string action, ExecutionEntry entry)
    {
        if (context.Json)
        {
            WriteJson(context, action, entry);
        }
        else
        {
            context.Terminal.Print(ControlCodes.Strip($"{action} {entry.Machine}/{entry.Name}"));
        }

        return ExitCode.Ok;
    }

    /// <summary>The execution, for a person or as lambent.execution/1.</summary>
    internal static void Print(CommandContext context, ExecutionEntry entry)
    {
        if (context.Json)
        {
            WriteJson(context, null, entry);
            return;
        }

        var now = context.Environment.Time.GetUtcNow();
        var terminal = context.Terminal;
        terminal.Print(ControlCodes.Strip($"{entry.Machine}/{entry.Name}  {entry.Standing}"));
        Line("in state", string.Join(", ", entry.CurrentStates ?? []));
        Line("started", $"{ScheduleList.Time(entry.StartedAt)} ({Quantity.Since($"{entry.StartedAt:O}", now)})");
        Line("took", entry.StoppedAt is { } end ? Quantity.Duration(end - entry.StartedAt) : null);
        Line("redriven", entry.RedrivenAt is { } again
            ? $"{ScheduleList.Time(again)}, {Quantity.Count(entry.RedriveCount, "time")} so far"
            : null);
        Line("version", entry.Version?.ToString(CultureInfo.InvariantCulture));
        Line("revision", entry.Revision);
        Line("parent", entry.Parent);
        Line("went on", entry.ContinuedAs is { } next ? $"as {next}" : null);
        Line("goes on", entry.ContinuedFrom is { } before ? $"from {before}" : null);
        Line("found by", entry.Attributes?.GetRawText());
        Line("error", entry.Error);
        Line("cause", entry.Cause is { } cause ? CauseText.Of(cause) : null);
        Line("input", entry.Input?.GetRawText());
        Line("output", entry.Output?.GetRawText());

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                terminal.Print($"  {name,-10}{ControlCodes.Strip(value).ReplaceLineEndings(" ")}");
            }
        }
    }

    /// <summary>0 for one that goes on or succeeded, 8 for one that ended otherwise.</summary>
    internal static ExitCode ExitOf(ExecutionEntry entry) =>
        entry.Status is "running" or "succeeded" ? ExitCode.Ok : ExitCode.FunctionFailed;

    /// <summary>JSON that was typed, or is in a file.</summary>
    internal static async Task<JsonElement> ReadJsonAsync(
        CommandContext context, string text, string option, CancellationToken cancellation)
    {
        var path = text.StartsWith('@') ? context.Environment.FullPath(text[1..]) : null;
        if (path is not null && !File.Exists(path))
        {
            throw new CommandFailedException(
                ExitCode.NotFound, FailureCodes.SourceNotFound, $"There is no file {path}.");
        }

        try
        {
            var json = path is null ? text : await File.ReadAllTextAsync(path, cancellation);
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"What {option} has is not JSON. Text needs quotes of its own, a file an @ before its name.",
                $"{option} '{{\"key\": \"value\"}}'");
        }
    }

    private static void WriteJson(CommandContext context, string? action, ExecutionEntry entry) =>
        JsonReport.Write(context.Terminal, "lambent.execution/1", writer =>
        {
            if (action is not null)
            {
                writer.WriteString("action", action);
            }

            writer.WritePropertyName("execution");
            JsonSerializer.Serialize(writer, entry, ExecutionJson.Default.ExecutionEntry);
        });

    private sealed class Get() : Verb("get", "Show an execution; with --wait wait for its end")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Option<int> wait = new("--wait")
        {
            Description = "Seconds to wait for its end", HelpName = "SECONDS",
        };

        protected override IEnumerable<Symbol> Symbols => [name, wait];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var (wanted, seconds) = (Read(context, name), Math.Max(0, context.Value(wait)));
            var found = await Progress.DuringAsync(
                context,
                $"Waiting for {wanted}",
                () => new ExecutionApi(server).WaitAsync(
                    wanted, TimeSpan.FromSeconds(seconds), context.Environment.Time, cancellation));
            Print(context, found);
            return seconds > 0 && !found.HasEnded ? ExitCode.Timeout : ExitOf(found);
        }
    }

    private sealed class Switch(string verb, string description, string done) : Verb(verb, description)
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Done(
                context,
                done,
                await new ExecutionApi(server).ChangeAsync(Read(context, name), Name, cancellation));
        }
    }

    private sealed class Skip() : Verb("skip", "Leave a state with an output that you give, and go on after it")
    {
        private readonly Argument<string> name = NameArgument();
        private readonly Argument<string> state = new("STATE")
        {
            Description = "The state it is in, or failed in", HelpName = "STATE",
        };

        private readonly Option<string> output = new("--output")
        {
            Description = "What the next state gets: JSON, or @FILE", HelpName = "JSON|@FILE", Required = true,
        };

        protected override IEnumerable<Symbol> Symbols => [name, state, output];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var given = await ReadJsonAsync(context, context.Value(output)!, "--output", cancellation);
            using var server = context.Connect();
            return Done(
                context,
                "skipped",
                await new ExecutionApi(server).SkipAsync(
                    Read(context, name), new SkipCall(context.Value(state), given), cancellation));
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent events</c>: asynchronous events, their lines, and what became of them.</summary>
internal sealed class EventsVerb() : Verb("events", "Look at asynchronous events, wait for them, cancel and redrive")
{
    private const int ListDefault = 50;

    protected override IEnumerable<Verb> Children =>
        [new List(), new Lines(), new Get(), new Cancel(), new Retry(), new Redrive()];

    /// <summary>What <c>lambent ls events</c> prints.</summary>
    internal static async Task ListAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation) =>
        Write(context, await new EventApi(server).ListAsync(null, null, ListDefault, cancellation));

    private static void Write(CommandContext context, List<EventEntry> events)
    {
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "events", events,
            ["ID", "TARGET", "STATE", "ATTEMPTS", "ACCEPTED", "WHY"],
            entry =>
            [
                entry.Id, TargetName(entry.Target), entry.State, $"{entry.Attempts}",
                Quantity.Since(entry.AcceptedAt, now), entry.Why ?? entry.Error ?? "",
            ],
            (writer, entry) => entry.Write(writer),
            "lambent invoke NAME --async");
    }

    private static string TargetName(string arn) => arn.Split(':') is { Length: > 6 } parts
        ? string.Join(':', parts[6..])
        : arn[(arn.LastIndexOf(':') + 1)..];

    private static Argument<string> IdArgument() =>
        new("ID") { Description = "The event's id, as it was accepted", HelpName = "ID" };

    private static ExitCode Print(CommandContext context, EventEntry entry)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.event/1", entry.Write);
            return ExitCode.Ok;
        }

        var terminal = context.Terminal;
        terminal.Print($"{entry.Id}  {entry.State}");
        Line("target", TargetName(entry.Target));
        Line("source", entry.Source);
        Line("accepted", entry.AcceptedAt);
        Line("due", entry.HasEnded ? null : entry.DueAt);
        Line("ended", entry.EndedAt);
        Line("attempts", entry.Attempts.ToString(CultureInfo.InvariantCulture));
        Line("why", entry.Why);
        Line("error", entry.Why is null ? entry.Error : null);
        Line("destination", entry.DestinationError);
        Line("result", entry.Result?.GetRawText());
        return ExitCode.Ok;

        void Line(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                terminal.Print($"  {name,-12}{ControlCodes.Strip(value)}");
            }
        }
    }

    private sealed class List() : Verb("ls", "List events that are on their way or were given up")
    {
        private readonly Argument<string?> name = new("NAME")
        {
            Description = "Only those for this function",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
            HelpName = "NAME",
            CompletionSources = { Completion.ResourceNames.Functions },
        };

        private readonly Option<string?> state = new("--state")
        {
            Description = "Only delayed, waiting, running, retrying or dead ones", HelpName = "STATE",
        };

        private readonly Option<int> limit = new("--limit")
        {
            Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => ListDefault,
        };

        protected override IEnumerable<Symbol> Symbols => [name, state, limit];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            Write(context, await new EventApi(server).ListAsync(
                context.Value(name), context.Value(state), context.Value(limit), cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class Lines() : Verb("lines", "Show how the lines of events stand, and why what waits waits")
    {
        protected override IEnumerable<Symbol> Symbols => [];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            ListVerb.Write(
                context, "lines", await new EventApi(server).LinesAsync(cancellation),
                ["LINE", "WAITING", "RUNNING", "DELAYED", "DEAD", "OLDEST", "IN/S", "OUT/S", "WHY"],
                line =>
                [
                    line.Line, $"{line.Waiting}", $"{line.Running}", $"{line.Delayed}", $"{line.Dead}",
                    line.OldestSeconds is { } age ? Quantity.Duration(TimeSpan.FromSeconds(age)) : "",
                    $"{line.ArrivalsPerSecond:0.#}", $"{line.EndsPerSecond:0.#}", line.Why ?? "",
                ],
                WriteLine,
                "lambent invoke NAME --async");
            return ExitCode.Ok;
        }

        private static void WriteLine(Utf8JsonWriter writer, LineEntry line)
        {
            writer.WriteString("line", line.Line);
            writer.WriteNumber("waiting", line.Waiting);
            writer.WriteNumber("running", line.Running);
            writer.WriteNumber("delayed", line.Delayed);
            writer.WriteNumber("dead", line.Dead);
            if (line.OldestSeconds is { } age)
            {
                writer.WriteNumber("oldestSeconds", age);
            }

            writer.WriteNumber("arrivalsPerSecond", line.ArrivalsPerSecond);
            writer.WriteNumber("endsPerSecond", line.EndsPerSecond);
            writer.WriteNumber("attemptMilliseconds", line.AttemptMilliseconds);
            writer.WriteNumber("concurrency", line.Concurrency);
            writer.WriteString("why", line.Why);
        }
    }

    private sealed class Get() : Verb("get", "Show an event; with --wait wait for its end")
    {
        private readonly Argument<string> id = IdArgument();
        private readonly Option<int> wait = new("--wait")
        {
            Description = "Seconds to wait for its end", HelpName = "SECONDS",
        };

        protected override IEnumerable<Symbol> Symbols => [id, wait];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var (wanted, seconds) = (context.Value(id), context.Value(wait));
            var most = TimeSpan.FromSeconds(Math.Max(0, seconds));
            var found = await Progress.DuringAsync(
                context,
                $"Waiting for {wanted}",
                () => new EventApi(server).WaitAsync(wanted, most, context.Environment.Time, cancellation));
            Print(context, found);
            return found.State switch
            {
                "succeeded" => ExitCode.Ok,
                _ when !found.HasEnded => seconds > 0 ? ExitCode.Timeout : ExitCode.Ok,
                _ => ExitCode.FunctionFailed,
            };
        }
    }

    private sealed class Cancel() : Verb("cancel", "Cancel an event: there is no further attempt")
    {
        private readonly Argument<string> id = IdArgument();

        protected override IEnumerable<Symbol> Symbols => [id];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(context, await new EventApi(server).CancelAsync(context.Value(id), cancellation));
        }
    }

    private sealed class Retry() : Verb("retry", "Send one event again that was given up")
    {
        private readonly Argument<string> id = IdArgument();

        protected override IEnumerable<Symbol> Symbols => [id];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(context, await new EventApi(server).RetryAsync(context.Value(id), cancellation));
        }
    }

    private sealed class Redrive() : Verb("redrive", "Send the events again that were given up for a function")
    {
        private readonly Argument<string> name = new("NAME")
        {
            Description = "The function's name",
            HelpName = "NAME",
            CompletionSources = { Completion.ResourceNames.Functions },
        };

        private readonly Option<int?> count = new("--count")
        {
            Description = "At most so many, up to 10000", HelpName = "N",
        };

        private readonly Option<double?> rate = new("--rate")
        {
            Description = "At most so many in a second", HelpName = "PER_SECOND",
        };

        protected override IEnumerable<Symbol> Symbols => [name, count, rate];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var function = context.Value(name);
            var sent = await new EventApi(server).RedriveAsync(
                new RedriveCall(function, context.Value(count), context.Value(rate)), cancellation);
            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.redrive/1", writer =>
                {
                    writer.WriteString("function", function);
                    writer.WriteNumber("sent", sent);
                });
            }
            else
            {
                context.Terminal.Print($"sent {Quantity.Count(sent, "event")} again");
            }

            return ExitCode.Ok;
        }
    }
}

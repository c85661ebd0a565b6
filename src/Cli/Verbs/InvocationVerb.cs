using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent invocation</c>: calls that were made, with their events and answers.</summary>
internal sealed class InvocationVerb() : Verb("invocation", "Look at calls that were made, their events and answers")
{
    private const int LimitDefault = 50;

    protected override IEnumerable<Verb> Children => [new List(), new Show()];

    /// <summary>What <c>lambent ls invocations</c> prints.</summary>
    internal static async Task ListAsync(
        CommandContext context, ServerClient server, string? function, CancellationToken cancellation) =>
        Write(context, await new InvocationApi(server).ListAsync(
            new CallFilter { Function = function, Limit = LimitDefault }, cancellation));

    private static void Write(CommandContext context, (List<CallEntry> Calls, bool HasMore) found)
    {
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "invocations", found.Calls,
            ["ID", "FUNCTION", "VERSION", "OUTCOME", "FROM", "TOOK", "STARTED", "KEPT", "ERROR"],
            call =>
            [
                call.Id, call.Function, call.Version, call.Outcome,
                call.CameFrom is { } from ? $"{call.Origin} {from}" : call.Origin,
                $"{call.DurationMilliseconds:0.#} ms{(call.StartMilliseconds is null ? "" : " (cold)")}",
                Quantity.Since(call.StartedAt, now), call.IsStored ? "yes" : "", call.ErrorGroup ?? "",
            ],
            WriteEntry,
            "lambent invoke NAME");
        if (found.HasMore)
        {
            context.Note("there are older ones: --limit N, --until TIME");
        }
    }

    private static void WriteEntry(Utf8JsonWriter writer, CallEntry call)
    {
        writer.WriteString("id", call.Id);
        writer.WriteString("function", call.Function);
        writer.WriteString("version", call.Version);
        writer.WriteString("outcome", call.Outcome);
        writer.WriteString("origin", call.Origin);
        writer.WriteString("cameFrom", call.CameFrom);
        writer.WriteString("replayOf", call.ReplayOf);
        writer.WriteString("startedAt", call.StartedAt);
        writer.WriteNumber("durationMilliseconds", call.DurationMilliseconds);
        writer.WriteBoolean("isStored", call.IsStored);
        writer.WriteString("errorGroup", call.ErrorGroup);
    }

    private sealed class List() : Verb("ls", "List calls, the newest first")
    {
        private readonly Argument<string?> name = new("NAME")
        {
            Description = "Of one function; default: all",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
            HelpName = "NAME",
            CompletionSources = { Completion.ResourceNames.Functions },
        };

        private readonly Option<string?> outcome = new("--outcome")
        {
            Description = "failed, or success, error, init-error, timeout, exit, out-of-memory",
            HelpName = "OUTCOME",
            CompletionSources = { "failed", "success", "error", "init-error", "timeout", "exit", "out-of-memory" },
        };

        private readonly Option<bool> failed = new("--failed") { Description = "The same as --outcome failed" };

        private readonly Option<string?> origin = new("--origin")
        {
            Description = "invoke, url, event, queue, workflow or replay",
            HelpName = "ORIGIN",
            CompletionSources = { "invoke", "url", "event", "queue", "workflow", "replay" },
        };

        private readonly Option<string?> version = new("--version-of")
        {
            Description = "$LATEST or a number", HelpName = "VERSION",
        };

        private readonly Option<int?> slower = new("--min-duration")
        {
            Description = "Those that took so long or longer", HelpName = "MILLISECONDS",
        };

        private readonly Option<string?> since = new("--since")
        {
            Description = "A length such as 1h, or a time", HelpName = "LENGTH|TIME",
        };

        private readonly Option<string?> until = new("--until")
        {
            Description = "Up to when, as for --since", HelpName = "LENGTH|TIME",
        };

        private readonly Option<string?> error = new("--error")
        {
            Description = "Those that failed with this group of errors", HelpName = "ID",
        };

        private readonly Option<int> limit = new("--limit")
        {
            Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => LimitDefault,
        };

        protected override IEnumerable<Symbol> Symbols =>
            [name, failed, outcome, origin, version, slower, since, until, error, limit];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            if (context.Value(limit) < 1)
            {
                throw new CommandFailedException(
                    ExitCode.Usage, FailureCodes.Usage, "A limit is at least 1.", "--limit 100");
            }

            using var server = context.Connect();
            Write(context, await new InvocationApi(server).ListAsync(
                new CallFilter
                {
                    Function = context.Value(name),
                    Outcome = context.Value(failed) ? "failed" : context.Value(outcome),
                    Origin = context.Value(origin),
                    Version = context.Value(version),
                    MinDuration = context.Value(slower),
                    Since = context.Value(since),
                    Until = context.Value(until),
                    Error = context.Value(error),
                    Limit = context.Value(limit),
                },
                cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class Show() : Verb("show", "Show a call: its phases, event, answer, error and replays")
    {
        private readonly Argument<string> id = new("ID") { Description = "The call's request id", HelpName = "ID" };

        private readonly Option<string?> form = new("--as")
        {
            Description = "Print a command that makes the same call instead: curl or cli",
            HelpName = "curl|cli",
            CompletionSources = { "curl", "cli" },
        };

        protected override IEnumerable<Symbol> Symbols => [id, form];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            var wanted = context.Value(form);
            if (wanted is not (null or "curl" or "cli"))
            {
                throw new CommandFailedException(
                    ExitCode.Usage, FailureCodes.Usage, "--as is curl or cli.", "--as curl");
            }

            using var server = context.Connect();
            var call = await new InvocationApi(server).GetAsync(context.Value(id), cancellation);
            if (wanted is not null)
            {
                var input = ReplayVerb.InputOf(call);
                var command = wanted == "cli"
                    ? CallText.Command(call, input)
                    : CallText.Curl(call, input, server.Address.Endpoint, server.Address.Region);
                context.Terminal.Print(ControlCodes.Strip(command));
                return ExitCode.Ok;
            }

            if (context.Json)
            {
                JsonReport.Write(context.Terminal, "lambent.invocation-detail/1", writer =>
                {
                    var element = JsonSerializer.SerializeToElement(call, InvocationJson.Default.CallDetail);
                    foreach (var member in element.EnumerateObject())
                    {
                        member.WriteTo(writer);
                    }
                });
                return ExitCode.Ok;
            }

            Print(context, call);
            return ExitCode.Ok;
        }

        private static void Print(CommandContext context, CallDetail call)
        {
            var terminal = context.Terminal;
            terminal.Print(Clean($"{call.Id}  {call.Function}"));
            foreach (var attempt in call.Attempts)
            {
                Line("outcome", attempt.Outcome);
                Line("version", attempt.Version + (call.Qualifier is { } qualifier ? $" (as {qualifier})" : ""));
                Line("from", call.CameFrom is { } from ? $"{attempt.Origin} {from}" : attempt.Origin);
                Line("started", attempt.StartedAt);
                Line("took", $"{attempt.DurationMilliseconds:0.###} ms");
                Line("before", PhasesOf(attempt.Phases));
                Line("memory", $"{attempt.MaxMemoryUsedMegabytes} of {attempt.MemoryMegabytes} MB");
                Line("environment", attempt.Environment);
            }

            Line("replay of", call.ReplayOf ?? "");
            Line("replays", string.Join(", ", call.Replays.Select(replay => $"{replay.Id} ({replay.Outcome})")));
            Line("error", call.ErrorGroup ?? "");
            Payload("event", call.Input);
            Payload("answer", call.Output);
            terminal.Print("");
            terminal.Print($"next: lambent logs --request {Clean(call.Id)}");
            if (call.WhyNotReplayable is null)
            {
                terminal.Print($"      lambent replay {Clean(call.Id)}");
            }

            if (call.ErrorGroup is { } group)
            {
                terminal.Print($"      lambent error show {Clean(group)}");
            }

            void Line(string name, string value)
            {
                if (value.Length > 0)
                {
                    terminal.Print($"  {name,-12}{Clean(value)}");
                }
            }

            void Payload(string name, CallPayload? payload)
            {
                terminal.Print("");
                terminal.Print($"  {name}{(payload?.IsMasked == true ? " (secret values were taken out)" : "")}");
                foreach (var line in ControlCodes.Strip(CallText.Describe(payload)).Split('\n'))
                {
                    terminal.Print($"    {line}");
                }
            }
        }

        private static string PhasesOf(CallPhases phases) => string.Join(", ", new (string Name, double Milliseconds)[]
        {
            ("queue", phases.Queue), ("place", phases.Place), ("fetch", phases.Fetch), ("start", phases.Start),
            ("init", phases.Init),
        }.Where(phase => phase.Milliseconds >= 0.1).Select(phase => $"{phase.Name} {phase.Milliseconds:0.#} ms"));

        private static string Clean(string text) => ControlCodes.Strip(text).ReplaceLineEndings(" ");
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent logs</c>: what functions wrote, over all environments, in the order of time.</summary>
internal sealed class LogsVerb() : Verb("logs", "Show what functions wrote")
{
    private const string DefaultSince = "1h";

    /// <summary>Each is a request of its own.</summary>
    private const int TracedCallsMax = 200;

    private readonly Argument<string?> name = new("NAME")
    {
        Description = "One function; default: all",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<bool> follow = new("--follow", "-f")
    {
        Description = "Wait for more, until stopped",
    };

    private readonly Option<string?> request = new("--request")
    {
        Description = "One call",
        HelpName = "ID",
    };

    private readonly Option<string?> trace = new("--trace")
    {
        Description = "All calls of one trace: its id, a request's id in it, or an execution's ARN",
        HelpName = "ID",
    };

    private readonly Option<string?> since = new("--since")
    {
        Description = "How far back: a length such as 30s, 15m, 1h, 2d, or a time; default: 1h",
        HelpName = "LENGTH|TIME",
    };

    private readonly Option<int?> limit = new("--limit")
    {
        Description = "The newest N lines",
        HelpName = "N",
    };

    private readonly Option<string?> until = new("--until")
    {
        Description = "Up to when: a length or a time, as for --since",
        HelpName = "LENGTH|TIME",
    };

    private readonly Option<string?> grep = new("--grep")
    {
        Description = "Lines that contain this text",
        HelpName = "TEXT",
    };

    private readonly Option<string?> pattern = new("--pattern")
    {
        Description = "Lines that a filter pattern of CloudWatch matches: 'a \"b c\" -d', '{ $.status >= 500 }'",
        HelpName = "PATTERN",
    };

    private readonly Option<string[]> where = new("--where")
    {
        Description = "JSON lines whose member has this value, such as user.id=7; may be repeated",
        HelpName = "NAME=VALUE",
    };

    private readonly Option<string?> level = new("--level")
    {
        Description = "Lines as grave as this or graver: trace, debug, info, warn, error, fatal",
        HelpName = "LEVEL",
        CompletionSources = { "debug", "info", "warn", "error", "fatal" },
    };

    private readonly Option<string?> qualifier = new("--qualifier")
    {
        Description = "One version of the function: $LATEST or a number",
        HelpName = "VERSION",
    };

    protected override IEnumerable<Symbol> Symbols =>
        [name, follow, request, trace, since, until, limit, grep, pattern, where, level, qualifier];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var filter = new LogFilter
        {
            Function = context.Value(name),
            Request = context.Value(request),
            // One call's lines are wanted however old they are.
            Since = Checked(context.Value(since)) ?? (context.Given(request) ? null : DefaultSince),
            Limit = CheckedLimit(context.Value(limit)),
            Follow = context.Value(follow),
            Until = Checked(context.Value(until)),
            Grep = context.Value(grep),
            Pattern = context.Value(pattern),
            Where = context.Value(where) ?? [],
            Level = context.Value(level),
            Version = context.Value(qualifier),
        };
        using var server = context.Connect();
        var native = new NativeApi(server);
        if (context.Value(trace) is { } traced)
        {
            return await ShowTraceAsync(context, server, filter, traced, cancellation);
        }

        var count = 0;
        await foreach (var line in native.LogsAsync(filter, reach => Tell(context, filter, reach), cancellation))
        {
            count++;
            Print(context, line, filter.Function is null);
        }

        if (count == 0)
        {
            context.Note("no lines; look further back with --since 24h, or wait for them with --follow");
        }

        return ExitCode.Ok;
    }

    /// <summary>The lines of a trace's calls, over all functions, in the order of their times.</summary>
    private async Task<ExitCode> ShowTraceAsync(
        CommandContext context, ServerClient server, LogFilter filter, string traced, CancellationToken cancellation)
    {
        if (filter.Follow || filter.Request is not null)
        {
            throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "--trace goes with neither --follow nor --request.",
                "lambent logs --trace ID");
        }

        var native = new NativeApi(server);
        var answer = await new TraceApi(server).FindAsync(traced, cancellation);
        var calls = answer.Deserialize(TraceJson.Default.TraceDetail)!.Spans
            .Select(span => span.RequestId).OfType<string>().Distinct().Take(TracedCallsMax).ToList();
        var lines = new List<LogLine>();
        foreach (var call in calls)
        {
            var ofCall = filter with { Request = call, Since = context.Value(since) };
            await foreach (var line in native.LogsAsync(ofCall, _ => { }, cancellation))
            {
                lines.Add(line);
            }
        }

        foreach (var line in lines.OrderBy(line => line.Time, StringComparer.Ordinal))
        {
            Print(context, line, withFunction: true);
        }

        context.Note($"{Quantity.Count(calls.Count, "call")} of the trace; drawn: lambent trace {traced}");
        return ExitCode.Ok;
    }

    /// <summary>The first line says how far back it goes.</summary>
    private static void Tell(CommandContext context, LogFilter filter, LogReach reach)
    {
        var wanted = filter.Since is null ? "logs from the first line kept" : $"logs since {filter.Since}";
        var kept = reach.Oldest is { } oldest ? $"; the log goes back to {Clock(oldest)}" : "";
        var older = reach.HasOlder ? "; there are older lines than these: --limit N" : "";
        context.Note(wanted + kept + older);
    }

    private static void Print(CommandContext context, LogLine line, bool withFunction)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.log/1", writer =>
            {
                writer.WriteString("time", line.Time);
                writer.WriteString("function", line.Function);
                writer.WriteString("version", line.Version);
                writer.WriteString("requestId", line.RequestId);
                writer.WriteString("environment", line.Environment);
                writer.WriteString("text", line.Text);
                if (line.Level is { } level)
                {
                    writer.WriteString("level", level);
                }
            });
            return;
        }

        var text = line.Text.TrimEnd('\n', '\r');
        var function = withFunction ? $"{line.Function} " : "";
        var shown = $"{Clock(line.Time)} {function}{text}";
        context.Terminal.Print(context.Terminal.OutputIsTerminal ? ControlCodes.Strip(shown) : shown);
    }

    private static string Clock(string time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)
            ? parsed.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : time;

    private static string? Checked(string? since)
    {
        var valid = since is null
            || (since.Length > 1 && "smhd".Contains(since[^1])
                && uint.TryParse(
                    since.AsSpan(0, since.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            || DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, out _);
        return valid
            ? since
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage,
                $"'{since}' is neither a length such as 15m nor a time such as 2026-01-31T12:00:00Z.", "--since 1h");
    }

    private static int? CheckedLimit(int? limit) =>
        limit is null or > 0
            ? limit
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, "A limit is at least 1.", "--limit 100");
}

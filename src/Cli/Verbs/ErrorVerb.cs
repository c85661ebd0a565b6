using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent error</c>: groups of errors, and what is said of them.</summary>
internal sealed class ErrorVerb() : Verb("error", "Look at errors in groups; resolve, ignore and reopen them")
{
    private const int LimitDefault = 50;
    private const int TitleLength = 60;

    protected override IEnumerable<Verb> Children =>
    [
        new List(), new Show(),
        new Set("resolve", "Say that a group is repaired; it opens again when a later release has it", true),
        new Set("ignore", "Count a group, and tell nobody", false),
        new Set("reopen", "Take back what was said of a group", false),
    ];

    /// <summary>What <c>lambent ls errors</c> prints.</summary>
    internal static async Task ListAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation) =>
        Write(context, await new ErrorApi(server).ListAsync("open", null, null, null, LimitDefault, cancellation));

    private static void Write(CommandContext context, List<ErrorEntry> errors)
    {
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "errors", errors,
            ["ID", "STATUS", "COUNT", "LAST 24 H", "LAST SEEN", "FUNCTIONS", "ERROR"],
            error =>
            [
                error.Id, error.Status, $"{error.Count}", Sparkline.Of(error.Counts),
                Quantity.Since(error.LastSeen, now), string.Join(',', error.Functions), Title(error),
            ],
            WriteEntry,
            "lambent logs --level error");
    }

    private static string Title(ErrorEntry error)
    {
        var title = $"{error.Type}: {error.Message}";
        return title.Length > TitleLength ? $"{title[..TitleLength]}…" : title;
    }

    private static void WriteEntry(Utf8JsonWriter writer, ErrorEntry error)
    {
        writer.WriteString("id", error.Id);
        writer.WriteString("status", error.Status);
        writer.WriteString("kind", error.Kind);
        writer.WriteString("type", error.Type);
        writer.WriteString("message", error.Message);
        writer.WriteString("culprit", error.Culprit);
        writer.WriteString("firstSeen", error.FirstSeen);
        writer.WriteString("lastSeen", error.LastSeen);
        writer.WriteNumber("count", error.Count);
        writer.WriteStartArray("counts");
        error.Counts.ForEach(writer.WriteNumberValue);
        writer.WriteEndArray();
        writer.WriteStartArray("functions");
        error.Functions.ForEach(writer.WriteStringValue);
        writer.WriteEndArray();
        writer.WriteString("resolvedIn", error.ResolvedIn);
        writer.WriteString("reopenedBy", error.ReopenedBy);
    }

    private static ExitCode Print(CommandContext context, JsonElement answer)
    {
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.error-group/1", writer =>
            {
                foreach (var member in answer.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            });
            return ExitCode.Ok;
        }

        new ErrorGroupPage(context.Terminal, context.Environment.Time.GetUtcNow()).Print(ErrorApi.Read(answer));
        return ExitCode.Ok;
    }

    private static Argument<string> IdArgument() => new("ID")
    {
        Description = "The group's id, from lambent ls errors", HelpName = "ID",
    };

    private sealed class List() : Verb("ls", "List groups of errors, the one seen last first")
    {
        private readonly Argument<string?> name = new("NAME")
        {
            Description = "Only those seen in this function",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => null,
            HelpName = "NAME",
            CompletionSources = { Completion.ResourceNames.Functions },
        };

        private readonly Option<string?> status = new("--status")
        {
            Description = "open, resolved, ignored or all; default: open",
            HelpName = "STATUS",
            CompletionSources = { "open", "resolved", "ignored", "all" },
        };

        private readonly Option<string?> since = new("--since")
        {
            Description = "Seen since then: a length such as 1h, or a time", HelpName = "LENGTH|TIME",
        };

        private readonly Option<bool> frequent = new("--most-frequent")
        {
            Description = "Those seen most often first",
        };

        private readonly Option<int> limit = new("--limit")
        {
            Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => LimitDefault,
        };

        protected override IEnumerable<Symbol> Symbols => [name, status, since, frequent, limit];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            Write(context, await new ErrorApi(server).ListAsync(
                context.Value(status) ?? "open",
                context.Value(name),
                context.Value(since),
                context.Value(frequent) ? "count" : null,
                context.Value(limit),
                cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class Show() : Verb("show", "Show a group: how often, where, its stack in the source, and samples")
    {
        private readonly Argument<string> id = IdArgument();

        protected override IEnumerable<Symbol> Symbols => [id];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(context, await new ErrorApi(server).GetAsync(context.Value(id), cancellation));
        }
    }

    private sealed class Set(string action, string description, bool takesVersion) : Verb(action, description)
    {
        private readonly string action = action;
        private readonly Argument<string> id = IdArgument();

        private readonly Option<string?> version = new("--in")
        {
            Description = "The version that repairs it: a number, or FUNCTION:NUMBER; default: what is released later",
            HelpName = "VERSION",
        };

        protected override IEnumerable<Symbol> Symbols => takesVersion ? [id, version] : [id];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answer = await new ErrorApi(server).SetAsync(
                context.Value(id), action, takesVersion ? context.Value(version) : null, cancellation);
            if (context.Json)
            {
                return Print(context, answer);
            }

            var group = ErrorApi.Read(answer).Error;
            context.Terminal.Print($"{group.Id} is {group.Status}"
                + (group.ResolvedIn is { } resolved ? $" in {ControlCodes.Strip(resolved)}" : ""));
            return ExitCode.Ok;
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution history</c>: everything that happened.</summary>
internal sealed class ExecutionHistoryVerb() : Verb("history", "List all that happened, with what came in and out")
{
    private const int EventsDefault = 1_000;
    private const int DetailLength = 100;

    /// <summary>Its name is that of the worker.</summary>
    private const string Taken = "ActivityStarted";

    private readonly Argument<string> name = ExecutionVerb.NameArgument();

    private readonly Option<int> limit = new("--limit")
    {
        Description = "At most so many events, from the first",
        HelpName = "N",
        DefaultValueFactory = _ => EventsDefault,
    };

    private readonly Option<bool> full = new("--full") { Description = "Do not cut inputs and outputs" };

    protected override IEnumerable<Symbol> Symbols => [name, limit, full];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var most = Math.Max(1, context.Value(limit));
        using var server = context.Connect();
        var events = await new ExecutionApi(server).JournalAsync(
            ExecutionVerb.Read(context, name), most, cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.history/1", writer =>
            {
                writer.WriteStartArray("events");
                events.ForEach(happened =>
                    JsonSerializer.Serialize(writer, happened, ExecutionJson.Default.JournalEntry));
                writer.WriteEndArray();
            });
            return ExitCode.Ok;
        }

        var length = context.Value(full) ? int.MaxValue : DetailLength;
        var table = new ColumnTable("#", "AWS", "AFTER", "BRANCH", "EVENT", "STATE", "DETAIL");
        Dictionary<int, string> states = [];
        foreach (var happened in events)
        {
            // What belongs to a state need not name it; its line of control is in one at a time.
            var isEntered = happened.Type.EndsWith("StateEntered", StringComparison.Ordinal);
            if (isEntered && happened.Name is { } entered)
            {
                states[happened.Branch] = entered;
            }

            var isOfExecution = happened.Type.StartsWith("Execution", StringComparison.Ordinal);
            var named = happened.Type == Taken || isOfExecution ? null : happened.Name;
            var state = named ?? (isOfExecution ? "" : states.GetValueOrDefault(happened.Branch, ""));
            table.Add(
                $"{happened.Sequence}",
                $"{happened.HistoryId}",
                After(happened.At - events[0].At),
                happened.Branch == 0 ? "" : $"{happened.Branch}",
                happened.Type,
                happened.Index is { } index && !isOfExecution ? $"{state} [{index}]" : state,
                Cut(DetailOf(happened), length));
        }

        table.Write(context.Terminal.Output);
        if (events.Count == most)
        {
            context.Note($"the first {most}; more: --limit N");
        }

        return ExitCode.Ok;
    }

    private static string DetailOf(JournalEntry happened)
    {
        List<string> parts = [];
        if (happened.Error is not null || happened.Cause is not null)
        {
            var cause = happened.Cause is { } text ? CauseText.Of(text) : null;
            parts.Add(string.Join(": ", new[] { happened.Error, cause }.Where(part => part is not null)));
        }

        if (happened.Type == Taken && happened.Name is { } worker)
        {
            parts.Add($"by {worker}");
        }

        if (happened.Location is { } field)
        {
            parts.Add($"in {field}");
        }

        if (happened.Until is { } until)
        {
            parts.Add($"until {ScheduleList.Time(until)}");
        }

        if (happened.Input is { } input)
        {
            parts.Add($"gets {input.GetRawText()}");
        }

        if (happened.Output is { } output)
        {
            parts.Add($"gives {output.GetRawText()}");
        }

        if (happened.Next is { } next)
        {
            parts.Add($"→ {next}");
        }

        return string.Join("  ", parts);
    }

    private static string After(TimeSpan time) =>
        time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture) + " s";

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, length - 1), "…");
}

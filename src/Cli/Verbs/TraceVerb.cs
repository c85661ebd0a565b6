using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent trace</c>: where the time of a call went, over everything that it set off.</summary>
internal sealed class TraceVerb()
    : Verb("trace", "Draw a trace: calls, waits and custom spans, over all that took part")
{
    public const int LimitDefault = 30;

    private const int WidthMin = 60;
    private const int WidthMax = 500;

    private readonly Argument<string> id = new("ID")
    {
        Description = "A trace's id, a call's request id, or an execution's ARN", HelpName = "ID",
    };

    private readonly Option<int?> width = new("--width")
    {
        Description = "Columns; default: those of the terminal", HelpName = "COLUMNS",
    };

    protected override IEnumerable<Symbol> Symbols => [id, width];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var answer = await new TraceApi(server).FindAsync(context.Value(id), cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.trace/1", writer =>
            {
                foreach (var member in answer.EnumerateObject())
                {
                    member.WriteTo(writer);
                }
            });
            return ExitCode.Ok;
        }

        var trace = answer.Deserialize(TraceJson.Default.TraceDetail)!;
        var columns = Math.Clamp(context.Value(width) ?? context.Terminal.ReadWidth(), WidthMin, WidthMax);
        foreach (var line in new TraceWaterfall(trace, columns, context.Terminal.ColorOnOutput).Lines())
        {
            context.Terminal.Print(line);
        }

        return ExitCode.Ok;
    }

    /// <summary><c>lambent ls traces</c>.</summary>
    public static async Task ListAsync(
        CommandContext context, ServerClient server, TraceFilter filter, CancellationToken cancellation)
    {
        var (traces, cutAt) = await new TraceApi(server).ListAsync(filter, cancellation);
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context, "traces", traces,
            ["TRACE", "BEGINS WITH", "STARTED", "TOOK", "CALLS", "STATUS", "FUNCTIONS"],
            trace =>
            [
                trace.TraceId, trace.Name, Quantity.Since($"{trace.StartedAt:O}", now),
                Quantity.Duration(TimeSpan.FromMilliseconds(trace.DurationMilliseconds)), $"{trace.Calls}",
                trace.Status, string.Join(' ', trace.Functions),
            ],
            (writer, trace) =>
            {
                writer.WriteString("traceId", trace.TraceId);
                writer.WriteString("name", trace.Name);
                writer.WriteString("requestId", trace.RequestId);
                writer.WriteString("startedAt", trace.StartedAt);
                writer.WriteNumber("durationMilliseconds", trace.DurationMilliseconds);
                writer.WriteNumber("calls", trace.Calls);
                writer.WriteString("status", trace.Status);
                writer.WriteStartArray("functions");
                trace.Functions.ForEach(writer.WriteStringValue);
                writer.WriteEndArray();
            },
            "lambent invoke NAME");
        if (cutAt is { } time)
        {
            context.Note($"looked at calls back to {time.UtcDateTime:O}; further back: --until {time.UtcDateTime:O}");
        }
    }
}

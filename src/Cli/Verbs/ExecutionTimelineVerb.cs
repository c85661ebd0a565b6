using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution timeline</c>: a waterfall.</summary>
internal sealed class ExecutionTimelineVerb() : Verb("timeline", "Draw when each state began, tried and ended")
{
    private const int RowsDefault = 200;
    private const int WidthMin = 60;
    private const int WidthMax = 500;

    private readonly Argument<string> name = ExecutionVerb.NameArgument();

    private readonly Option<int> limit = new("--limit")
    {
        Description = "At most so many states", HelpName = "N", DefaultValueFactory = _ => RowsDefault,
    };

    private readonly Option<int?> width = new("--width")
    {
        Description = "Columns; default: those of the terminal", HelpName = "COLUMNS",
    };

    protected override IEnumerable<Symbol> Symbols => [name, limit, width];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var timeline = await new ExecutionApi(server).TimelineAsync(
            ExecutionVerb.Read(context, name), Math.Max(1, context.Value(limit)), cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.timeline/1", writer =>
            {
                writer.WritePropertyName("timeline");
                JsonSerializer.Serialize(writer, timeline, ExecutionJson.Default.TimelineEntry);
            });
            return ExitCode.Ok;
        }

        var columns = Math.Clamp(context.Value(width) ?? context.Terminal.ReadWidth(), WidthMin, WidthMax);
        foreach (var line in new Waterfall(timeline, columns, context.Terminal.ColorOnOutput).Lines())
        {
            context.Terminal.Print(line);
        }

        return ExitCode.Ok;
    }
}

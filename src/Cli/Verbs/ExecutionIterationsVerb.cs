using System.CommandLine;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent execution iterations</c>: what a distributed Map did for each of its items.</summary>
internal sealed class ExecutionIterationsVerb() : Verb("iterations", "List what its distributed Maps did for each item")
{
    private readonly Argument<string> name = ExecutionVerb.NameArgument();

    private readonly Option<string?> status = new("--status")
    {
        Description = "Only those that are running, succeeded, failed, timed-out or aborted", HelpName = "STATUS",
    };

    private readonly Option<int> limit = new("--limit")
    {
        Description = "At most so many, the latest first",
        HelpName = "N",
        DefaultValueFactory = _ => ExecutionList.LimitDefault,
    };

    protected override IEnumerable<Symbol> Symbols => [name, status, limit];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var most = Math.Max(1, context.Value(limit));
        using var server = context.Connect();
        var found = await new ExecutionApi(server).IterationsAsync(
            ExecutionVerb.Read(context, name), context.Value(status), most, cancellation);
        if (context.Json)
        {
            JsonReport.Write(context.Terminal, "lambent.iterations/1", writer =>
            {
                writer.WritePropertyName("iterations");
                JsonSerializer.Serialize(writer, found, ExecutionJson.Default.ListIterationEntry);
            });
            return ExitCode.Ok;
        }

        if (found.Count == 0)
        {
            context.Note("no iterations; only a Map in DISTRIBUTED mode has them");
            return ExitCode.Ok;
        }

        var now = context.Environment.Time.GetUtcNow();
        var table = new ColumnTable("MAP", "ITEM", "STATUS", "STARTED", "TOOK", "REDRIVES", "ERROR");
        foreach (var entry in found)
        {
            table.Add(
                entry.Map,
                $"{entry.Index}",
                entry.Status,
                Quantity.Since($"{entry.StartedAt:O}", now),
                Quantity.Duration((entry.StoppedAt ?? now) - entry.StartedAt),
                entry.RedriveCount == 0 ? "" : $"{entry.RedriveCount}",
                entry.Error ?? "");
        }

        table.Write(context.Terminal.Output);
        if (found.Count == most)
        {
            context.Note($"the latest {most}; more: --limit N");
        }

        return ExitCode.Ok;
    }
}

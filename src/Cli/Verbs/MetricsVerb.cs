using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent metrics</c>: how often, how long, how well; over time.</summary>
internal sealed class MetricsVerb() : Verb(
    "metrics", "Show how often functions are called, how long they take, how they end")
{
    private const int SparklineMax = 60;

    /// <summary>What is shown when no metric is named.</summary>
    private static readonly string[] Overview =
    [
        "invocations:sum", "errors:sum", "throttles:sum", "cold-starts:sum", "concurrency:max",
        "duration:p50", "duration:p95", "duration:p99", "gb-seconds:sum", "cost:sum",
    ];

    private readonly Argument<string?> name = new("NAME")
    {
        Description = "One function (or queue, or state machine, by the metric); default: all together",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => null,
        HelpName = "NAME",
        CompletionSources = { Completion.ResourceNames.Functions },
    };

    private readonly Option<string[]> metric = new("--metric")
    {
        Description = "A metric, with its statistic if wanted, such as duration:p99 or queue.visible; may be repeated",
        HelpName = "METRIC",
        CompletionSources =
        {
            "invocations", "errors", "error-rate", "throttles", "cold-starts", "cold-share", "duration",
            "init-duration", "event-age", "concurrency", "gb-seconds", "cost", "queue.sent", "queue.visible",
            "queue.oldest-age", "executions.started", "executions.failed", "executions.time",
        },
    };

    private readonly Option<string?> statistic = new("--stat")
    {
        Description = "sum, average, min, max, count, or a percentile such as p99 or p99.9",
        HelpName = "STATISTIC",
        CompletionSources = { "sum", "average", "min", "max", "count", "p50", "p90", "p95", "p99", "p99.9" },
    };

    private readonly Option<string> last = new("--last")
    {
        Description = "How far back: 15m, 1h, 2d",
        HelpName = "LENGTH",
        DefaultValueFactory = _ => "1h",
    };

    private readonly Option<string?> until = new("--until")
    {
        Description = "Up to when: a time, or how long ago",
        HelpName = "LENGTH|TIME",
    };

    private readonly Option<int?> period = new("--period")
    {
        Description = "Seconds that one value stands for, whole minutes; default: by the length of time",
        HelpName = "SECONDS",
    };

    private readonly Option<string?> version = new("--version-of")
    {
        Aliases = { "--qualifier" },
        Description = "One version: $LATEST or a number",
        HelpName = "VERSION",
    };

    private readonly Option<string?> groupBy = new("--group-by")
    {
        Description = "function, version, alias, tag:NAME, queue, machine; with commas for several",
        HelpName = "DIMENSION",
    };

    private readonly Option<int?> top = new("--top") { Description = "The N largest groups", HelpName = "N" };

    protected override IEnumerable<Symbol> Symbols =>
        [name, metric, statistic, last, until, period, version, groupBy, top];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        var wanted = context.Value(metric) is { Length: > 0 } named ? named
            : context.Value(statistic) is null ? Overview
            : ["duration"];
        var parameters = wanted.Select(one => KeyValuePair.Create("metric", (string?)one)).Concat(
        [
            KeyValuePair.Create("name", context.Value(name)),
            KeyValuePair.Create("statistic", context.Value(statistic)),
            KeyValuePair.Create("since", context.Value(last)),
            KeyValuePair.Create("until", context.Value(until)),
            KeyValuePair.Create("period", context.Value(period)?.ToString(CultureInfo.InvariantCulture)),
            KeyValuePair.Create("version", context.Value(version)),
            KeyValuePair.Create("groupBy", context.Value(groupBy)),
            KeyValuePair.Create("top", context.Value(top)?.ToString(CultureInfo.InvariantCulture)),
        ]);
        using var server = context.Connect();
        var answer = await new MetricApi(server).DataAsync(parameters, cancellation);
        if (context.Json)
        {
            Pass(context, "lambent.metrics/1", answer);
            return ExitCode.Ok;
        }

        var data = QueueReportApi.As(answer, MetricJson.Default.MetricData);
        if (data.Groups.Count == 0)
        {
            context.Note($"nothing happened since {context.Value(last)}; look further back with --last 2d");
            return ExitCode.Ok;
        }

        Print(context, data, wanted.Length == 1);
        return ExitCode.Ok;
    }

    internal static void Pass(CommandContext context, string schema, JsonElement answer) =>
        JsonReport.Write(context.Terminal, schema, writer =>
        {
            foreach (var member in answer.EnumerateObject())
            {
                member.WriteTo(writer);
            }
        });

    private static void Print(CommandContext context, MetricData data, bool isOne)
    {
        var period = Quantity.Duration(TimeSpan.FromSeconds(data.PeriodSeconds));
        context.Note($"{Clock(data.From)} to {Clock(data.To)}, a value for each {period}");
        if (isOne && data.Groups is [{ Series: [var line] } only])
        {
            var chart = new TimeChart(
                data.From, data.To, line.Values, value => Figure.Of(value, line.Unit, data.Currency),
                Math.Min(100, context.Terminal.ReadWidth()));
            context.Terminal.Print(ControlCodes.Strip(
                $"{line.Metric} {line.Statistic}{(only.Name.Length > 0 ? " of " + only.Name : "")}: "
                + Figure.Of(line.Total, line.Unit, data.Currency)));
            foreach (var row in chart.Lines())
            {
                context.Terminal.Print(row);
            }

            return;
        }

        var isGrouped = data.Groups.Exists(group => group.Group.Count > 0);
        var table = isGrouped
            ? new ColumnTable("GROUP", "METRIC", "STATISTIC", "ALL", "OVER TIME")
            : new ColumnTable("METRIC", "STATISTIC", "ALL", "OVER TIME");
        foreach (var group in data.Groups)
        {
            foreach (var series in group.Series)
            {
                string[] cells =
                [
                    series.Metric, series.Statistic, Figure.Of(series.Total, series.Unit, data.Currency),
                    Sparkline.Of(series.Values, SparklineMax),
                ];
                table.Add(isGrouped ? [group.Name, .. cells] : cells);
            }
        }

        table.Write(context.Terminal.Output);
        if (data.GroupsLeftOut > 0)
        {
            context.Note($"and {Quantity.Count(data.GroupsLeftOut, "more group")}: --top N");
        }
    }

    private static string Clock(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary>Functions with their figures of the last day.</summary>
internal static class FunctionFigures
{
    private const string Since = "24h";
    private const string GroupsMax = "500";

    public static async Task ListAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var functions = await new LambdaApi(server).AllFunctionsAsync(cancellation);
        var answer = await new MetricApi(server).DataAsync(
            [
                .. TopVerb.Metrics.Select(metric => KeyValuePair.Create("metric", (string?)metric)),
                KeyValuePair.Create("groupBy", (string?)"function"),
                KeyValuePair.Create("since", (string?)Since),
                KeyValuePair.Create("top", (string?)GroupsMax),
            ],
            cancellation);
        var data = QueueReportApi.As(answer, MetricJson.Default.MetricData);
        var figures = data.Groups.ToDictionary(group => group.Group["function"], StringComparer.Ordinal);
        var none = new MetricGroup();
        ListVerb.Write(
            context, "functions", functions,
            ["NAME", "RUNTIME", "MEMORY", "CALLS/DAY", "ERRORS", "P50", "P95", "P99", "COLD", "COST/DAY"],
            function =>
            {
                var group = figures.GetValueOrDefault(function.FunctionName, none);
                return
                [
                    function.FunctionName,
                    function.Runtime ?? "",
                    $"{function.MemorySize} MB",
                    Figure.Count(group.Total("invocations") ?? 0),
                    Figure.Count(group.Total("errors") ?? 0),
                    Figure.Milliseconds(group.Total("duration", "p50")),
                    Figure.Milliseconds(group.Total("duration", "p95")),
                    Figure.Milliseconds(group.Total("duration", "p99")),
                    Figure.Percent(group.Total("cold-share")),
                    Figure.Money(group.Total("cost"), data.Currency),
                ];
            },
            (writer, function) =>
            {
                var group = figures.GetValueOrDefault(function.FunctionName, none);
                writer.WriteString("name", function.FunctionName);
                writer.WriteString("arn", function.FunctionArn);
                foreach (var line in group.Series)
                {
                    writer.WritePropertyName($"{line.Metric}.{line.Statistic}");
                    if (line.Total is { } total)
                    {
                        writer.WriteNumberValue(total);
                    }
                    else
                    {
                        writer.WriteNullValue();
                    }
                }
            },
            "lambent deploy FILE|FOLDER");
    }
}

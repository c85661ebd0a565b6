using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent top</c>: the busiest functions of the last minutes, refreshed in place.</summary>
internal sealed class TopVerb() : Verb("top", "Show the busiest functions, live")
{
    internal static readonly string[] Metrics =
    [
        "invocations:sum", "errors:sum", "throttles:sum", "cold-share:average", "concurrency:max",
        "duration:p50", "duration:p95", "duration:p99", "cost:sum",
    ];

    private static readonly TimeSpan KeyPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Option<string> last = new("--last")
    {
        Description = "Over how long: 5m, 1h", HelpName = "LENGTH", DefaultValueFactory = _ => "5m",
    };

    private readonly Option<int> every = new("--every")
    {
        Description = "Seconds between refreshes, at least 1", HelpName = "SECONDS", DefaultValueFactory = _ => 2,
    };

    private readonly Option<int> top = new("--top")
    {
        Description = "The N busiest", HelpName = "N", DefaultValueFactory = _ => 30,
    };

    private readonly Option<bool> once = new("--once") { Description = "One look, as when piped" };

    protected override IEnumerable<Symbol> Symbols => [last, every, top, once];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var api = new MetricApi(server);
        var answer = await AskAsync(context, api, cancellation);
        if (context.Json)
        {
            MetricsVerb.Pass(context, "lambent.top/1", answer);
            return ExitCode.Ok;
        }

        if (!context.Terminal.OutputIsTerminal || context.Value(once))
        {
            Draw(answer).ForEach(context.Terminal.Print);
            return ExitCode.Ok;
        }

        await RefreshAsync(context, api, answer, cancellation);
        return ExitCode.Ok;
    }

    private async Task RefreshAsync(
        CommandContext context, MetricApi api, JsonElement answer, CancellationToken cancellation)
    {
        // The other screen, so that what was there before is there again afterwards.
        await context.Terminal.Output.WriteAsync("\u001b[?1049h\u001b[?25l");
        try
        {
            while (true)
            {
                var lines = Draw(answer);
                lines.Add("");
                lines.Add("q: quit");
                await context.Terminal.Output.WriteAsync(
                    "\u001b[H" + string.Concat(lines.Select(line => line + "\u001b[K\r\n")) + "\u001b[J");
                if (await IsQuitAsync(context, cancellation))
                {
                    return;
                }

                answer = await AskAsync(context, api, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how people leave.
        }
        finally
        {
            await context.Terminal.Output.WriteAsync("\u001b[?25h\u001b[?1049l");
        }
    }

    private async Task<bool> IsQuitAsync(CommandContext context, CancellationToken cancellation)
    {
        var time = context.Environment.Time;
        var until = time.GetUtcNow() + TimeSpan.FromSeconds(Math.Max(1, context.Value(every)));
        while (time.GetUtcNow() < until)
        {
            while (context.Terminal.InputIsTerminal && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                {
                    return true;
                }
            }

            await Task.Delay(KeyPeriod, time, cancellation);
        }

        return false;
    }

    private Task<JsonElement> AskAsync(CommandContext context, MetricApi api, CancellationToken cancellation) =>
        api.DataAsync(
            [
                .. Metrics.Select(metric => KeyValuePair.Create("metric", (string?)metric)),
                KeyValuePair.Create("groupBy", (string?)"function"),
                KeyValuePair.Create("since", (string?)context.Value(last)),
                KeyValuePair.Create("top", (string?)context.Value(top).ToString(CultureInfo.InvariantCulture)),
            ],
            cancellation);

    private static List<string> Draw(JsonElement answer)
    {
        var data = QueueReportApi.As(answer, MetricJson.Default.MetricData);
        var seconds = Math.Max(1, (data.To - data.From).TotalSeconds);
        var table = new ColumnTable(
            "FUNCTION", "CALLS", "RATE/S", "ERRORS", "THROTTLED", "P50", "P95", "P99", "MAX", "COLD", "COST/H");
        foreach (var group in data.Groups)
        {
            var calls = group.Total("invocations") ?? 0;
            var errors = group.Total("errors") ?? 0;
            table.Add(
                group.Name,
                Figure.Count(calls),
                Figure.Count(calls / seconds),
                errors == 0 ? "0" : $"{Figure.Count(errors)} ({Figure.Percent(errors / Math.Max(1, calls))})",
                Figure.Count(group.Total("throttles") ?? 0),
                Figure.Milliseconds(group.Total("duration", "p50")),
                Figure.Milliseconds(group.Total("duration", "p95")),
                Figure.Milliseconds(group.Total("duration", "p99")),
                Figure.Count(group.Total("concurrency")),
                Figure.Percent(group.Total("cold-share")),
                Figure.Money(group.Total("cost") * 3_600 / seconds, data.Currency));
        }

        using var text = new StringWriter();
        table.Write(text);
        var from = data.From.UtcDateTime.ToString("HH:mm'Z'", CultureInfo.InvariantCulture);
        return
        [
            $"since {from}; {Quantity.Count(data.Groups.Count + data.GroupsLeftOut, "function")} called",
            .. text.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'),
        ];
    }
}

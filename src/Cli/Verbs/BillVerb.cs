using System.CommandLine;
using System.Globalization;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent bill</c>: what calls cost, to the last decimal.</summary>
internal sealed class BillVerb() : Verb("bill", "Show what calls cost, by function, version, tag, account or day")
{
    private const string UsualGroup = "function";

    private readonly Option<string?> from = new("--from")
    {
        Description = "From when: a time, or how long ago; default: the beginning of the month (UTC)",
        HelpName = "TIME|LENGTH",
    };

    private readonly Option<string?> to = new("--to")
    {
        Description = "Up to when, not included; default: now", HelpName = "TIME|LENGTH",
    };

    private readonly Option<string> groupBy = new("--group-by")
    {
        Description = "account, function, version, alias, tag:NAME, day; with commas for several",
        HelpName = "DIMENSION",
        DefaultValueFactory = _ => UsualGroup,
        CompletionSources = { "account", "function", "version", "alias", "day" },
    };

    private readonly Option<string?> account = new("--account")
    {
        Description = "Of the operator: another account, or all", HelpName = "ID|all",
    };

    private readonly Option<int?> top = new("--top") { Description = "The N dearest lines", HelpName = "N" };

    private readonly Option<bool> csv = new("--csv") { Description = "Comma-separated values, for a spreadsheet" };

    protected override IEnumerable<Symbol> Symbols => [from, to, groupBy, account, top, csv];

    protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
    {
        using var server = context.Connect();
        var answer = await new MetricApi(server).BillAsync(
            [
                KeyValuePair.Create("from", context.Value(from)),
                KeyValuePair.Create("to", context.Value(to)),
                KeyValuePair.Create("groupBy", context.Value(groupBy)),
                KeyValuePair.Create("account", context.Value(account)),
                KeyValuePair.Create("top", context.Value(top)?.ToString(CultureInfo.InvariantCulture)),
            ],
            cancellation);
        if (context.Json)
        {
            MetricsVerb.Pass(context, "lambent.bill/1", answer);
            return ExitCode.Ok;
        }

        var bill = QueueReportApi.As(answer, MetricJson.Default.BillReport);
        var dimensions = (context.Value(groupBy) ?? UsualGroup)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (context.Value(csv))
        {
            WriteCsv(context, bill, dimensions);
        }
        else
        {
            Write(context, bill, dimensions);
        }

        return ExitCode.Ok;
    }

    private static void Write(CommandContext context, BillReport bill, string[] dimensions)
    {
        context.Note($"{Clock(bill.From)} to {Clock(bill.To)}");
        var currency = bill.Currency ?? "";
        var table = new ColumnTable(
            [.. dimensions.Select(dimension => dimension.ToUpperInvariant()), "CALLS", "BILLED", "GB-SECONDS", "COST"]);
        foreach (var line in bill.Lines)
        {
            table.Add([.. dimensions.Select(dimension => Shown(line.Group[dimension])), .. Cells(line, currency)]);
        }

        if (bill.Others is { } others)
        {
            table.Add([.. Row(dimensions, $"{bill.LinesLeftOut} others"), .. Cells(others, currency)]);
        }

        table.Add([.. Row(dimensions, "TOTAL"), .. Cells(bill.Total, currency)]);
        table.Write(context.Terminal.Output);
        if (bill.Currency is null)
        {
            context.Note("no rates are set; the operator: lambent rates set --gb-second P --million-requests P");
        }
    }

    private static void WriteCsv(CommandContext context, BillReport bill, string[] dimensions)
    {
        context.Terminal.Print(string.Join(
            ',', [.. dimensions.Select(Quoted), "invocations", "billed_ms", "gb_seconds", "cost", "currency"]));
        foreach (var line in bill.Lines)
        {
            context.Terminal.Print(string.Join(
                ',',
                [
                    .. dimensions.Select(dimension => Quoted(line.Group[dimension])),
                    line.Invocations.ToString(CultureInfo.InvariantCulture),
                    line.BilledMilliseconds.ToString(CultureInfo.InvariantCulture),
                    line.GigabyteSeconds, line.Cost, bill.Currency ?? "",
                ]));
        }
    }

    private static string[] Cells(BillRow row, string currency) =>
    [
        row.Invocations.ToString("N0", CultureInfo.InvariantCulture),
        $"{row.BilledMilliseconds.ToString("N0", CultureInfo.InvariantCulture)} ms",
        row.GigabyteSeconds,
        $"{row.Cost} {currency}".TrimEnd(),
    ];

    private static IEnumerable<string> Row(string[] dimensions, string title) =>
        dimensions.Select((_, index) => index == 0 ? title : "");

    private static string Shown(string value) => value.Length == 0 ? "-" : value;

    /// <summary>A value that a spreadsheet would take for a formula is no formula; quotes are doubled.</summary>
    private static string Quoted(string value)
    {
        var text = ControlCodes.Strip(value).ReplaceLineEndings(" ");
        var safe = text.Length > 0 && "=+-@".Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(",\"'") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }

    private static string Clock(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent rates</c>: what a call costs. Everybody may look; the operator sets them.</summary>
internal sealed class RatesVerb() : Verb("rates", "Show or set what calls cost")
{
    protected override IEnumerable<Verb> Children => [new Show(), new Set()];

    private static ExitCode Print(CommandContext context, JsonElement answer)
    {
        if (context.Json)
        {
            MetricsVerb.Pass(context, "lambent.rates/1", answer);
            return ExitCode.Ok;
        }

        var rates = QueueReportApi.As(answer, MetricJson.Default.RateList);
        if (rates.History.Count == 0)
        {
            context.Note("no rates are set: lambent rates set --gb-second 0.0000166667 --million-requests 0.20");
            return ExitCode.Ok;
        }

        var table = new ColumnTable("FROM", "GB-SECOND", "MILLION REQUESTS", "CURRENCY", "");
        foreach (var rate in rates.History)
        {
            table.Add(
                rate.From.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture),
                rate.PerGigabyteSecond.ToString(CultureInfo.InvariantCulture),
                rate.PerMillionRequests.ToString(CultureInfo.InvariantCulture),
                rate.Currency,
                rate == rates.Current ? "now" : "");
        }

        table.Write(context.Terminal.Output);
        return ExitCode.Ok;
    }

    private sealed class Show() : Verb("show", "Show the rates of all times")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            return Print(context, await new MetricApi(server).RatesAsync(cancellation));
        }
    }

    private sealed class Set() : Verb("set", "Set the rates that count from now on, or from a time on")
    {
        private readonly Option<decimal> gigabyteSecond = new("--gb-second")
        {
            Description = "For a GB of memory in a second", HelpName = "PRICE", Required = true,
        };

        private readonly Option<decimal> millionRequests = new("--million-requests")
        {
            Description = "For a million calls", HelpName = "PRICE", Required = true,
        };

        private readonly Option<string> currency = new("--currency")
        {
            Description = "Three letters", HelpName = "CODE", DefaultValueFactory = _ => "USD",
        };

        private readonly Option<DateTimeOffset?> from = new("--from")
        {
            Description = "From when on; default: now", HelpName = "TIME",
        };

        protected override IEnumerable<Symbol> Symbols => [gigabyteSecond, millionRequests, currency, from];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var call = new RateCall(
                context.Value(from),
                context.Value(gigabyteSecond),
                context.Value(millionRequests),
                context.Value(currency)!);
            return Print(context, await new MetricApi(server).SetRatesAsync(call, cancellation));
        }
    }
}

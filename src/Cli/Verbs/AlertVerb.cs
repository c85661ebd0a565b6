using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent alert</c>: who is told of what.</summary>
internal sealed class AlertVerb() : Verb("alert", "Be told by webhook or e-mail when figures are wrong")
{
    protected override IEnumerable<Verb> Children =>
        [new Create(), new List(), new Show(), new History(), new Test(), new Remove()];

    private static Argument<string> NameArgument() =>
        new("NAME") { Description = "The alert's name", HelpName = "NAME" };

    private static void Write(CommandContext context, JsonElement answer)
    {
        if (context.Json)
        {
            MetricsVerb.Pass(context, "lambent.alert/1", answer);
            return;
        }

        var alert = QueueReportApi.As(answer, AlertJson.Default.AlertEntry);
        Table(context, [alert]);
    }

    private static void Table(CommandContext context, List<AlertEntry> alerts)
    {
        var now = context.Environment.Time.GetUtcNow();
        var table = new ColumnTable("NAME", "STATE", "SINCE", "VALUE", "RULE", "TELLS");
        foreach (var alert in alerts)
        {
            table.Add(
                alert.Name, alert.State, Quantity.Since(alert.Since, now), Number(alert.Value), Rule(alert),
                string.Join(", ", alert.Webhooks.Concat(alert.Emails).DefaultIfEmpty("webhooks for alerts")));
        }

        table.Write(context.Terminal.Output);
    }

    private static string Rule(AlertEntry alert)
    {
        var subject = alert.Statistic is null ? alert.Metric : $"{alert.Metric} {alert.Statistic}";
        var target = alert.Target is null ? "" : $" of {alert.Target}";
        var side = alert.Above is { } above ? $" above {Number(above)} in {alert.Window}"
            : alert.Below is { } below ? $" below {Number(below)} in {alert.Window}"
            : "";
        return subject + target + side;
    }

    private static string Number(double? number) =>
        number?.ToString("0.######", CultureInfo.InvariantCulture) ?? Figure.None;

    private sealed class Create() : Verb("create", "Set an alert up, or replace it")
    {
        private readonly Argument<string> name = NameArgument();

        private readonly Option<string> metric = new("--metric")
        {
            Description = "error-rate, duration, throttles, queue.oldest-age, queue.dead-letters, cost, …",
            HelpName = "METRIC",
            Required = true,
            CompletionSources =
            {
                "error-rate", "errors", "duration", "throttles", "invocations", "cost", "error-groups",
                "queue.oldest-age", "queue.visible", "queue.dead-letters", "executions.failed",
            },
        };

        private readonly Option<string?> statistic = new("--stat")
        {
            Description = "sum, average, min, max, count, p99, …; default: what is usual for the metric",
            HelpName = "STATISTIC",
        };

        private readonly Option<string?> target = new("--target")
        {
            Description = "One function, queue or state machine; default: all together",
            HelpName = "NAME",
            CompletionSources = { Completion.ResourceNames.Functions },
        };

        private readonly Option<string?> qualifier = new("--qualifier")
        {
            Description = "One version of the function", HelpName = "VERSION",
        };

        private readonly Option<double?> above = new("--above")
        {
            Description = "Wrong above this", HelpName = "NUMBER",
        };

        private readonly Option<double?> below = new("--below")
        {
            Description = "Wrong below this", HelpName = "NUMBER",
        };

        private readonly Option<string?> window = new("--window")
        {
            Description = "The time that is looked at: 5m, 1h; with cost also day or month; default: 5m",
            HelpName = "LENGTH",
        };

        private readonly Option<string?> lasting = new("--for")
        {
            Description = "It must be wrong for so long; default: at once", HelpName = "LENGTH",
        };

        private readonly Option<int?> samples = new("--samples")
        {
            Description = "With fewer values nothing is said; default: 1", HelpName = "N",
        };

        private readonly Option<string?> missing = new("--no-data")
        {
            Description = "What no figures mean: no-data, ok or alert; default: no-data", HelpName = "STATE",
            CompletionSources = { "no-data", "ok", "alert" },
        };

        private readonly Option<string[]> webhook = new("--webhook")
        {
            Description = "An outbound webhook; may be repeated; default: those that want alert.*", HelpName = "NAME",
        };

        private readonly Option<string[]> email = new("--email")
        {
            Description = "An address; may be repeated", HelpName = "ADDRESS",
        };

        protected override IEnumerable<Symbol> Symbols =>
        [
            name, metric, statistic, target, qualifier, above, below, window, lasting, samples, missing, webhook, email,
        ];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            Write(context, await new AlertApi(server).PutAsync(
                context.Value(name),
                new AlertCall
                {
                    Metric = context.Value(metric)!,
                    Statistic = context.Value(statistic),
                    Target = context.Value(target),
                    Version = context.Value(qualifier),
                    Above = context.Value(above),
                    Below = context.Value(below),
                    Window = context.Value(window),
                    For = context.Value(lasting),
                    Samples = context.Value(samples),
                    NoData = context.Value(missing),
                    Webhooks = context.Value(webhook),
                    Emails = context.Value(email),
                },
                cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class List() : Verb("ls", "List alerts and how they stand")
    {
        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answer = await new AlertApi(server).ListAsync(cancellation);
            var alerts = QueueReportApi.As(answer, AlertJson.Default.AlertEntries).Alerts;
            if (context.Json)
            {
                MetricsVerb.Pass(context, "lambent.alerts/1", answer);
            }
            else if (alerts.Count == 0)
            {
                context.Note("no alerts yet; next: lambent alert create errors --metric error-rate --above 0.05");
            }
            else
            {
                Table(context, alerts);
            }

            return ExitCode.Ok;
        }
    }

    private sealed class Show() : Verb("show", "Show an alert")
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            Write(context, await new AlertApi(server).ShowAsync(context.Value(name), cancellation));
            return ExitCode.Ok;
        }
    }

    private sealed class History() : Verb("history", "List when an alert changed, and why")
    {
        private readonly Argument<string> name = NameArgument();

        private readonly Option<int> limit = new("--limit")
        {
            Description = "The newest N", HelpName = "N", DefaultValueFactory = _ => 50,
        };

        protected override IEnumerable<Symbol> Symbols => [name, limit];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answer = await new AlertApi(server).HistoryAsync(
                context.Value(name), context.Value(limit), cancellation);
            if (context.Json)
            {
                MetricsVerb.Pass(context, "lambent.alert-history/1", answer);
                return ExitCode.Ok;
            }

            var table = new ColumnTable("AT", "FROM", "TO", "WHY");
            foreach (var change in QueueReportApi.As(answer, AlertJson.Default.AlertChanges).Changes)
            {
                table.Add(change.At, change.From, change.To, change.Text);
            }

            table.Write(context.Terminal.Output);
            return ExitCode.Ok;
        }
    }

    private sealed class Test() : Verb("test", "Tell all who would be told that this is a test")
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            var answer = await new AlertApi(server).TestAsync(context.Value(name), cancellation);
            if (context.Json)
            {
                MetricsVerb.Pass(context, "lambent.alert-test/1", answer);
                return ExitCode.Ok;
            }

            var test = QueueReportApi.As(answer, AlertJson.Default.AlertTest);
            context.Terminal.Print(
                $"the value is {Number(test.Value)} now; {Quantity.Count(test.Told, "receiver")} will get the test");
            return ExitCode.Ok;
        }
    }

    private sealed class Remove() : Verb("rm", "Delete an alert with its history")
    {
        private readonly Argument<string> name = NameArgument();

        protected override IEnumerable<Symbol> Symbols => [name];

        protected override async Task<ExitCode> RunAsync(CommandContext context, CancellationToken cancellation)
        {
            using var server = context.Connect();
            await new AlertApi(server).DeleteAsync(context.Value(name), cancellation);
            if (context.Json)
            {
                JsonReport.Write(
                    context.Terminal, "lambent.alert/1", writer => writer.WriteString("deleted", context.Value(name)));
            }
            else
            {
                context.Terminal.Print($"deleted {ControlCodes.Strip(context.Value(name))}");
            }

            return ExitCode.Ok;
        }
    }
}

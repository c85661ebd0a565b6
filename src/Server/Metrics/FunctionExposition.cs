using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Metrics;

/// <summary>
/// Figures by function for Prometheus, since the start of the server: counters and a histogram of durations. Of so many
/// functions each has its own series, those called first; the rest are one series together, and are counted.
/// </summary>
internal sealed class FunctionExposition
{
    private const string Rest = "(other)";

    /// <summary>Milliseconds.</summary>
    private static readonly double[] Bounds =
        [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 900_000];

    private readonly Lock gate = new();
    private readonly Dictionary<(string Account, string Function), MetricCell> sums = [];
    private readonly MetricCell rest = new();
    private readonly HashSet<(string Account, string Function)> restOf = [];

    /// <summary>Adds what was counted, as it is written down.</summary>
    public void Add(IEnumerable<MetricEntry> entries)
    {
        lock (gate)
        {
            foreach (var (series, _, cell) in entries.Where(entry => entry.Series.Kind == MetricKind.Function))
            {
                CellOf((series.Account.Value, series.Name)).Add(cell);
            }
        }
    }

    public void Describe(StringBuilder text)
    {
        lock (gate)
        {
            var all = sums.OrderBy(one => one.Key).Select(one => (Labels: Labels(one.Key), Cell: one.Value)).ToList();
            if (restOf.Count > 0)
            {
                all.Add(($"account=\"{Rest}\",function=\"{Rest}\"", rest));
            }

            Counter(text, "lambent_function_invocations_total", "Calls.", all, cell => cell[MetricCounter.Invocations]);
            Counter(text, "lambent_function_errors_total", "Calls that failed.", all,
                cell => InvocationFigures.Errors(cell));
            Counter(text, "lambent_function_throttles_total", "Calls refused by a limit.", all,
                cell => cell[MetricCounter.Throttles]);
            Counter(text, "lambent_function_cold_starts_total", "Calls that waited for an environment.", all,
                cell => cell[MetricCounter.ColdStarts]);
            Counter(text, "lambent_function_gigabyte_seconds_total", "Billed time times memory.", all,
                cell => cell[MetricCounter.BilledMegabyteMilliseconds] / 1_024_000.0);
            Histogram(text, all);
            Header(text, "lambent_function_series_left_out", "gauge", "Functions that are shown as (other).");
            text.Append("lambent_function_series_left_out ").Append(restOf.Count).Append('\n');
        }
    }

    private static void Counter(
        StringBuilder text,
        string name,
        string help,
        List<(string Labels, MetricCell Cell)> all,
        Func<MetricCell, double> read)
    {
        Header(text, name, "counter", help);
        foreach (var (labels, cell) in all)
        {
            text.Append(name).Append('{').Append(labels).Append("} ").Append(Number(read(cell))).Append('\n');
        }
    }

    private static void Histogram(StringBuilder text, List<(string Labels, MetricCell Cell)> all)
    {
        const string Name = "lambent_function_duration_seconds";
        Header(text, Name, "histogram", "Time in handlers.");
        foreach (var (labels, cell) in all)
        {
            if (cell[MetricMeasure.Duration] is not { } duration)
            {
                continue;
            }

            foreach (var bound in Bounds)
            {
                text.Append(Name).Append("_bucket{").Append(labels).Append(",le=\"").Append(Number(bound / 1_000))
                    .Append("\"} ").Append(duration.Histogram.CountUpTo(bound * 1_000)).Append('\n');
            }

            text.Append(Name).Append("_bucket{").Append(labels).Append(",le=\"+Inf\"} ").Append(duration.Count)
                .Append('\n').Append(Name).Append("_sum{").Append(labels).Append("} ")
                .Append(Number(duration.Sum / 1e6)).Append('\n').Append(Name).Append("_count{").Append(labels)
                .Append("} ").Append(duration.Count).Append('\n');
        }
    }

    /// <summary>The lock is held.</summary>
    private MetricCell CellOf((string Account, string Function) key)
    {
        if (sums.TryGetValue(key, out var cell))
        {
            return cell;
        }

        if (sums.Count >= Limits.MetricExportedSeriesMax)
        {
            if (restOf.Count < Limits.MetricCellsPendingMax)
            {
                restOf.Add(key);
            }

            return rest;
        }

        return sums[key] = new MetricCell();
    }

    private static string Labels((string Account, string Function) key) =>
        $"account=\"{key.Account}\",function=\"{key.Function}\"";

    private static void Header(StringBuilder text, string name, string type, string help) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ')
            .Append(type).Append('\n');

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

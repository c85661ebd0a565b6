using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Server.Functions;
using Lambent.Server.Metrics;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Native;

/// <summary>The parameters of GET /v1/metrics/data.</summary>
internal sealed record MetricQuery(
    IReadOnlyList<(MetricDefinition Metric, MetricStatistic Statistic)> Metrics,
    MetricSelection Selection,
    TimeSpan Period,
    MetricGroups Groups,
    int Top)
{
    /// <summary>Of calls at the rates of their time; all other metrics are in <see cref="MetricCatalog"/>.</summary>
    public const string Cost = "cost";

    private const int MetricsMax = 20;
    private const int TopDefault = 50;

    /// <summary>About so many values are plotted well.</summary>
    private const int PointsWanted = 120;

    private static readonly MetricDefinition CostMetric = new(
        Cost, MetricKind.Function, "money", MetricStatistic.Sum, "What calls cost at the operator's rates",
        cell => MetricValue.Of(null, 1));

    private static readonly int[] Periods = [60, 300, 900, 3_600, 21_600, 86_400];

    public static IEnumerable<MetricDefinition> Known => MetricCatalog.All.Append(CostMetric);

    public static Result<MetricQuery> Read(
        IQueryCollection parameters, Principal principal, FunctionDirectory functions, DateTimeOffset now)
    {
        if (ReadMetrics(parameters).Failed(out var metrics, out var failure)
            || TimeParameter.Read(parameters, "since", now).Failed(out var since, out failure)
            || TimeParameter.Read(parameters, "until", now).Failed(out var until, out failure)
            || AccountParameter.Read(parameters, principal).Failed(out var account, out failure)
            || MetricGroups.Parse(parameters["groupBy"].ToString(), functions, [], "groupBy")
                .Failed(out var groups, out failure)
            || Number(parameters, "top", TopDefault, 1, Limits.MetricGroupsMax).Failed(out var top, out failure))
        {
            return failure;
        }

        var (from, to) = (since ?? now.AddHours(-1), until ?? now);
        if (from >= to)
        {
            return new Error(ErrorCode.ValidationFailed, "since must be before until.", "since");
        }

        var usual = Periods.FirstOrDefault(
            seconds => (to - from).TotalSeconds / seconds <= PointsWanted, Periods[^1]);
        if (Number(parameters, "period", usual, 60, 86_400 * 31).Failed(out var seconds, out failure))
        {
            return failure;
        }

        if (seconds % 60 != 0 || (to - from).TotalSeconds / seconds > Limits.MetricPointsMax)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"period must be whole minutes in seconds, with at most {Limits.MetricPointsMax:N0} periods "
                + "between since and until.",
                "period");
        }

        var period = TimeSpan.FromSeconds(seconds);
        return new MetricQuery(
            metrics,
            new MetricSelection
            {
                Account = account,
                Kind = metrics[0].Metric.Kind,
                Name = Text(parameters, "name") ?? Text(parameters, "function") ?? Text(parameters, "queue")
                    ?? Text(parameters, "machine"),
                Part = Text(parameters, "version"),
                Detail = Text(parameters, "alias"),
                From = MetricSpans.Floor(from, period),
                To = MetricSpans.Ceiling(to, period),
            },
            period,
            groups,
            top);
    }

    /// <param name="table">What was read for this query.</param>
    /// <param name="rates">Of all times.</param>
    public MetricDataAnswer Answer(MetricTable table, RateHistory rates)
    {
        var groups = table.Groups
            .Select(group => (Name: group, Series: Metrics.Select(metric =>
                Series(table, group, metric.Metric, metric.Statistic, rates)).ToList()))
            .OrderByDescending(group => group.Series[0].Total ?? double.MinValue)
            .ThenBy(group => group.Name, StringComparer.Ordinal)
            .ToList();
        return new MetricDataAnswer(
            table.From,
            table.From + (table.Count * table.Period),
            (int)Period.TotalSeconds,
            [.. table.Times()],
            rates.Changes is [.., var last] ? last.Currency : null,
            [.. groups.Take(Top).Select(group => new MetricGroupAnswer(Groups.Name(group.Name), group.Series))],
            Math.Max(0, groups.Count - Top));
    }

    private static MetricSeriesAnswer Series(
        MetricTable table, string group, MetricDefinition metric, MetricStatistic statistic, RateHistory rates)
    {
        var cells = table.Cells(group);
        if (metric == CostMetric)
        {
            var costs = cells.Select((cell, index) => CostOf(cell, rates.At(table.From + (index * table.Period))))
                .ToList();
            return new MetricSeriesAnswer(
                metric.Name, "sum", metric.Unit, costs.Aggregate(Money.Zero, (sum, one) => sum + one).Approximately,
                [.. costs.Select(cost => (double?)cost.Approximately)]);
        }

        // Where nothing was counted it is nothing that was counted; how long nothing took nobody knows.
        double? none = statistic == MetricStatistic.Sum || statistic == MetricStatistic.Count ? 0 : null;
        return new MetricSeriesAnswer(
            metric.Name,
            statistic.Name,
            metric.Unit,
            statistic.Of(metric.Read(table.Total(group))),
            [.. cells.Select(cell => cell is null ? none : statistic.Of(metric.Read(cell)))]);
    }

    private static Money CostOf(MetricCell? cell, Rates? rates) => cell is null || rates is null
        ? Money.Zero
        : Money.Of(
            cell[MetricCounter.BilledMegabyteMilliseconds], cell[MetricCounter.Invocations], rates);

    private static Result<IReadOnlyList<(MetricDefinition Metric, MetricStatistic Statistic)>> ReadMetrics(
        IQueryCollection parameters)
    {
        var asked = parameters["metric"];
        if (asked.Count is 0 or > MetricsMax)
        {
            return new Error(
                ErrorCode.ValidationFailed,
                $"metric must name one to {MetricsMax} metrics, such as metric=duration:p99&metric=errors; "
                + "GET /v1/metrics lists them.",
                "metric");
        }

        var metrics = new List<(MetricDefinition Metric, MetricStatistic Statistic)>();
        foreach (var one in asked)
        {
            var parts = (one ?? "").Split(':', 2);
            if (Known.FirstOrDefault(known => known.Name == parts[0]) is not { } metric)
            {
                return new Error(
                    ErrorCode.ValidationFailed,
                    $"There is no metric '{parts[0]}': {string.Join(", ", Known.Select(known => known.Name))}.",
                    "metric");
            }

            var wanted = parts.Length == 2 ? parts[1] : Text(parameters, "statistic");
            if ((wanted is null ? metric.Usual : MetricStatistic.Parse(wanted, "statistic"))
                .Failed(out var statistic, out var invalid))
            {
                return invalid;
            }

            metrics.Add((metric, statistic));
        }

        return metrics.Exists(metric => metric.Metric.Kind != metrics[0].Metric.Kind)
            ? new Error(
                ErrorCode.ValidationFailed,
                "The metrics of one request must be about the same kind of thing: functions, queues or machines.",
                "metric")
            : metrics;
    }

    private static Result<int> Number(
        IQueryCollection parameters, string name, int usual, int least, int most)
    {
        if (Text(parameters, name) is not { } text)
        {
            return usual;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : new Error(
                ErrorCode.ValidationFailed, $"{name} must be a whole number from {least} to {most}.", name);
    }

    private static string? Text(IQueryCollection parameters, string name) =>
        parameters[name].ToString() is { Length: > 0 } text ? text : null;
}

/// <summary>Whose figures are asked for: one's own, or for the operator anybody's, or everybody's.</summary>
internal static class AccountParameter
{
    private const string All = "all";

    /// <returns>Null: everybody's.</returns>
    public static Result<AccountId?> Read(IQueryCollection parameters, Principal principal)
    {
        var text = parameters["account"].ToString();
        if (text.Length == 0 || text == principal.Account.Value)
        {
            return (AccountId?)principal.Account;
        }

        if (principal.Account != AccountId.Root)
        {
            return new Error(
                ErrorCode.AccessDenied,
                "Figures of other accounts are shown to the operator's account only.",
                "account");
        }

        return text == All ? (AccountId?)null
            : AccountId.TryParse(text, out var account) ? (AccountId?)account
            : new Error(ErrorCode.ValidationFailed, "account must be twelve digits, or all.", "account");
    }
}

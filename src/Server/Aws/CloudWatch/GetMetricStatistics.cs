using Lambent.Kernel;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>One metric over time, by several statistics.</summary>
internal sealed class GetMetricStatistics(CloudWatchServices services)
{
    private const int PointsMax = 1_440;
    private const int StatisticsMax = 5;
    private const int ExtendedMax = 10;

    public async ValueTask<Result<AnswerStructure>> HandleAsync(CloudWatchCall call)
    {
        var input = call.Input;
        var metric = MetricParameters.Name(input);
        var (from, to) = MetricParameters.Times(input);
        var period = MetricParameters.Period(input);
        var plain = Plain(input);
        var extended = Extended(input);
        if (input.Failure is null && plain.Count + extended.Count == 0)
        {
            input.Fail(CloudWatchErrors.WrongCombination(
                "At least one of the parameters Statistics and ExtendedStatistics must be specified.", "Statistics"));
        }

        var points = (long)Math.Ceiling((to - from).TotalSeconds / period);
        if (input.Failure is null && points > PointsMax)
        {
            input.Fail(CloudWatchErrors.WrongCombination(
                $"You have requested up to {points:N0} datapoints, which exceeds the limit of {PointsMax:N0}. You may "
                + "reduce the datapoints requested by increasing Period, or decreasing the time range.",
                "Period"));
        }

        if (input.Failure is { } failure)
        {
            return failure;
        }

        var place = MetricNames.Find(metric, call.Account, services.Region);
        var datapoints = place is null
            ? []
            : await ReadAsync(place, from, points, TimeSpan.FromSeconds(period), plain, extended);
        return new AnswerStructure(("Label", metric.Name), ("Datapoints", new AnswerList(datapoints)));
    }

    private async Task<List<AnswerValue>> ReadAsync(
        MetricPlace place,
        DateTimeOffset from,
        long points,
        TimeSpan period,
        List<(string Name, MetricStatistic Statistic)> plain,
        List<(string Name, MetricStatistic Statistic)> extended)
    {
        var table = await services.Reader.ReadAsync(
            place.Selection with { From = from, To = from + (points * period) }, period,
            series => place.Holds(series) ? "" : null);
        var datapoints = new List<AnswerValue>();
        foreach (var group in table.Groups)
        {
            foreach (var (cell, time) in table.Cells(group).Zip(table.Times()))
            {
                if (cell is not null && place.Read(cell) is { Count: > 0 } value)
                {
                    datapoints.Add(Datapoint(time, value, place.Unit, plain, extended));
                }
            }
        }

        return datapoints;
    }

    private static AnswerStructure Datapoint(
        DateTimeOffset time,
        MetricValue value,
        string unit,
        List<(string Name, MetricStatistic Statistic)> plain,
        List<(string Name, MetricStatistic Statistic)> extended) => new(
        [
            ("Timestamp", time),
            .. plain.Select(one => (one.Name, (AnswerValue?)(one.Statistic.Of(value) ?? 0))),
            ("Unit", unit),
            ("ExtendedStatistics", extended.Count == 0 ? null : new AnswerMap(
                [.. extended.Select(one => KeyValuePair.Create(one.Name, one.Statistic.Of(value) ?? 0))])),
        ]);

    private static List<(string Name, MetricStatistic Statistic)> Plain(CloudWatchInput input)
    {
        var statistics = new List<(string, MetricStatistic)>();
        foreach (var name in input.Texts("Statistics", StatisticsMax).Distinct())
        {
            if (MetricParameters.Statistic(name) is { Percent: null } statistic)
            {
                statistics.Add((name, statistic));
            }
            else
            {
                input.Fail(new Error(
                    ErrorCode.InvalidParameter,
                    "The parameter Statistics must be one of SampleCount, Average, Sum, Minimum, Maximum, "
                    + $"not '{name}'.",
                    "Statistics"));
            }
        }

        return statistics;
    }

    private static List<(string Name, MetricStatistic Statistic)> Extended(CloudWatchInput input)
    {
        var statistics = new List<(string, MetricStatistic)>();
        foreach (var name in input.Texts("ExtendedStatistics", ExtendedMax).Distinct())
        {
            if (MetricParameters.Percentile(name) is { } statistic)
            {
                statistics.Add((name, statistic));
            }
            else
            {
                input.Fail(new Error(
                    ErrorCode.InvalidParameter,
                    $"The value '{name}' of ExtendedStatistics is not a percentile such as p95 or p99.9.",
                    "ExtendedStatistics"));
            }
        }

        return statistics;
    }
}

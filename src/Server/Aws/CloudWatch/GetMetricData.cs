using System.Globalization;
using System.Text.RegularExpressions;
using Lambent.Kernel;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>Many metrics over time, with paging.</summary>
internal sealed partial class GetMetricData(CloudWatchServices services)
{
    private const string Operation = "GetMetricData";
    private const int QueriesMax = 500;
    private const int DatapointsMax = 100_800;

    private sealed record Query(
        string Id, string Label, MetricName Metric, TimeSpan Period, MetricStatistic Statistic, bool IsReturned);

    public async ValueTask<Result<AnswerStructure>> HandleAsync(CloudWatchCall call)
    {
        var input = call.Input;
        var queries = Queries(input);
        var (from, to) = MetricParameters.Times(input);
        var most = input.Integer("MaxDatapoints", 1, DatapointsMax) ?? DatapointsMax;
        var isAscending = IsAscending(input);
        var token = input.Text("NextToken", 4_096);
        if (input.Failure is { } failure)
        {
            return failure;
        }

        if (services.Markers.Open(Operation, call.Account, token).Failed(out var position, out _))
        {
            return CloudWatchErrors.WrongToken();
        }

        if (queries.Sum(query => (to - from).TotalSeconds / query.Period.TotalSeconds) > 50.0 * DatapointsMax)
        {
            return CloudWatchErrors.WrongCombination(
                "The request asks for more datapoints than can be looked at: increase the periods, or decrease the "
                + "time range.",
                "MetricDataQueries");
        }

        var (index, offset) = Position(position);
        var results = new List<AnswerValue>();
        var left = most;
        for (; index < queries.Count && left > 0; index++)
        {
            var points = await ReadAsync(call, queries[index], from, to, isAscending);
            var page = points.Skip(offset).Take(left).ToList();
            left -= page.Count;
            var isWhole = offset + page.Count == points.Count;
            results.Add(Result(queries[index], page, isWhole));
            if (!isWhole)
            {
                offset += page.Count;
                break;
            }

            offset = 0;
        }

        var next = index < queries.Count
            ? services.Markers.Seal(Operation, call.Account, string.Create(
                CultureInfo.InvariantCulture, $"{index}:{offset}"))
            : null;
        return new AnswerStructure(
            ("MetricDataResults", new AnswerList(results)),
            ("NextToken", next is null ? null : new AnswerText(next)),
            ("Messages", new AnswerList([])));
    }

    private async Task<List<(DateTimeOffset Time, double Value)>> ReadAsync(
        CloudWatchCall call, Query query, DateTimeOffset from, DateTimeOffset to, bool isAscending)
    {
        if (!query.IsReturned
            || MetricNames.Find(query.Metric, call.Account, services.Region) is not { } place)
        {
            return [];
        }

        var count = (long)Math.Ceiling((to - from) / query.Period);
        var table = await services.Reader.ReadAsync(
            place.Selection with { From = from, To = from + (count * query.Period) }, query.Period,
            series => place.Holds(series) ? "" : null);
        var points = table.Groups
            .SelectMany(group => table.Cells(group).Zip(table.Times()))
            .Select(point => (
                Time: point.Second,
                Value: point.First is { } cell && place.Read(cell) is { Count: > 0 } value
                    ? query.Statistic.Of(value)
                    : null))
            .Where(point => point.Value is not null)
            .Select(point => (point.Time, point.Value!.Value));
        return isAscending ? [.. points] : [.. points.Reverse()];
    }

    private static AnswerStructure Result(
        Query query, List<(DateTimeOffset Time, double Value)> points, bool isWhole) => new(
            ("Id", query.Id),
            ("Label", query.Label),
            ("Timestamps", new AnswerList([.. points.Select(point => (AnswerValue)point.Time)])),
            ("Values", new AnswerList([.. points.Select(point => (AnswerValue)point.Value)])),
            ("StatusCode", isWhole ? "Complete" : "PartialData"));

    private static List<Query> Queries(CloudWatchInput input)
    {
        if (!input.Has("MetricDataQueries"))
        {
            input.Missing("MetricDataQueries", 0);
        }

        var queries = new List<Query>();
        foreach (var one in input.Structures("MetricDataQueries", QueriesMax))
        {
            var id = one.RequiredText("Id", 255);
            if (input.Failure is null && !IdPattern().IsMatch(id))
            {
                input.Fail(new Error(
                    ErrorCode.ValidationFailed,
                    $"The value '{id}' of {one.NameOf("Id")} is not valid: a lower-case letter, then letters, digits "
                    + "and underscores.",
                    one.NameOf("Id")));
            }

            if (input.Failure is null && queries.Exists(known => known.Id == id))
            {
                input.Fail(new Error(
                    ErrorCode.ValidationFailed,
                    $"The values for parameter id in MetricDataQueries are not unique: {id}.",
                    one.NameOf("Id")));
            }

            if (Read(one, id) is { } query)
            {
                queries.Add(query);
            }
        }

        return queries;
    }

    private static Query? Read(CloudWatchInput one, string id)
    {
        if (one.Has("Expression"))
        {
            one.Fail(new Error(
                ErrorCode.ValidationFailed,
                $"Error in expression '{id}': metric math is not supported by this server; ask for the metrics and "
                + "compute with them.",
                one.NameOf("Expression")));
            return null;
        }

        if (one.Structure("MetricStat") is not { } stat)
        {
            one.Fail(new Error(
                ErrorCode.ValidationFailed,
                $"{one.NameOf("")}: either Expression or MetricStat must be given.",
                one.NameOf("MetricStat")));
            return null;
        }

        if (stat.Structure("Metric") is not { } metric)
        {
            stat.Missing("Metric", 0);
            return null;
        }

        var name = MetricParameters.Name(metric) with { Unit = stat.Text("Unit") };
        var period = MetricParameters.Period(stat);
        var wanted = stat.RequiredText("Stat");
        if (MetricParameters.Statistic(wanted) is not { } statistic)
        {
            one.Fail(new Error(
                ErrorCode.ValidationFailed,
                $"The value {wanted} for parameter {stat.NameOf("Stat")} is not supported: SampleCount, Average, Sum, "
                + "Minimum, Maximum, or a percentile such as p99.",
                stat.NameOf("Stat")));
            return null;
        }

        return new Query(
            id, one.Text("Label") ?? name.Name, name, TimeSpan.FromSeconds(period), statistic,
            one.Flag("ReturnData") ?? true);
    }

    private static bool IsAscending(CloudWatchInput input)
    {
        var order = input.Text("ScanBy");
        if (order is not (null or "TimestampAscending" or "TimestampDescending"))
        {
            input.Fail(new Error(
                ErrorCode.InvalidParameter,
                $"The value '{order}' of ScanBy must be TimestampAscending or TimestampDescending.", "ScanBy"));
        }

        return order == "TimestampAscending";
    }

    private static (int Index, int Offset) Position(string? position)
    {
        var parts = position?.Split(':');
        return parts is null ? (0, 0)
            : (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("^[a-z][a-zA-Z0-9_]*$")]
    private static partial Regex IdPattern();
}

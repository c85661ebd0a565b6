using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Server.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>Which metrics there are figures of.</summary>
internal sealed class ListMetrics(CloudWatchServices services)
{
    private const string Operation = "ListMetrics";
    private const int PageMax = 500;

    /// <summary>As long as AWS lists what gets no more figures.</summary>
    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(14);

    public async ValueTask<Result<AnswerStructure>> HandleAsync(CloudWatchCall call)
    {
        var input = call.Input;
        var (wantedNamespace, wantedName) = (input.Text("Namespace", 255), input.Text("MetricName", 255));
        var filters = input.Structures("Dimensions", 10)
            .Select(filter => (Name: filter.RequiredText("Name", 255), Value: filter.Text("Value"))).ToList();
        var recent = input.Text("RecentlyActive");
        if (recent is not (null or "PT3H"))
        {
            input.Fail(new Error(ErrorCode.InvalidParameter, "RecentlyActive must be PT3H.", "RecentlyActive"));
        }

        var token = input.Text("NextToken", 4_096);
        if (input.Failure is { } failure)
        {
            return failure;
        }

        if (services.Markers.Open(Operation, call.Account, token).Failed(out var position, out _))
        {
            return CloudWatchErrors.WrongToken();
        }

        var since = services.Time.GetUtcNow() - (recent is null ? ListedFor : TimeSpan.FromHours(3));
        var all = (await ListAsync(call.Account, since))
            .Where(metric => (wantedNamespace is null || metric.Namespace == wantedNamespace)
                && (wantedName is null || metric.Name == wantedName)
                && filters.TrueForAll(filter => metric.Dimensions.TryGetValue(filter.Name, out var value)
                    && (filter.Value is null || filter.Value == value)))
            .ToList();
        var start = position is null ? 0 : int.Parse(position, CultureInfo.InvariantCulture);
        var next = start + PageMax < all.Count
            ? services.Markers.Seal(
                Operation, call.Account, (start + PageMax).ToString(CultureInfo.InvariantCulture))
            : null;
        return new AnswerStructure(
            ("Metrics", new AnswerList([.. all.Skip(start).Take(PageMax).Select(Shape)])),
            ("NextToken", next is null ? null : new AnswerText(next)));
    }

    private async Task<List<MetricName>> ListAsync(AccountId account, DateTimeOffset since)
    {
        var metrics = new List<MetricName>();
        var functions = await services.Reader.ListAsync(account, MetricKind.Function, since);
        AddAll(metrics, MetricNames.Lambda, DimensionsOf(functions));
        var queues = await services.Reader.ListAsync(account, MetricKind.Queue, since);
        AddAll(metrics, MetricNames.Sqs, queues.Select(queue => Dimensions(("QueueName", queue.Name))));
        var machines = await services.Reader.ListAsync(account, MetricKind.StateMachine, since);
        var prefix = MetricNames.ArnPrefix(services.Region, account);
        AddAll(metrics, MetricNames.States, machines.Select(machine =>
            Dimensions(("StateMachineArn", prefix + machine.Name))));
        foreach (var custom in await services.Reader.ListAsync(account, MetricKind.Custom, since))
        {
            metrics.Add(new MetricName(
                custom.Name, custom.Part.Split(CustomMetrics.UnitSeparator)[0], MetricNames.Unspell(custom.Detail),
                null));
        }

        return [.. metrics.DistinctBy(metric => (metric.Namespace, metric.Name, MetricNames.Spell(metric.Dimensions)))];
    }

    private static IEnumerable<Dictionary<string, string>> DimensionsOf(IReadOnlyList<MetricSeries> functions)
    {
        if (functions.Count > 0)
        {
            yield return [];
        }

        foreach (var function in functions.GroupBy(series => series.Name))
        {
            yield return Dimensions(("FunctionName", function.Key));
            foreach (var series in function.Where(series => series.Part.Length > 0))
            {
                var resource = series.Detail.Length > 0 ? $"{series.Name}:{series.Detail}"
                    : series.Part == "$LATEST" ? series.Name
                    : $"{series.Name}:{series.Part}";
                yield return Dimensions(("FunctionName", series.Name), ("Resource", resource));
                if (series.Detail.Length > 0)
                {
                    yield return Dimensions(
                        ("FunctionName", series.Name), ("Resource", resource), ("ExecutedVersion", series.Part));
                }
            }
        }
    }

    private static void AddAll(
        List<MetricName> metrics, string name, IEnumerable<IReadOnlyDictionary<string, string>> dimensions)
    {
        foreach (var set in dimensions)
        {
            metrics.AddRange(MetricNames.Known[name].Select(metric => new MetricName(name, metric.Name, set, null)));
        }
    }

    private static Dictionary<string, string> Dimensions(params ReadOnlySpan<(string Name, string Value)> dimensions)
    {
        var set = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in dimensions)
        {
            set[name] = value;
        }

        return set;
    }

    private static AnswerStructure Shape(MetricName metric) => new(
        ("Namespace", metric.Namespace),
        ("MetricName", metric.Name),
        ("Dimensions", new AnswerList([.. metric.Dimensions.Select(dimension => new AnswerStructure(
            ("Name", dimension.Key), ("Value", dimension.Value)))])));
}

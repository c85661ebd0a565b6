using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Server.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>A metric as a caller names it.</summary>
/// <param name="Dimensions">By name.</param>
internal sealed record MetricName(
    string Namespace, string Name, IReadOnlyDictionary<string, string> Dimensions, string? Unit);

/// <summary>Where the figures of a metric are.</summary>
/// <param name="Selection">Without its times.</param>
/// <param name="Read">What a cell says about it.</param>
/// <param name="Unit">Of the values, as AWS calls it.</param>
/// <param name="Holds">Whether a series counts.</param>
internal sealed record MetricPlace(
    MetricSelection Selection, Func<MetricCell, MetricValue> Read, string Unit, Func<MetricSeries, bool> Holds);

/// <summary>AWS's names of metrics and dimensions, and what they are here.</summary>
internal static class MetricNames
{
    public const string Lambda = "AWS/Lambda";
    public const string Sqs = "AWS/SQS";
    public const string States = "AWS/States";

    private const string Count = "Count";
    private const string Milliseconds = "Milliseconds";

    /// <summary>By namespace: AWS's name, ours, AWS's unit.</summary>
    public static IReadOnlyDictionary<string, (string Name, string Own, string Unit)[]> Known { get; } =
        new Dictionary<string, (string, string, string)[]>(StringComparer.Ordinal)
        {
            [Lambda] =
            [
                ("Invocations", "invocations", Count), ("Errors", "errors", Count),
                ("Throttles", "throttles", Count), ("Duration", "duration", Milliseconds),
                ("ConcurrentExecutions", "concurrency", Count),
                ("ProvisionedConcurrencyInvocations", "provisioned", Count),
                ("ProvisionedConcurrencySpilloverInvocations", "spill-over", Count),
                ("ProvisionedConcurrentExecutions", "provisioned-concurrency", Count),
                ("AsyncEventsReceived", "events.received", Count), ("AsyncEventsDropped", "events.dropped", Count),
                ("AsyncEventAge", "event-age", Milliseconds),
            ],
            [Sqs] =
            [
                ("NumberOfMessagesSent", "queue.sent", Count), ("NumberOfMessagesReceived", "queue.received", Count),
                ("NumberOfMessagesDeleted", "queue.deleted", Count),
                ("NumberOfEmptyReceives", "queue.empty-receives", Count),
                ("ApproximateNumberOfMessagesVisible", "queue.visible", Count),
                ("ApproximateNumberOfMessagesNotVisible", "queue.in-flight", Count),
                ("ApproximateNumberOfMessagesDelayed", "queue.delayed", Count),
                ("ApproximateAgeOfOldestMessage", "queue.oldest-age", "Seconds"),
            ],
            [States] =
            [
                ("ExecutionsStarted", "executions.started", Count),
                ("ExecutionsSucceeded", "executions.succeeded", Count),
                ("ExecutionsFailed", "executions.failed", Count),
                ("ExecutionsTimedOut", "executions.timed-out", Count),
                ("ExecutionsAborted", "executions.aborted", Count),
                ("ExecutionTime", "executions.time", Milliseconds),
            ],
        };

    public static bool IsOfAws(string name) => name.StartsWith("AWS/", StringComparison.Ordinal);

    public static string ArnPrefix(string region, AccountId account) =>
        $"arn:aws:states:{region}:{account}:stateMachine:";

    /// <summary>Null when there are no figures of such a metric, which to AWS is no mistake.</summary>
    public static MetricPlace? Find(MetricName asked, AccountId account, string region)
    {
        if (!IsOfAws(asked.Namespace))
        {
            return Custom(asked, account);
        }

        if (!Known.TryGetValue(asked.Namespace, out var metrics)
            || Array.Find(metrics, one => one.Name == asked.Name) is not { Own: { } own } metric
            || (asked.Unit is not (null or "None") && asked.Unit != metric.Unit)
            || MetricCatalog.Find(own) is not { } definition
            || Select(asked, definition.Kind, account, region) is not { } selection)
        {
            return null;
        }

        return new MetricPlace(selection, definition.Read, metric.Unit, _ => true);
    }

    /// <summary>A set of dimensions is another metric: in one spelling, whatever their order.</summary>
    public static string Spell(IReadOnlyDictionary<string, string> dimensions) => string.Join(
        '\u001f',
        dimensions.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}\u001e{one.Value}"));

    public static IReadOnlyDictionary<string, string> Unspell(string text) => text.Length == 0
        ? new Dictionary<string, string>()
        : text.Split('\u001f').Select(one => one.Split('\u001e', 2)).ToDictionary(one => one[0], one => one[1]);

    private static MetricPlace Custom(MetricName asked, AccountId account)
    {
        var prefix = asked.Name + CustomMetrics.UnitSeparator;
        var unit = asked.Unit ?? "None";
        return new MetricPlace(
            new MetricSelection
            {
                Account = account, Kind = MetricKind.Custom, Name = asked.Namespace, Detail = Spell(asked.Dimensions),
                From = default, To = default,
            },
            cell => MetricValue.Of(cell[MetricMeasure.Value], 1),
            unit,
            series => asked.Unit is null
                ? series.Part.StartsWith(prefix, StringComparison.Ordinal)
                : series.Part == prefix + asked.Unit);
    }

    private static MetricSelection? Select(MetricName asked, MetricKind kind, AccountId account, string region)
    {
        var selection = new MetricSelection { Account = account, Kind = kind, From = default, To = default };
        var dimensions = asked.Dimensions;
        switch (kind)
        {
            case MetricKind.Queue:
                return dimensions.Count == 1 && dimensions.TryGetValue("QueueName", out var queue)
                    ? selection with { Name = queue }
                    : null;
            case MetricKind.StateMachine:
                var prefix = ArnPrefix(region, account);
                return dimensions.Count == 1 && dimensions.TryGetValue("StateMachineArn", out var arn)
                    && arn.StartsWith(prefix, StringComparison.Ordinal)
                    ? selection with { Name = arn[prefix.Length..] }
                    : null;
            default:
                return OfFunction(selection, dimensions);
        }
    }

    private static MetricSelection? OfFunction(
        MetricSelection selection, IReadOnlyDictionary<string, string> dimensions)
    {
        if (dimensions.Keys.Any(name => name is not ("FunctionName" or "Resource" or "ExecutedVersion"))
            || (dimensions.Count > 0 && !dimensions.ContainsKey("FunctionName")))
        {
            return null;
        }

        selection = selection with { Name = dimensions.GetValueOrDefault("FunctionName") };
        if (dimensions.GetValueOrDefault("Resource") is { } resource)
        {
            var parts = resource.Split(':', 2);
            if (parts[0] != selection.Name)
            {
                return null;
            }

            var qualifier = parts.Length == 2 ? parts[1] : "$LATEST";
            selection = char.IsAsciiDigit(qualifier.FirstOrDefault()) || qualifier.StartsWith('$')
                ? selection with { Part = qualifier, Detail = "" }
                : selection with { Detail = qualifier };
        }

        return dimensions.GetValueOrDefault("ExecutedVersion") is { } version
            ? selection with { Part = version }
            : selection;
    }
}

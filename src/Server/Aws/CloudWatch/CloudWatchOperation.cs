using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Metrics;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>One operation: a line in the table.</summary>
/// <param name="Name">As in the API document; also the action that access control decides on.</param>
/// <param name="Handle">Translates the request into one question about figures, and the answer back.</param>
internal sealed record CloudWatchOperation(
    string Name, Func<CloudWatchCall, ValueTask<Result<AnswerStructure>>> Handle)
{
    public string Action => $"cloudwatch:{Name}";
}

/// <summary>A request that was read, signed and allowed.</summary>
internal sealed record CloudWatchCall(AccountId Account, CloudWatchInput Input);

/// <summary>What the operations call.</summary>
internal sealed class CloudWatchServices
{
    public required MetricReader Reader { get; init; }

    public required CustomMetrics Custom { get; init; }

    public required PageMarkers Markers { get; init; }

    public required string Region { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>The table of operations; docs/reference/cloudwatch-api.md has the same lines.</summary>
internal static class CloudWatchOperations
{
    public static IReadOnlyList<CloudWatchOperation> All(CloudWatchServices services) =>
    [
        new("GetMetricData", new GetMetricData(services).HandleAsync),
        new("GetMetricStatistics", new GetMetricStatistics(services).HandleAsync),
        new("ListMetrics", new ListMetrics(services).HandleAsync),
        new("PutMetricData", new PutMetricData(services).HandleAsync),
    ];
}

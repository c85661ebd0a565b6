using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The newest redrives of a dead-letter queue.</summary>
internal static class ListMessageMoveTasksOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ListMessageMoveTasks", SqsScope.Account, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        return Task.FromResult(Handle(services, call));
    }

    private static Result<SqsStructure> Handle(SqsServices services, SqsCall call)
    {
        var arn = call.Input.Required("SourceArn");
        var most = call.Input.Number("MaxResults");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (most is < 1 or > Limits.MoveTasksListedMax)
        {
            return QueueErrors.Invalid(
                $"{most}", "MaxResults", $"Must be between 1 and {Limits.MoveTasksListedMax}.");
        }

        var region = services.Queues.Region;
        return MoveTaskHandle.Source(arn, "SourceArn", call.Principal.Account, region)
            .Then(source => services.Moves.List(source, most ?? 1))
            .Select(tasks => new SqsStructure(("Results", SqsList.OrNull(
                "ListMessageMoveTasksResultEntry", [.. tasks.Select(task => Write(task, region))]))));
    }

    private static SqsStructure Write(MoveTask task, string region) => new SqsStructure(
        ("TaskHandle", task.Status == MoveTaskStatus.Running
            ? new SqsText(MoveTaskHandle.Write(task, region))
            : null),
        ("Status", new SqsText(task.Status.ToString().ToUpperInvariant())),
        ("SourceArn", new SqsText(task.Source.Arn(region))),
        ("DestinationArn", task.Destination is { } destination ? new SqsText(destination.Arn(region)) : null),
        ("MaxNumberOfMessagesPerSecond", task.RateMax is { } rate ? new SqsNumber(rate) : null),
        ("ApproximateNumberOfMessagesMoved", new SqsNumber(task.Moved)),
        ("ApproximateNumberOfMessagesToMove", new SqsNumber(task.ToMove)),
        ("FailureReason", task.FailureReason is null ? null : new SqsText(task.FailureReason)),
        ("StartedTimestamp", new SqsNumber(task.StartedAt.ToUnixTimeMilliseconds())));
}

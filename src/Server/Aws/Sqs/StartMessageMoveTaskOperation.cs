using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Moves the messages of a dead-letter queue back to where they came from.</summary>
internal static class StartMessageMoveTaskOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("StartMessageMoveTask", SqsScope.Account, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var source = call.Input.Required("SourceArn");
        var destination = call.Input.Text("DestinationArn");
        var rate = call.Input.Number("MaxNumberOfMessagesPerSecond");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (rate is < 1 or > Limits.MoveTaskRateMax)
        {
            return QueueErrors.Invalid(
                $"{rate}", "MaxNumberOfMessagesPerSecond", $"Must be between 1 and {Limits.MoveTaskRateMax}.");
        }

        var (account, region) = (call.Principal.Account, services.Queues.Region);
        if (MoveTaskHandle.Source(source, "SourceArn", account, region).Failed(out var from, out var unknown))
        {
            return unknown;
        }

        QueueId? to = null;
        if (destination is not null)
        {
            if (MoveTaskHandle.Source(destination, "DestinationArn", account, region)
                .Failed(out var target, out var missing))
            {
                return missing;
            }

            to = target;
        }

        var started = await services.Moves.StartAsync(from, to, rate, call.Aborted);
        return started.Select(task => new SqsStructure(
            ("TaskHandle", new SqsText(MoveTaskHandle.Write(task, region)))));
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Sets when a received message becomes visible again.</summary>
internal static class ChangeMessageVisibilityOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ChangeMessageVisibility", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var handle = call.Input.Required("ReceiptHandle");
        var seconds = call.Input.Number("VisibilityTimeout");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        if (seconds is null)
        {
            return QueueErrors.Missing("VisibilityTimeout");
        }

        if (VisibilityRange.Check(seconds) is { } outside)
        {
            return outside;
        }

        var changed = await services.Settler.ChangeVisibilityAsync(
            call.Queue, [(handle, seconds.Value)], call.Aborted);
        return changed.Then<SqsStructure>(failures => failures[0] is { } failure ? failure : SqsStructure.Empty);
    }
}

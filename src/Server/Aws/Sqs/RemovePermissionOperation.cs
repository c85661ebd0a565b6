using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Takes a statement out of a queue's policy.</summary>
internal static class RemovePermissionOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("RemovePermission", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var label = call.Input.Required("Label");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var removed = await services.Queues.RemovePermissionAsync(call.Queue, label, call.Aborted);
        return removed.Select(_ => SqsStructure.Empty);
    }
}

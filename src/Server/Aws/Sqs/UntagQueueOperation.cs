using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Takes tags away.</summary>
internal static class UntagQueueOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("UntagQueue", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var keys = call.Input.Texts("TagKeys");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var untagged = await services.Queues.UntagAsync(call.Queue, keys, call.Aborted);
        return untagged.Select(_ => SqsStructure.Empty);
    }
}

using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Removes all messages of a queue.</summary>
internal static class PurgeQueueOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("PurgeQueue", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var purged = await services.Queues.PurgeAsync(call.Queue, call.Aborted);
        return purged.Select(_ => SqsStructure.Empty);
    }
}

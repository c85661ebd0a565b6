using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Deletes a queue with its messages.</summary>
internal static class DeleteQueueOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("DeleteQueue", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var deleted = await services.Queues.DeleteAsync(call.Queue, call.Aborted);
        return deleted.Select(_ => SqsStructure.Empty);
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The tags of a queue.</summary>
internal static class ListQueueTagsOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ListQueueTags", SqsScope.Owner, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        Result<SqsStructure> answer = services.Queues.Find(call.Queue) is { } queue
            ? new SqsStructure(("Tags", SqsMap.OrNull("Tag", "Key", queue.Tags)))
            : QueueErrors.NotFound;
        return Task.FromResult(answer);
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>The queues that send their dead letters to a queue.</summary>
internal static class ListDeadLetterSourceQueuesOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("ListDeadLetterSourceQueues", SqsScope.Granted, call => HandleAsync(services, call));

    private static Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        return Task.FromResult(Handle(services, call));
    }

    private static Result<SqsStructure> Handle(SqsServices services, SqsCall call) =>
        services.Queues.Find(call.Queue) is null
            ? QueueErrors.NotFound
            : QueuePage.Read(
                services, call, "ListDeadLetterSourceQueues", "queueUrls",
                (after, limit) => services.Queues.DeadLetterSources(call.Queue, after, limit));
}

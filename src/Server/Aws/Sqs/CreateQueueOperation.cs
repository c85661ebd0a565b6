using Lambent.Kernel;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Makes a queue, or finds the one that is made the same way.</summary>
internal static class CreateQueueOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("CreateQueue", SqsScope.Account, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var name = call.Input.Required("QueueName");
        var attributes = call.Input.Map("Attributes");
        var tags = call.Input.Map("tags").SetItems(call.Input.Map("Tags"));
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var created = await services.Queues.CreateAsync(
            new QueueId(call.Principal.Account, name), attributes, tags, call.Aborted);
        return created.Select(queue => new SqsStructure(("QueueUrl", new SqsText(call.UrlOf(queue.Id)))));
    }
}

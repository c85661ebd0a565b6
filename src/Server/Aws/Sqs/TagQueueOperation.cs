using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Adds tags, or gives tags another value.</summary>
internal static class TagQueueOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("TagQueue", SqsScope.Owner, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var tags = call.Input.Map("Tags");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var tagged = await services.Queues.TagAsync(call.Queue, tags, call.Aborted);
        return tagged.Select(_ => SqsStructure.Empty);
    }
}

using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Deletes a message that was received.</summary>
internal static class DeleteMessageOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("DeleteMessage", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var handle = call.Input.Required("ReceiptHandle");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var deleted = await services.Settler.DeleteAsync(call.Queue, [handle], call.Aborted);
        return deleted.Then<SqsStructure>(failures => failures[0] is { } failure ? failure : SqsStructure.Empty);
    }
}

using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Deletes up to ten messages, each of which succeeds or fails on its own.</summary>
internal static class DeleteMessageBatchOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("DeleteMessageBatch", "sqs:DeleteMessage", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        if (MessageBatch.Read(call.Input, "DeleteMessageBatchRequestEntry").Failed(out var entries, out var refused))
        {
            return refused;
        }

        string[] handles = [.. entries.Select(entry => entry.Input.Text("ReceiptHandle") ?? "")];
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var deleted = await services.Settler.DeleteAsync(call.Queue, handles, call.Aborted);
        return deleted.Select(failures => MessageBatch.Write(
            "DeleteMessageBatchResultEntry", [.. entries.Select(entry => entry.Id)], failures));
    }
}

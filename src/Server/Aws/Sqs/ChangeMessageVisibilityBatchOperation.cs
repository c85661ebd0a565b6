using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Sets when up to ten received messages become visible again.</summary>
internal static class ChangeMessageVisibilityBatchOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new(
            "ChangeMessageVisibilityBatch",
            "sqs:ChangeMessageVisibility",
            SqsScope.Granted,
            call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        const string entryName = "ChangeMessageVisibilityBatchRequestEntry";
        if (MessageBatch.Read(call.Input, entryName).Failed(out var entries, out var refused))
        {
            return refused;
        }

        var asked = entries
            .Select(entry => (
                entry.Id,
                Handle: entry.Input.Text("ReceiptHandle") ?? "",
                Seconds: entry.Input.Number("VisibilityTimeout") ?? 0))
            .ToArray();
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var within = asked.Where(change => VisibilityRange.Check(change.Seconds) is null).ToArray();
        var changed = await services.Settler.ChangeVisibilityAsync(
            call.Queue, [.. within.Select(change => (change.Handle, change.Seconds))], call.Aborted);
        if (changed.Failed(out var failures, out var failure))
        {
            return failure;
        }

        var outside = asked.Except(within).ToArray();
        return MessageBatch.Write(
            "ChangeMessageVisibilityBatchResultEntry",
            [.. within.Concat(outside).Select(change => change.Id)],
            [.. failures, .. outside.Select(change => VisibilityRange.Check(change.Seconds))]);
    }
}

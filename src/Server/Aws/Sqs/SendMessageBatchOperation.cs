using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Sends up to ten messages, each of which succeeds or fails on its own.</summary>
internal static class SendMessageBatchOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("SendMessageBatch", "sqs:SendMessage", SqsScope.Granted, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        if (MessageBatch.Read(call.Input, "SendMessageBatchRequestEntry").Failed(out var entries, out var refused))
        {
            return refused;
        }

        var requests = new List<SendRequest>(entries.Count);
        foreach (var (_, input) in entries)
        {
            if (SentMessages.Read(input, call.TraceHeader).Failed(out var request, out var unreadable))
            {
                return unreadable;
            }

            requests.Add(request);
        }

        var bytes = requests.Sum(request => (long)MessageRules.SizeOf(request.Body, request.Attributes));
        if (bytes > Limits.MessageBytesMax)
        {
            return MessageBatch.TooLong(bytes);
        }

        var sent = await services.Sender.SendAsync(call.Queue, call.SenderId, requests, call.Aborted);
        return sent.Select(results => Write(entries, requests, results, call.Queue));
    }

    private static SqsStructure Write(
        IReadOnlyList<(string Id, SqsInput Input)> entries,
        List<SendRequest> requests,
        IReadOnlyList<Result<SentMessage>> results,
        QueueId queue)
    {
        var successful = new List<SqsValue>();
        var failed = new List<(string Id, Error Error)>();
        for (var index = 0; index < results.Count; index++)
        {
            var id = entries[index].Id;
            if (results[index].Failed(out var message, out var error))
            {
                failed.Add((id, error));
                continue;
            }

            successful.Add(new SqsStructure(
                [("Id", new SqsText(id)), .. SentMessages.Write(requests[index], message, queue)]));
        }

        return MessageBatch.Write("SendMessageBatchResultEntry", successful, failed);
    }
}

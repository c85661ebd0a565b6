using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Load.Deploying;

namespace Lambent.Load.Generators;

/// <summary>Takes the records of ended events out of their destination's queue.</summary>
internal static class EndRecords
{
    private const int BatchMax = 10;

    /// <summary>The ids of the events whose records were received and deleted; none when none came in time.</summary>
    public static async Task<IReadOnlyList<string>> ReceiveAsync(
        SqsClient queues, string queue, CancellationToken cancellation)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["QueueUrl"] = queues.Url(queue), ["MaxNumberOfMessages"] = BatchMax, ["WaitTimeSeconds"] = 1,
        });
        var answer = await queues.CallAsync("ReceiveMessage", request, cancellation);
        var (ids, handles) = Read(answer);
        if (handles.Count > 0)
        {
            await queues.DeleteAsync(queue, handles, cancellation);
        }

        return ids;
    }

    /// <summary>The events' ids and the messages' receipt handles in an answer to ReceiveMessage.</summary>
    public static (IReadOnlyList<string> Ids, IReadOnlyList<string> Handles) Read(ReadOnlySpan<byte> answer)
    {
        var messages = JsonNode.Parse(answer)?["Messages"]?.AsArray() ?? [];
        return (
            [.. messages.Select(message =>
                (string)JsonNode.Parse((string)message!["Body"]!)!["requestContext"]!["requestId"]!)],
            [.. messages.Select(message => (string)message!["ReceiptHandle"]!)]);
    }
}

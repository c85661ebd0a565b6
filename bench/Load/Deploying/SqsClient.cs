using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>Calls the SQS API by its JSON protocol.</summary>
internal sealed class SqsClient : IDisposable
{
    private const string Account = "000000000000";
    private const string Region = "us-east-1";
    private const int BatchMax = 10;
    private const int SendsAtOnce = 16;

    private readonly Uri endpoint;
    private readonly SignedJsonClient client;

    public SqsClient(Uri address, SigningCredentials credentials, TimeProvider time)
    {
        endpoint = new Uri(address, "/");
        client = new SignedJsonClient(address, credentials, Region, "sqs", "AmazonSQS", time);
    }

    /// <summary>The name by which functions know a queue of this account.</summary>
    public static string Arn(string queue) => $"arn:aws:sqs:{Region}:{Account}:{queue}";

    public string Url(string queue) => $"{endpoint.GetLeftPart(UriPartial.Authority)}/{Account}/{queue}";

    public Task CreateAsync(string queue, CancellationToken cancellation) =>
        CallAsync("CreateQueue", Bytes(new JsonObject { ["QueueName"] = queue }), cancellation);

    /// <summary>Fills a queue with small messages.</summary>
    public Task FillAsync(string queue, int messages, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(0, messages).Chunk(BatchMax),
        new ParallelOptions { MaxDegreeOfParallelism = SendsAtOnce, CancellationToken = cancellation },
        async (batch, token) => await CallAsync(
            "SendMessageBatch",
            Bytes(new JsonObject
            {
                ["QueueUrl"] = Url(queue),
                ["Entries"] = new JsonArray(
                    [.. batch.Select(number => new JsonObject { ["Id"] = $"{number}", ["MessageBody"] = "{}" })]),
            }),
            token));

    /// <summary>Messages that wait or are in flight.</summary>
    public async Task<int> CountAsync(string queue, CancellationToken cancellation)
    {
        var request = new JsonObject { ["QueueUrl"] = Url(queue), ["AttributeNames"] = new JsonArray("All") };
        var answer = JsonNode.Parse(await CallAsync("GetQueueAttributes", Bytes(request), cancellation))!;
        return Number("ApproximateNumberOfMessages") + Number("ApproximateNumberOfMessagesNotVisible");

        int Number(string name) => int.Parse((string)answer["Attributes"]![name]!, CultureInfo.InvariantCulture);
    }

    /// <summary>Deletes messages that were received.</summary>
    /// <param name="queue">Its name.</param>
    /// <param name="receiptHandles">1 to 10.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DeleteAsync(
        string queue, IReadOnlyList<string> receiptHandles, CancellationToken cancellation)
    {
        var entries = new JsonArray(
            [.. receiptHandles.Select((handle, index) => new JsonObject
            {
                ["Id"] = $"{index}", ["ReceiptHandle"] = handle,
            })]);
        var request = new JsonObject { ["QueueUrl"] = Url(queue), ["Entries"] = entries };
        RefuseFailures(await CallAsync("DeleteMessageBatch", Bytes(request), cancellation));
    }

    /// <summary>Sends a request and returns the answer's body.</summary>
    /// <exception cref="BenchFailureException">The answer has an error's status.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public Task<byte[]> CallAsync(string operation, byte[] body, CancellationToken cancellation) =>
        client.CallAsync(operation, body, cancellation);

    /// <summary>A batch answers 200 even when entries of it failed.</summary>
    /// <exception cref="BenchFailureException">One did.</exception>
    public static void RefuseFailures(ReadOnlySpan<byte> batch)
    {
        if (batch.IndexOf("\"Failed\":["u8) >= 0)
        {
            throw new BenchFailureException(
                $"Entries of a batch failed: {System.Text.Encoding.UTF8.GetString(batch)}");
        }
    }

    public void Dispose() => client.Dispose();

    private static byte[] Bytes(JsonObject request) => JsonSerializer.SerializeToUtf8Bytes(request);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>
/// Calls the SQS API by its JSON protocol, signed, with as little work a call as HttpClient allows: it is a generator
/// of load too.
/// </summary>
internal sealed class SqsClient : IDisposable
{
    private const string Account = "000000000000";
    private const string Region = "us-east-1";
    private const int BatchMax = 10;
    private const int SendsAtOnce = 16;

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    private readonly Uri endpoint;
    private readonly RequestSigner signer;
    private readonly TimeProvider time;

    public SqsClient(Uri address, SigningCredentials credentials, TimeProvider time)
    {
        endpoint = new Uri(address, "/");
        signer = new RequestSigner(credentials, Region, "sqs");
        this.time = time;
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
    public async Task<byte[]> CallAsync(string operation, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonSQS.{operation}");
        signer.Sign(request, body, time.GetUtcNow());
        using var answer = await http.SendAsync(request, cancellation);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? bytes
            : throw new BenchFailureException(
                $"{operation} answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
    }

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

    public void Dispose() => http.Dispose();

    private static byte[] Bytes(JsonObject request) => JsonSerializer.SerializeToUtf8Bytes(request);
}

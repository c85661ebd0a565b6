using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>The few calls of the SQS API that a measurement needs.</summary>
internal sealed class QueueClient(HttpClient http, SigningCredentials credentials, TimeProvider time)
{
    private const int BatchMax = 10;
    private const int SendsAtOnce = 16;
    private readonly RequestSigner signer = new(credentials, "us-east-1", "sqs");

    /// <returns>The queue's URL.</returns>
    public async Task<string> CreateAsync(string name, CancellationToken cancellation) => (string)(await CallAsync(
        "CreateQueue", new JsonObject { ["QueueName"] = name }, cancellation))["QueueUrl"]!;

    /// <summary>Fills a queue with small messages.</summary>
    public Task FillAsync(string url, int messages, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(0, messages).Chunk(BatchMax),
        new ParallelOptions { MaxDegreeOfParallelism = SendsAtOnce, CancellationToken = cancellation },
        async (batch, token) => await CallAsync(
            "SendMessageBatch",
            new JsonObject
            {
                ["QueueUrl"] = url,
                ["Entries"] = new JsonArray(
                    [.. batch.Select(number => new JsonObject { ["Id"] = $"{number}", ["MessageBody"] = "{}" })]),
            },
            token));

    /// <summary>Messages that wait or are in flight.</summary>
    public async Task<int> CountAsync(string url, CancellationToken cancellation)
    {
        var answer = await CallAsync(
            "GetQueueAttributes",
            new JsonObject { ["QueueUrl"] = url, ["AttributeNames"] = new JsonArray("All") },
            cancellation);
        return Number("ApproximateNumberOfMessages") + Number("ApproximateNumberOfMessagesNotVisible");

        int Number(string name) => int.Parse((string)answer["Attributes"]![name]!, CultureInfo.InvariantCulture);
    }

    private async Task<JsonNode> CallAsync(string operation, JsonObject input, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(input);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http.BaseAddress!, "/"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-amz-json-1.0");
        request.Headers.TryAddWithoutValidation("X-Amz-Target", $"AmazonSQS.{operation}");
        signer.Sign(request, body, time.GetUtcNow());
        using var answer = await http.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new BenchFailureException($"{operation} answered {(int)answer.StatusCode}: {text}");
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>A queue with its attributes, as the server counts them.</summary>
internal sealed record QueueEntry(string Name, string Url, IReadOnlyDictionary<string, string> Attributes)
{
    public long Number(string attribute) =>
        long.TryParse(Attributes.GetValueOrDefault(attribute), out var number) ? number : 0;
}

/// <summary>A message to send.</summary>
internal sealed record QueueSend(string Body, string? Group, string? DeduplicationId)
{
    /// <summary>0 to 9, for a queue with priorities.</summary>
    public int? Priority { get; init; }
}

/// <summary>A message that was received.</summary>
internal sealed record QueueMessage(string Id, string Body, string ReceiptHandle);

/// <summary>The operations of the SQS API that the verbs use; one method, one operation.</summary>
internal sealed class QueueApi(ServerClient server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<string> UrlAsync(string name, CancellationToken cancellation) =>
        Text(await CallAsync("GetQueueUrl", new JsonObject { ["QueueName"] = name }, cancellation), "QueueUrl");

    public async Task<string> ArnAsync(string name, CancellationToken cancellation)
    {
        var attributes = await AttributesAsync(await UrlAsync(name, cancellation), cancellation);
        return attributes.GetValueOrDefault("QueueArn") ?? throw Unreadable("QueueArn");
    }

    public async Task<string> CreateAsync(string name, bool hasPriorities, CancellationToken cancellation)
    {
        var attributes = new JsonObject();
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            attributes["FifoQueue"] = "true";
        }

        var input = new JsonObject { ["QueueName"] = name, ["Attributes"] = attributes };
        if (hasPriorities)
        {
            input["tags"] = new JsonObject { ["lambent:priority"] = "true" };
        }

        return Text(await CallAsync("CreateQueue", input, cancellation), "QueueUrl");
    }

    public async Task<List<QueueEntry>> AllAsync(CancellationToken cancellation)
    {
        var queues = new List<QueueEntry>();
        string? token = null;
        do
        {
            var input = new JsonObject { ["MaxResults"] = 1_000, ["NextToken"] = token };
            var page = await CallAsync("ListQueues", input, cancellation);
            foreach (var item in page["QueueUrls"] as JsonArray ?? [])
            {
                var url = item!.ToString();
                queues.Add(new QueueEntry(
                    url[(url.LastIndexOf('/') + 1)..], url, await AttributesAsync(url, cancellation)));
            }

            token = page["NextToken"]?.ToString();
        }
        while (token is not null);
        return queues;
    }

    /// <returns>The message's id.</returns>
    public async Task<string> SendAsync(
        string url, QueueSend message, CancellationToken cancellation)
    {
        var input = new JsonObject { ["QueueUrl"] = url, ["MessageBody"] = message.Body };
        if (message.Group is not null)
        {
            input["MessageGroupId"] = message.Group;
        }

        if (message.DeduplicationId is not null)
        {
            input["MessageDeduplicationId"] = message.DeduplicationId;
        }

        if (message.Priority is { } priority)
        {
            input["MessageAttributes"] = new JsonObject
            {
                ["lambent.priority"] = new JsonObject
                {
                    ["DataType"] = "Number",
                    ["StringValue"] = priority.ToString(System.Globalization.CultureInfo.InvariantCulture),
                },
            };
        }

        return Text(await CallAsync("SendMessage", input, cancellation), "MessageId");
    }

    public async Task<List<QueueMessage>> ReceiveAsync(
        string url, int most, int waitSeconds, CancellationToken cancellation)
    {
        var input = new JsonObject
        {
            ["QueueUrl"] = url, ["MaxNumberOfMessages"] = most, ["WaitTimeSeconds"] = waitSeconds,
        };
        var answer = await CallAsync("ReceiveMessage", input, cancellation);
        return
        [
            .. (answer["Messages"] as JsonArray ?? []).Select(message => new QueueMessage(
                Text(message!.AsObject(), "MessageId"),
                Text(message.AsObject(), "Body"),
                Text(message.AsObject(), "ReceiptHandle"))),
        ];
    }

    public Task DeleteMessageAsync(string url, string receiptHandle, CancellationToken cancellation) => CallAsync(
        "DeleteMessage", new JsonObject { ["QueueUrl"] = url, ["ReceiptHandle"] = receiptHandle }, cancellation);

    public Task PurgeAsync(string url, CancellationToken cancellation) =>
        CallAsync("PurgeQueue", new JsonObject { ["QueueUrl"] = url }, cancellation);

    public Task DeleteAsync(string url, CancellationToken cancellation) =>
        CallAsync("DeleteQueue", new JsonObject { ["QueueUrl"] = url }, cancellation);

    private async Task<IReadOnlyDictionary<string, string>> AttributesAsync(
        string url, CancellationToken cancellation)
    {
        var input = new JsonObject { ["QueueUrl"] = url, ["AttributeNames"] = new JsonArray("All") };
        var answer = await CallAsync("GetQueueAttributes", input, cancellation);
        return (answer["Attributes"] as JsonObject ?? []).ToDictionary(
            attribute => attribute.Key, attribute => attribute.Value!.ToString(), StringComparer.Ordinal);
    }

    private async Task<JsonObject> CallAsync(string operation, JsonObject input, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(
            new ServerRequest(HttpMethod.Post, "/")
            {
                Body = Encoding.UTF8.GetBytes(input.ToJsonString()),
                ContentType = "application/x-amz-json-1.0",
                Headers = [KeyValuePair.Create("X-Amz-Target", $"AmazonSQS.{operation}")],
                Service = "sqs",
                Patience = Patience,
            },
            cancellation);
        var bytes = await server.ReadAsync(response, cancellation);
        try
        {
            if (JsonNode.Parse(bytes) is JsonObject answer)
            {
                return answer;
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw Unreadable(operation);
    }

    private static string Text(JsonObject answer, string member) =>
        answer[member]?.ToString() ?? throw Unreadable(member);

    private static CommandFailedException Unreadable(string what) => new(
        ExitCode.Internal, FailureCodes.ServerAnswerUnreadable,
        $"What answers {what} does not speak this API.", "check --endpoint and AWS_ENDPOINT_URL");
}

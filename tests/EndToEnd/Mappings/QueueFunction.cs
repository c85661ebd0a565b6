using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Mappings;

/// <summary>
/// A queue and a function that is called with its messages. The function says in its log what it saw, in order; it
/// fails on a message that asks for it, and waits with one that names a time until then.
/// </summary>
internal sealed class QueueFunction(LambentServer server) : IDisposable
{
    public const string Mappings = "/2015-03-31/event-source-mappings";
    public const string Handler = """
        export const handler = async (event) => {
          const failed = [];
          for (const record of event.Records) {
            const [word, number, until] = record.body.split(' ');
            const left = Number(until ?? 0) - Date.now();
            if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
            if (word === 'bad') failed.push({ itemIdentifier: record.messageId });
            else console.log(`seen [${number}] of ${event.Records.length}`);
          }
          return { batchItemFailures: failed };
        };
        """;

    private readonly AwsJsonClient queues = new(server.Address, server.Key);

    public static string Arn(string queue) => $"arn:aws:sqs:us-east-1:000000000000:{queue}";

    public async Task CreateQueueAsync(string queue, params (string Name, string Value)[] attributes)
    {
        var given = new JsonObject();
        foreach (var (name, value) in attributes)
        {
            given[name] = value;
        }

        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = queue, ["Attributes"] = given });
    }

    public Task<JsonNode> CreateFunctionAsync(string name, int timeoutSeconds = 2) => server.Root.CreateFunctionAsync(
        new FunctionDefinition(name, "nodejs20.x", "index.handler", ZipPackage.Of(("index.mjs", Handler)))
        {
            TimeoutSeconds = timeoutSeconds,
        });

    /// <summary>Connects the two, and returns the mapping's id.</summary>
    public async Task<string> MapAsync(string queue, string function, int batchSize = 10)
    {
        var answer = await server.Root.SendAsync("POST", Mappings, new JsonObject
        {
            ["EventSourceArn"] = Arn(queue),
            ["FunctionName"] = function,
            ["BatchSize"] = batchSize,
            ["FunctionResponseTypes"] = new JsonArray("ReportBatchItemFailures"),
        });
        answer.Status.ShouldBe(202, answer.ToString());
        return (string)answer.Json["UUID"]!;
    }

    public async Task SendAsync(string queue, IEnumerable<string> bodies, Func<string, string>? group = null)
    {
        foreach (var batch in bodies.Chunk(10))
        {
            var entries = batch.Select((body, index) =>
            {
                var entry = new JsonObject { ["Id"] = $"{index}", ["MessageBody"] = body };
                if (group is not null)
                {
                    entry["MessageGroupId"] = group(body);
                    entry["MessageDeduplicationId"] = body.Replace(' ', '-');
                }

                return entry;
            });
            var sent = await queues.CallAsync(
                "SendMessageBatch",
                new JsonObject { ["QueueUrl"] = queues.Url(queue), ["Entries"] = new JsonArray([.. entries]) });
            sent["Failed"]?.AsArray().ShouldBeEmpty();
        }
    }

    /// <summary>Messages that wait or are in flight.</summary>
    public async Task<(int Waiting, int InFlight)> CountAsync(string queue)
    {
        var answer = await queues.CallAsync(
            "GetQueueAttributes",
            new JsonObject { ["QueueUrl"] = queues.Url(queue), ["AttributeNames"] = new JsonArray("All") });
        var attributes = answer["Attributes"]!;
        return (
            int.Parse((string)attributes["ApproximateNumberOfMessages"]!),
            int.Parse((string)attributes["ApproximateNumberOfMessagesNotVisible"]!));
    }

    public Task WhenEmptyAsync(string queue, TimeSpan limit) =>
        Deadline.PollAsync(() => CountAsync(queue), count => count == (0, 0), limit);

    /// <summary>The function's log, oldest first.</summary>
    public async Task<string[]> LogAsync(string function)
    {
        var answer = await server.Root.GetAsync($"/v1/logs?function={function}&since=1h&limit=10000");
        answer.Status.ShouldBe(200, answer.ToString());
        return [.. answer.Text.Split("seen [").Skip(1)];
    }

    public void Dispose() => queues.Dispose();
}

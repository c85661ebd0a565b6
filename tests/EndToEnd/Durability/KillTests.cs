using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// The server is killed a hundred times while events are accepted and delivered. What it had acknowledged ends, each
/// event once, under the id that its sender got. The witness is the destination's queue: its record is written with the
/// event's end, or not at all.
/// </summary>
public sealed class KillTests
{
    private const int Kills = 100;
    private const int SendersAtOnce = 4;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Event_acknowledged_before_any_of_a_hundred_kills_ends_exactly_once()
    {
        using var folder = new TemporaryFolder();
        var accepted = new ConcurrentDictionary<string, string>();
        var keyed = new ConcurrentDictionary<string, string>();
        await PrepareAsync(folder["data"]);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await StartAsync(folder["data"]);
            var before = accepted.Count;
            var load = Task.WhenAll(Enumerable.Range(0, SendersAtOnce).Select(sender =>
                SendUntilItDiesAsync(server.Root, $"{kill}-{sender}", accepted, keyed)));

            // Each life ends at another point of its work.
            var wanted = before + 1 + ((kill * 7) % 40);
            await Deadline.PollAsync(() => accepted.Count >= wanted || load.IsCompleted, Limit);
            await server.KillAsync();
            await load;
        }

        await using var last = await StartAsync(folder["data"]);
        var ends = await DrainAsync(last, accepted.Keys);
        ends.Where(end => end.Value > 1).Select(end => end.Key).ShouldBeEmpty("ended twice");
        accepted.Keys.Where(id => !ends.ContainsKey(id)).ShouldBeEmpty("acknowledged and lost");
        keyed.Count.ShouldBeGreaterThan(Kills / 2);
        (await last.StopAsync()).ShouldBe(0, last.Output);
    }

    private static Task<LambentServer> StartAsync(string folder) =>
        LambentServer.StartAsync(folder, "--warm-memory", "0");

    private static async Task PrepareAsync(string folder)
    {
        await using var server = await StartAsync(folder);
        using var queues = new AwsJsonClient(server.Address, server.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "ends" });
        var package = ZipPackage.Of(("index.mjs", "export const handler = async (event) => event.id;"));
        await server.Root.CreateFunctionAsync(
            new FunctionDefinition("ending", "nodejs20.x", "index.handler", package) { TimeoutSeconds = 10 });
        var configured = await server.Root.SendAsync(
            "PUT",
            "/2019-09-25/functions/ending/event-invoke-config",
            JsonNode.Parse("""
                {"DestinationConfig": {
                  "OnSuccess": {"Destination": "arn:aws:sqs:us-east-1:000000000000:ends"},
                  "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:ends"}}}
                """)!);
        configured.Status.ShouldBe(200, configured.ToString());
        await server.StopAsync();
    }

    private static async Task SendUntilItDiesAsync(
        LambdaClient lambda,
        string sender,
        ConcurrentDictionary<string, string> accepted,
        ConcurrentDictionary<string, string> keyed)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var body = $$"""{"id":"{{sender}}-{{number}}"}""";
                List<(string, string)> headers = [("X-Amz-Invocation-Type", "Event")];
                if (number % 5 == 0)
                {
                    headers.Add(("X-Lambent-Idempotency-Key", $"{sender}-{number}"));
                }

                var answer = await lambda.InvokeAsync("ending", body, null, [.. headers]);
                answer.Status.ShouldBe(202, answer.ToString());
                var id = answer.Header("X-Lambent-Event-Id")!;
                accepted.TryAdd(id, body).ShouldBeTrue("two events with one id");
                if (number % 5 == 0)
                {
                    keyed[$"{sender}-{number}"] = id;
                }
            }
        }
        catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
        {
            // The answer never came: the event may be there or not.
        }
    }

    /// <summary>How often each event ended, by its id, once all of the wanted have.</summary>
    private static async Task<Dictionary<string, int>> DrainAsync(LambentServer server, ICollection<string> wanted)
    {
        using var queues = new AwsJsonClient(server.Address, server.Key);
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        await Deadline.PollAsync(
            async () =>
            {
                await ReceiveAsync(queues, ends);
                return wanted.Count(id => !ends.ContainsKey(id));
            },
            missing => missing == 0,
            Limit);

        // Until the queue is empty: a second end would be behind the first ones.
        while (await ReceiveAsync(queues, ends) > 0)
        {
        }

        return ends;
    }

    private static async Task<int> ReceiveAsync(AwsJsonClient queues, Dictionary<string, int> ends)
    {
        var url = queues.Url("ends");
        var received = await queues.CallAsync(
            "ReceiveMessage",
            new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10, ["WaitTimeSeconds"] = 1 });
        var messages = received["Messages"] as JsonArray ?? [];
        var entries = new JsonArray();
        foreach (var message in messages)
        {
            var record = JsonNode.Parse((string)message!["Body"]!)!;
            var id = (string)record["requestContext"]!["requestId"]!;
            ends[id] = ends.GetValueOrDefault(id) + 1;
            entries.Add(new JsonObject
            {
                ["Id"] = $"{entries.Count}", ["ReceiptHandle"] = (string)message["ReceiptHandle"]!,
            });
        }

        if (entries.Count > 0)
        {
            await queues.CallAsync("DeleteMessageBatch", new JsonObject { ["QueueUrl"] = url, ["Entries"] = entries });
        }

        return messages.Count;
    }
}

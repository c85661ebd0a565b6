using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Durability;

/// <summary>The server is killed while messages are sent, received and deleted.</summary>
public sealed class QueueCrashTests
{
    private const int Kills = 3;
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("crash", false)]
    [InlineData("crash.fifo", true)]
    public async Task Messages_acknowledged_before_a_kill_come_at_least_once(string queue, bool isFifo)
    {
        using var folder = new TemporaryFolder();
        var sent = new ConcurrentBag<string>();
        var seen = new ConcurrentDictionary<string, string>();
        var deleted = new ConcurrentDictionary<string, bool>();
        for (var round = 0; round < Kills; round++)
        {
            await using var server = await LambentServer.StartAsync(folder["data"]);
            using var client = new AwsJsonClient(server.Address, server.Key);
            var attributes = new JsonObject { ["VisibilityTimeout"] = "1" };
            if (isFifo)
            {
                attributes["FifoQueue"] = "true";
            }

            await client.CallAsync(
                "CreateQueue", new JsonObject { ["QueueName"] = queue, ["Attributes"] = attributes });
            var url = client.Url(queue);
            var before = sent.Count;
            var load = Task.WhenAll(
                UntilItDiesAsync(number => SendAsync(client, url, $"{round}-a-{number}", isFifo, sent)),
                UntilItDiesAsync(number => SendAsync(client, url, $"{round}-b-{number}", isFifo, sent)),
                UntilItDiesAsync(_ => ReceiveAsync(client, url, seen, deleted)));
            await Deadline.PollAsync(() => sent.Count > before + 60 && deleted.Count > round * 10, LoadLimit);
            await server.KillAsync();
            await load;
        }

        await using var last = await LambentServer.StartAsync(folder["data"]);
        using var drain = new AwsJsonClient(last.Address, last.Key);
        await Deadline.PollAsync(
            async () =>
            {
                await ReceiveAsync(drain, drain.Url(queue), seen, deleted);
                return sent.Count(body => !seen.ContainsKey(body));
            },
            missing => missing == 0,
            LoadLimit);
    }

    private static async Task SendAsync(
        AwsJsonClient client, string url, string body, bool isFifo, ConcurrentBag<string> sent)
    {
        var input = new JsonObject { ["QueueUrl"] = url, ["MessageBody"] = body };
        if (isFifo)
        {
            input["MessageGroupId"] = (body.Length % 3).ToString(CultureInfo.InvariantCulture);
            input["MessageDeduplicationId"] = body;
        }

        await client.CallAsync("SendMessage", input);
        sent.Add(body);
    }

    /// <summary>A message keeps its id, and comes no more after its delete was answered.</summary>
    private static async Task ReceiveAsync(
        AwsJsonClient client,
        string url,
        ConcurrentDictionary<string, string> seen,
        ConcurrentDictionary<string, bool> deleted)
    {
        var received = await client.CallAsync(
            "ReceiveMessage",
            new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10, ["WaitTimeSeconds"] = 1 });
        foreach (var message in received["Messages"]?.AsArray() ?? [])
        {
            var (body, id) = ((string)message!["Body"]!, (string)message["MessageId"]!);
            seen.GetOrAdd(body, id).ShouldBe(id);
            deleted.ShouldNotContainKey(body);
            await client.CallAsync(
                "DeleteMessage",
                new JsonObject { ["QueueUrl"] = url, ["ReceiptHandle"] = (string)message["ReceiptHandle"]! });
            deleted[body] = true;
        }
    }

    private static async Task UntilItDiesAsync(Func<int, Task> act)
    {
        try
        {
            for (var number = 1; ; number++)
            {
                await act(number);
            }
        }
        catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
        {
            // The answer never came: what was asked may or may not have happened.
        }
    }
}

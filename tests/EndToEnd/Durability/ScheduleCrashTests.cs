using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Durability;

/// <summary>The server is killed again and again while a schedule fires every second.</summary>
public sealed class ScheduleCrashTests
{
    private const int Kills = 4;
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Each_second_fires_once_or_is_listed_whatever_is_killed()
    {
        using var folder = new TemporaryFolder();
        var times = new ConcurrentBag<DateTimeOffset>();
        var url = "";
        for (var round = 0; round <= Kills; round++)
        {
            await using var server = await LambentServer.StartAsync(folder["data"]);
            using var queues = new AwsJsonClient(server.Address, server.Key);
            if (round == 0)
            {
                await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "ticks" });
                url = queues.Url("ticks");
                var put = await server.Root.SendAsync("PUT", "/v1/schedules/default/every-second", new JsonObject
                {
                    ["expression"] = "* * * * * *",
                    ["queue"] = "ticks",
                    ["input"] = "<aws.scheduler.scheduled-time>",
                });
                put.Status.ShouldBe(200, put.ToString());
            }

            var before = times.Count;
            await Deadline.PollAsync(
                async () =>
                {
                    await ReceiveAsync(queues, queues.Url("ticks"), times);
                    return times.Count;
                },
                count => count > before + 2,
                LoadLimit);
            if (round < Kills)
            {
                await server.KillAsync();
                continue;
            }

            await server.Root.SendAsync("POST", "/v1/schedules/default/every-second/pause");
            await ReceiveAsync(queues, queues.Url("ticks"), times);
            await CheckAsync(server, times);
        }
    }

    /// <summary>No time twice, and none left out between the first and the last but those that are listed.</summary>
    private static async Task CheckAsync(LambentServer server, ConcurrentBag<DateTimeOffset> times)
    {
        times.Distinct().Count().ShouldBe(times.Count);
        var schedule = (await server.Root.GetAsync("/v1/schedules/default/every-second")).Json;
        var missed = schedule["missed"]!.AsArray().Sum(row => (long)row!["count"]!);
        missed.ShouldBe((long)schedule["missedCount"]!);
        var seconds = (long)(times.Max() - times.Min()).TotalSeconds + 1;
        (times.Count + missed).ShouldBe(seconds);
        ((long)schedule["fired"]!).ShouldBe(times.Count);
    }

    private static async Task ReceiveAsync(AwsJsonClient queues, string url, ConcurrentBag<DateTimeOffset> times)
    {
        while (true)
        {
            var received = await queues.CallAsync(
                "ReceiveMessage",
                new JsonObject { ["QueueUrl"] = url, ["MaxNumberOfMessages"] = 10, ["VisibilityTimeout"] = 3_600 });
            if (received["Messages"]?.AsArray() is not { Count: > 0 } messages)
            {
                return;
            }

            foreach (var message in messages)
            {
                times.Add(DateTimeOffset.Parse(
                    (string)message!["Body"]!, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }
}

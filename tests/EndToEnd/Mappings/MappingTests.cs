using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Lambent.EndToEnd.Durability;

namespace Lambent.EndToEnd.Mappings;

/// <summary>Messages that call functions, in the program as users run it.</summary>
public sealed class MappingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan HoldTime = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Thousand_messages_areHandled_inBatchesOfTen()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        using var work = new QueueFunction(server);
        await work.CreateFunctionAsync("worker");
        await work.CreateQueueAsync("jobs");
        await work.SendAsync("jobs", Enumerable.Range(0, 1_000).Select(number => $"job {number}"));

        await work.MapAsync("jobs", "worker");
        await work.WhenEmptyAsync("jobs", Limit);

        await Deadline.PollAsync(
            () => EventWitness.SeenAsync(server.Root, "worker"), seen => seen.Count == 1_000, Limit);
        var log = await work.LogAsync("worker");
        log.Count(line => line.Contains("] of 10")).ShouldBeGreaterThan(900);
    }

    [Fact]
    public async Task Poison_endsInTheDeadLetterQueue_andTheRestIsHandledOnce()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        using var work = new QueueFunction(server);
        await work.CreateFunctionAsync("worker");
        await work.CreateQueueAsync("dead");
        await work.CreateQueueAsync(
            "jobs",
            ("VisibilityTimeout", "2"),
            ("RedrivePolicy", $$"""{"deadLetterTargetArn":"{{QueueFunction.Arn("dead")}}","maxReceiveCount":2}"""));
        await work.SendAsync("jobs", ["job 1", "bad 2", "job 3", "bad 4", "job 5"]);

        await work.MapAsync("jobs", "worker");
        await Deadline.PollAsync(() => work.CountAsync("dead"), count => count.Waiting == 2, Limit);

        (await work.CountAsync("jobs")).ShouldBe((0, 0));
        var seen = (await work.LogAsync("worker")).Select(line => line[..line.IndexOf(']')]).Order();
        seen.ShouldBe(["1", "3", "5"]);
    }

    [Fact]
    public async Task Groups_keepTheirOrder()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        using var work = new QueueFunction(server);
        await work.CreateFunctionAsync("worker");
        await work.CreateQueueAsync("jobs.fifo", ("FifoQueue", "true"));
        await work.SendAsync(
            "jobs.fifo", Enumerable.Range(0, 300).Select(number => $"job {number}"), body => $"{body[^1]}");

        await work.MapAsync("jobs.fifo", "worker");
        await work.WhenEmptyAsync("jobs.fifo", Limit);

        // Several environments write to the log: it is in order of its times, which are those of the handlers.
        await Deadline.PollAsync(() => work.LogAsync("worker"), log => log.Length == 300, Limit);
        var numbers = (await work.LogAsync("worker")).Select(line => int.Parse(line[..line.IndexOf(']')])).ToList();
        foreach (var group in numbers.GroupBy(number => number % 10))
        {
            group.ShouldBe(group.Order());
        }
    }

    [Fact]
    public async Task Paused_mapping_letsMessagesWait_untilItIsResumed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        using var work = new QueueFunction(server);
        await work.CreateFunctionAsync("worker");
        await work.CreateQueueAsync("jobs");
        var id = await work.MapAsync("jobs", "worker");

        await SwitchAsync(server, id, false, "Disabled");
        await work.SendAsync("jobs", ["job 1"]);
        (await work.CountAsync("jobs")).ShouldBe((1, 0));
        await SwitchAsync(server, id, true, "Enabled");
        await work.WhenEmptyAsync("jobs", Limit);
    }

    [Fact]
    public async Task Messages_acknowledgedBeforeAKill_areHandledAfterIt()
    {
        using var folder = new TemporaryFolder();
        var sent = new ConcurrentBag<int>();
        await using (var first = await LambentServer.StartAsync(folder["data"]))
        {
            using var work = new QueueFunction(first);
            await work.CreateFunctionAsync("worker", timeoutSeconds: 10);
            await work.CreateQueueAsync("jobs", ("VisibilityTimeout", "10"));
            await work.MapAsync("jobs", "worker");

            // No handler ends before the kill, so that each message is to be seen in the log of the second server.
            var until = TimeProvider.System.GetUtcNow().Add(HoldTime).ToUnixTimeMilliseconds();
            var load = SendUntilItDiesAsync(work, until, sent);
            await Deadline.PollAsync(() => sent.Count > 100, Limit);
            (await work.CountAsync("jobs")).InFlight.ShouldBeGreaterThan(0);
            await first.KillAsync();
            await load;
        }

        await using var second = await LambentServer.StartAsync(folder["data"]);
        using var rest = new QueueFunction(second);
        await rest.WhenEmptyAsync("jobs", Limit);
        await Deadline.PollAsync(
            async () => sent.Except(await EventWitness.SeenAsync(second.Root, "worker")).Count(),
            missing => missing == 0,
            Limit);
    }

    private static async Task SendUntilItDiesAsync(QueueFunction work, long until, ConcurrentBag<int> sent)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                await work.SendAsync("jobs", [$"job {number} {until}"]);
                sent.Add(number);
            }
        }
        catch (Exception died) when (died is HttpRequestException or IOException or TaskCanceledException)
        {
            // The answer never came: what was asked may or may not have happened.
        }
    }

    private static async Task SwitchAsync(LambentServer server, string id, bool enabled, string state)
    {
        var path = $"{QueueFunction.Mappings}/{id}";
        var answer = await server.Root.SendAsync("PUT", path, new JsonObject { ["Enabled"] = enabled });
        answer.Status.ShouldBe(202, answer.ToString());
        await Deadline.PollAsync(
            () => server.Root.GetAsync(path), shown => (string?)shown.Json["State"] == state, Limit);
    }
}

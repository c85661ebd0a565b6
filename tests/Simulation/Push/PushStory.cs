using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Push;
using Lambent.Server.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Webhooks;

namespace Lambent.Simulation.Push;

/// <summary>
/// A push queue and its subscribers, who take messages, refuse them, accept them and say later that they are done, or
/// are not there, while everything goes wrong. Then each message was taken by whom it is for, or is in the error queue.
/// </summary>
internal sealed class PushStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(8);

    private readonly World world;
    private readonly Random chance;
    private readonly Subscribers subscribers;
    private readonly Machine<PushParts> machine;
    private readonly QueueId queue;
    private int tokens;
    private bool isDraining;

    public PushStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("push");
        queue = QueueParts.Id(chance.Next(2) == 0 ? "jobs" : "jobs.fifo");
        subscribers = new Subscribers(world, bug, queue, () => machine!);
        var network = new SimulatedNetwork(world, subscribers.Answer);
        machine = new Machine<PushParts>(
            world,
            "first",
            MessageLedger.Observed(BuggyParts.Messages(bug)),
            (_, calls) => subscribers.Ledger.Committed(calls),
            support => new PushParts(support, network))
        {
            WrapStore = BuggyParts.Store(bug),
        };
    }

    public async Task TellAsync()
    {
        world.Faults.IsActive = false;
        machine.Start();
        await world.Wait(TimeSpan.FromSeconds(1));
        await PrepareAsync();
        world.Faults.IsActive = true;
        new Chaos<PushParts>(world, [machine]).Start();
        Task[] clients = [SendAsync(3 + chance.Next(8)), SendAsync(3 + chance.Next(8)), OperateAsync()];
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(8)));

        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        machine.Start();
        await Task.WhenAll(clients);
        await UntilDoneAsync(parts => parts.Service.EnableAsync(queue, isEnabled: true, CancellationToken.None));
        var deadline = world.Scheduler.Now + EndsWithin;
        while (subscribers.LiveCount > 0 && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(10));
        }

        subscribers.CheckEnd();
        world.Note($"{tokens} messages came to their end");
    }

    private async Task PrepareAsync()
    {
        var errors = QueueParts.Id(queue.IsFifo ? "errors.fifo" : "errors");
        foreach (var id in new[] { errors, queue })
        {
            Dictionary<string, string> attributes = id.IsFifo ? new() { ["FifoQueue"] = "true" } : [];
            await UntilDoneAsync(parts => parts.Queues.Service.CreateAsync(
                id, attributes, Queue.NoTags, CancellationToken.None));
        }

        await UntilDoneAsync(parts => parts.Service.PutAsync(
            new PushDraft
            {
                Id = queue,
                Mode = subscribers.Mode,
                Subscribers = subscribers.All,
                ConcurrencyMax = subscribers.ConcurrencyMax,
                RetriesMax = chance.Next(4),
                RetryDelaySeconds = 3 + chance.Next(60),
                ErrorQueueName = errors.Name,
            },
            CancellationToken.None));
        subscribers.SourceLane = machine.Parts!.Queues.Service.Find(queue)!.LaneNumber;
    }

    private async Task SendAsync(int batches)
    {
        for (var batch = 0; batch < batches && !isDraining; batch++)
        {
            var requests = Enumerable.Range(0, 1 + chance.Next(5)).Select(_ => NewRequest($"m{++tokens}")).ToList();
            await machine.CallAsync(parts =>
                parts.Queues.Sender.SendAsync(queue, "client", requests, CancellationToken.None));
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 20));
        }
    }

    private SendRequest NewRequest(string token) => new()
    {
        Body = token,
        GroupId = queue.IsFifo ? $"g{chance.Next(3)}" : null,
        DeduplicationId = queue.IsFifo ? token : null,
    };

    private async Task OperateAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(20 + chance.Next(100)));
            var isEnabled = chance.Next(3) > 0;
            await machine.CallAsync(parts => parts.Service.EnableAsync(queue, isEnabled, CancellationToken.None));
        }
    }

    private async Task UntilDoneAsync<T>(Func<PushParts, Task<Result<T>>> call)
    {
        while ((await machine.CallAsync(call)) is { Succeeded: false } reply)
        {
            if (reply.IsAnswered)
            {
                world.Break($"the story could not be prepared: {reply.Result.Error}");
            }

            await world.Wait(TimeSpan.FromSeconds(5));
        }
    }
}

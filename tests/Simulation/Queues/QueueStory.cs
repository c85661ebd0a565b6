using System.Collections.Immutable;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Queues;

/// <summary>
/// Clients that send, receive, forget, are too slow, purge and drive back, against one or two machines on one disk,
/// while everything goes wrong; then nothing goes wrong any more, and each message has to come to its end.
/// </summary>
internal sealed class QueueStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(6);

    private readonly World world;
    private readonly Random chance;
    private readonly MessageAuditor auditor;
    private readonly List<Machine<QueueParts>> machines = [];
    private readonly List<QueueId> queues = [];
    private readonly List<QueueId> deadLetterQueues = [];
    private bool isDraining;
    private int tokens;

    public QueueStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("queues");
        auditor = new MessageAuditor(world);
        var count = chance.Next(5) == 0 ? 2 : 1;
        for (var index = 0; index < count; index++)
        {
            machines.Add(new Machine<QueueParts>(
                world,
                index == 0 ? "first" : "second",
                MessageAuditor.Observed(BuggyParts.Messages(bug)),
                auditor.Committed,
                support => new QueueParts(support))
            {
                WrapStore = BuggyParts.Store(bug),
            });
        }
    }

    public async Task TellAsync()
    {
        var active = world.Faults;
        active.IsActive = false;
        machines.ForEach(machine => machine.Start());
        await world.Wait(TimeSpan.FromSeconds(1));
        await CreateQueuesAsync();
        active.IsActive = true;
        new Chaos<QueueParts>(world, machines).Start();
        var clients = new List<Task>();
        Repeat(1 + chance.Next(3), () => clients.Add(SendAsync(3 + chance.Next(9))));
        Repeat(1 + chance.Next(4), () => clients.Add(ReceiveAsync()));
        clients.Add(OperateAsync());
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(10)));

        world.Note("no more faults");
        active.IsActive = false;
        isDraining = true;
        machines.ForEach(machine => machine.Start());
        var deadline = world.Scheduler.Now + EndsWithin;
        while ((auditor.LiveCount > 0 || clients.Exists(client => !client.IsCompleted))
            && world.Scheduler.Now < deadline)
        {
            await DrainAsync();
        }

        await Task.WhenAll(clients);
        auditor.CheckEnd();
        world.Note($"{auditor.TokenCount} messages came to their end");
    }

    private async Task CreateQueuesAsync()
    {
        for (var index = 0; index < 1 + chance.Next(3); index++)
        {
            var suffix = chance.Next(2) == 0 ? QueueId.FifoSuffix : "";
            var id = QueueParts.Id($"queue{index}{suffix}");
            var attributes = new Dictionary<string, string>
            {
                ["VisibilityTimeout"] = Number(1 + chance.Next(60)),
                ["MessageRetentionPeriod"] = Number(chance.Next(3) == 0 ? 60 + chance.Next(300) : 345_600),
                ["DelaySeconds"] = Number(chance.Next(3) == 0 ? chance.Next(30) : 0),
            };
            if (id.IsFifo)
            {
                attributes["FifoQueue"] = "true";
                attributes["DeduplicationScope"] = chance.Next(2) == 0 ? "queue" : "messageGroup";
            }

            if (chance.Next(3) > 0)
            {
                var dead = QueueParts.Id($"dead{index}{suffix}");
                await CreateAsync(
                    dead, id.IsFifo ? new Dictionary<string, string> { ["FifoQueue"] = "true" } : []);
                deadLetterQueues.Add(dead);
                attributes["RedrivePolicy"] = string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""
                    {"deadLetterTargetArn":"{{dead.Arn(QueueParts.Region)}}","maxReceiveCount":{{1 + chance.Next(4)}}}
                    """);
            }

            await CreateAsync(id, attributes);
            queues.Add(id);
        }
    }

    private async Task CreateAsync(QueueId id, Dictionary<string, string> attributes)
    {
        var tags = HasPriorities(id) ? Queue.NoTags.Add(QueueTags.Priority, "true") : Queue.NoTags;
        var made = await machines[0].CallAsync(parts => parts.Service.CreateAsync(
            id, attributes, tags, CancellationToken.None));
        if (!made.Succeeded)
        {
            world.Break($"the queue {id.Name} could not be made: {made.Result.Error}");
        }
    }

    private async Task SendAsync(int batches)
    {
        for (var batch = 0; batch < batches && !isDraining; batch++)
        {
            await SendBatchAsync(Pick(queues));
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 20));
        }
    }

    /// <summary>
    /// Sends again when no answer came: in FIFO queues the same message, which must not be there twice; in others
    /// another one, because it may be.
    /// </summary>
    private async Task SendBatchAsync(QueueId queue)
    {
        var size = 1 + chance.Next(4);
        var requests = MakeRequests(queue, size);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            requests.ForEach(request => auditor.SendAsked(request.Body));
            var sending = requests;
            var reply = await Any().CallAsync(parts =>
                parts.Sender.SendAsync(queue, "client", sending, CancellationToken.None));
            if (reply.IsAnswered)
            {
                Acknowledge(requests, reply.Result);
                return;
            }

            requests = queue.IsFifo ? requests : MakeRequests(queue, size);
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 5));
        }
    }

    private void Acknowledge(List<SendRequest> requests, Result<IReadOnlyList<Result<SentMessage>>> result)
    {
        if (result.Failed(out var messages, out var failure))
        {
            world.Break($"a send was refused: {failure}");
            return;
        }

        foreach (var (request, message) in requests.Zip(messages))
        {
            auditor.SendAcknowledged(request.Body, message.Value.Id);
        }
    }

    /// <summary>The second of the queues, with its dead letters.</summary>
    private static bool HasPriorities(QueueId id) => !id.IsFifo && id.Name.EndsWith('1');

    private List<SendRequest> MakeRequests(QueueId queue, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            var token = $"m{++tokens}";
            return new SendRequest
            {
                Body = token,
                GroupId = queue.IsFifo ? $"g{chance.Next(3)}" : null,
                DeduplicationId = queue.IsFifo ? $"d-{token}" : null,
                Attributes = HasPriorities(queue)
                    ? MessageContent.NoAttributes.Add(
                        MessagePriority.AttributeName, new MessageAttribute("Number", Number(tokens % 10), null))
                    : MessageContent.NoAttributes,
                DelaySeconds = queue.IsFifo || chance.Next(4) > 0 ? null : chance.Next(40),
            };
        }),
    ];

    private async Task ReceiveAsync()
    {
        while (!isDraining)
        {
            var queue = chance.Next(8) == 0 && deadLetterQueues.Count > 0 ? Pick(deadLetterQueues) : Pick(queues);
            foreach (var message in await ReceiveOnceAsync(queue, 1 + chance.Next(10), chance.Next(21)))
            {
                await HandleAsync(queue, message);
            }

            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 5));
        }
    }

    private async Task<IReadOnlyList<ReceivedMessage>> ReceiveOnceAsync(QueueId queue, int most, int waitSeconds)
    {
        var machine = Any();
        if (world.Faults.Happens(world.Faults.FalseWakeRate * 10))
        {
            machine.Parts?.Signals.Signal(queue, 3);
        }

        var request = new ReceiveRequest { MessagesMax = most, WaitSeconds = waitSeconds };
        var reply = await machine.CallAsync(parts =>
            parts.Receiver.ReceiveAsync(queue, request, CancellationToken.None));
        if (!reply.Succeeded)
        {
            return [];
        }

        foreach (var message in reply.Result.Value)
        {
            auditor.Received(
                queue,
                new ReceivedMessageView(message.Content.Body, message.Content.Id, message.State.ReceiveCount));
        }

        return reply.Result.Value;
    }

    /// <summary>Some clients are too slow, some die, some ask for more time, most delete.</summary>
    private async Task HandleAsync(QueueId queue, ReceivedMessage message)
    {
        await world.Wait(TimeSpan.FromSeconds(chance.Next(6) == 0 ? chance.Next(90) : chance.NextDouble()));
        switch (chance.Next(6))
        {
            case 0:
                return;
            case 1:
                await Any().CallAsync(parts => parts.Settler.ChangeVisibilityAsync(
                    queue, [(message.ReceiptHandle, chance.Next(60))], CancellationToken.None));
                return;
            default:
                await DeleteAsync(queue, message);
                return;
        }
    }

    private async Task DeleteAsync(QueueId queue, ReceivedMessage message)
    {
        auditor.DeleteAsked(message.Content.Body, message.ReceiptHandle);
        var reply = await Any().CallAsync(parts =>
            parts.Settler.DeleteAsync(queue, [message.ReceiptHandle], CancellationToken.None));
        if (reply.Succeeded && reply.Result.Value[0] is null)
        {
            auditor.DeleteAcknowledged(message.Content.Body, message.ReceiptHandle);
        }
    }

    /// <summary>Drives dead letters back, stops that, and now and then empties a queue.</summary>
    private async Task OperateAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(5 + chance.Next(60)));
            if (chance.Next(12) == 0)
            {
                var queue = Pick(queues);
                auditor.PurgeAsked(queue);
                await Any().CallAsync(parts => parts.Service.PurgeAsync(queue, CancellationToken.None));
            }
            else if (deadLetterQueues.Count > 0)
            {
                var source = Pick(deadLetterQueues);
                int? rate = chance.Next(2) == 0 ? null : 1 + chance.Next(3);
                var task = await Any().CallAsync(parts =>
                    parts.Moves.StartAsync(source, null, rate, CancellationToken.None));
                if (task.Succeeded && chance.Next(3) == 0)
                {
                    await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 3));
                    await Any().CallAsync(parts =>
                        parts.Moves.CancelAsync(source, task.Result.Value.Id, CancellationToken.None));
                }
            }
        }
    }

    private async Task DrainAsync()
    {
        foreach (var queue in queues.Concat(deadLetterQueues))
        {
            foreach (var message in await ReceiveOnceAsync(queue, Limits.MessageBatchMax, 0))
            {
                await DeleteAsync(queue, message);
            }
        }

        await world.Wait(TimeSpan.FromSeconds(20));
    }

    private Machine<QueueParts> Any() => machines[chance.Next(machines.Count)];

    private QueueId Pick(List<QueueId> from) => from[chance.Next(from.Count)];

    private static void Repeat(int times, Action action)
    {
        for (var time = 0; time < times; time++)
        {
            action();
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

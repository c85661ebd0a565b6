using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Events;

/// <summary>
/// Clients that send events, with keys, delays and policies, cancel and redrive them, against one machine, or two of
/// which one delivers, while everything goes wrong; then nothing goes wrong any more, and each event has to end.
/// </summary>
internal sealed class EventStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(12);

    private readonly World world;
    private readonly Random chance;
    private readonly EventAuditor auditor;
    private readonly EventTargets targets;
    private readonly List<Machine<EventParts>> machines = [];
    private readonly List<AsyncEvent> sent = [];
    private bool isDraining;
    private int payloads;

    public EventStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("events");
        auditor = new EventAuditor(world);
        targets = new EventTargets(world, auditor);
        var count = chance.Next(4) == 0 ? 2 : 1;
        for (var index = 0; index < count; index++)
        {
            machines.Add(new Machine<EventParts>(
                world,
                index == 0 ? "first" : "second",
                EventAuditor.Observed(bug),
                auditor.Committed,
                support => new EventParts(support, targets.For(support), targets, isAlone: count == 1))
            {
                WrapStore = BuggyParts.Store(bug),
            });
        }
    }

    public async Task TellAsync()
    {
        world.Faults.IsActive = false;
        machines.ForEach(machine => machine.Start());
        await world.Wait(TimeSpan.FromSeconds(1));
        await CreateQueuesAsync();
        world.Faults.IsActive = true;
        new Chaos<EventParts>(world, machines).Start();
        var clients = new List<Task>();
        for (var client = 0; client < 1 + chance.Next(3); client++)
        {
            clients.Add(SendAsync(3 + chance.Next(12)));
        }

        clients.Add(OperateAsync());
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(15)));
        await DrainAsync(clients);
        auditor.CheckEnd(machines.Sum(machine => machine.Lives));
        world.Note($"{auditor.Count} events came to their end");
    }

    /// <summary>
    /// What runs works again. Of two machines now and then one is taken out of service; else the one that delivers
    /// finds by itself what the other accepted.
    /// </summary>
    private async Task DrainAsync(List<Task> clients)
    {
        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        if (machines.Count > 1 && chance.Next(2) == 0)
        {
            machines[1].IsRetired = true;
            machines.ForEach(machine => machine.Crash("for maintenance"));
        }

        machines.ForEach(machine => machine.Start());
        var deadline = world.Scheduler.Now + EndsWithin;
        while ((auditor.LiveCount > 0 || clients.Exists(client => !client.IsCompleted))
            && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(20));
        }

        await Task.WhenAll(clients);
    }

    private async Task CreateQueuesAsync()
    {
        foreach (var queue in EventTargets.Destinations)
        {
            var made = await machines[0].CallAsync(parts => new QueueService(
                parts.Support.Store, new QueueSignals(), null!, QueueParts.Region, parts.Support.Time).CreateAsync(
                    queue,
                    ImmutableDictionary<string, string>.Empty,
                    ImmutableSortedDictionary<string, string>.Empty,
                    CancellationToken.None));
            if (!made.Succeeded)
            {
                world.Break($"the queue {queue.Name} could not be made: {made.Result.Error}");
            }
        }
    }

    private async Task SendAsync(int count)
    {
        for (var number = 0; number < count && !isDraining; number++)
        {
            if (chance.Next(6) == 0)
            {
                await HandOverAsync();
            }
            else if (chance.Next(4) == 0)
            {
                await SendWithKeyAsync($"key{chance.Next(6)}");
            }
            else
            {
                await SendOneAsync();
            }

            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * (chance.Next(4) == 0 ? 60 : 2)));
        }
    }

    private async Task SendOneAsync()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var payload = $$"""{"n":{{++payloads}}}""";
            string? id = null;
            var target = targets.All[chance.Next(targets.All.Count)];
            var reply = await Deliverer().CallAsync(parts =>
            {
                var accepted = Make(parts, target, payload, chance.Next(4) == 0 ? chance.Next(90) : 0);
                id = accepted.Id;
                return parts.Delivery.Inbox.AcceptAsync(accepted, CancellationToken.None);
            });
            if (reply.Succeeded)
            {
                auditor.Accepted(id!);
                return;
            }

            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 5));
        }
    }

    /// <summary>The same key, again and again, with its own content and now and then with another.</summary>
    private async Task SendWithKeyAsync(string key)
    {
        var target = targets.All[0];
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var payload = $$"""{"key":"{{(chance.Next(8) == 0 ? "other" : key)}}"}""";
            var reply = await Deliverer().CallAsync(parts =>
                parts.Delivery.Inbox.AcceptAsync(Make(parts, target, payload, 0), key, CancellationToken.None));
            if (reply.Succeeded)
            {
                auditor.KeyAccepted(key, reply.Result.Value.EventId, payload);
                auditor.Accepted(reply.Result.Value.EventId);
            }
            else if (reply.IsAnswered && reply.Result.Error!.Code != ErrorCode.IdempotencyKeyReused)
            {
                world.Break($"an event with a key was refused: {reply.Result.Error}");
            }

            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 3));
        }
    }

    /// <summary>In somebody else's transaction, as a schedule does it.</summary>
    private async Task HandOverAsync()
    {
        if (targets.All.Find(target => target.Kind == DeliveryTargetKind.Callback) is not { } target)
        {
            return;
        }

        var payload = $$"""{"n":{{++payloads}}}""";
        string? id = null;
        var reply = await Deliverer().CallAsync(async parts =>
        {
            var accepted = Make(parts, target, payload, 0);
            id = accepted.Id;
            var handed = new TargetDelivery
            {
                Id = accepted.Id,
                Payload = accepted.Payload,
                Source = "simulation",
                At = parts.Support.Time.GetUtcNow(),
            };
            var written = await parts.Support.Store.WriteAsync(
                transaction => TargetWriter.Put(transaction, target, handed));
            parts.Writer.Announce(target);
            return written;
        });
        if (reply.Succeeded)
        {
            auditor.Accepted(id!);
        }
    }

    private AsyncEvent Make(EventParts parts, DeliveryTarget target, string payload, int delaySeconds)
    {
        var now = parts.Support.Time.GetUtcNow();
        var due = now + TimeSpan.FromSeconds(delaySeconds);
        var accepted = new AsyncEvent
        {
            Id = parts.NewId(),
            Target = target,
            Payload = Encoding.UTF8.GetBytes(payload),
            AcceptedAt = now,
            FirstDueAt = due,
            DueAt = due,
            Policy = chance.Next(3) > 0
                ? EventPolicy.None
                : new EventPolicy { Priority = chance.Next(10), KeepsResult = chance.Next(2) == 0 },
        };
        auditor.AcceptAsked(accepted, targets.SettingsOf(accepted));
        sent.Add(accepted);
        return accepted;
    }

    private async Task OperateAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(5 + chance.Next(60)));
            switch (chance.Next(3))
            {
                case 0 when sent.Count > 0:
                    await CancelAsync(sent[chance.Next(sent.Count)]);
                    break;
                case 1:
                    var target = targets.All[chance.Next(targets.All.Count)];
                    auditor.RedriveAsked(target);
                    double? rate = chance.Next(2) == 0 ? null : 1 + chance.Next(5);
                    await Deliverer().CallAsync(parts => parts.Delivery.Control.RedriveAsync(
                        QueueParts.Account, target, 100, rate, CancellationToken.None));
                    break;
                case 2 when sent.Count > 0:
                    await WaitForEndAsync(sent[chance.Next(sent.Count)]);
                    break;
            }
        }
    }

    private async Task CancelAsync(AsyncEvent chosen)
    {
        auditor.CancelAsked(chosen.Id);
        var reply = await Deliverer().CallAsync(parts => parts.Delivery.Control.CancelAsync(
            QueueParts.Account, chosen.Id, CancellationToken.None));
        if (reply.Succeeded)
        {
            auditor.CancelAcknowledged(chosen.Id);
        }
    }

    /// <summary>A wait ends when its time is over, whatever happens.</summary>
    private async Task WaitForEndAsync(AsyncEvent chosen)
    {
        var most = TimeSpan.FromSeconds(chance.Next(30));
        await Deliverer().CallAsync(parts => parts.Delivery.Control.WaitAsync(
            QueueParts.Account, chosen.Id, most, CancellationToken.None));
    }

    /// <summary>Clients ask the machine that delivers, as far as they know.</summary>
    private Machine<EventParts> Deliverer() =>
        machines.Find(machine => machine.LifeName == auditor.Holder) ?? machines[chance.Next(machines.Count)];
}

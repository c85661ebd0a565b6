using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Environments;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Mappings;

/// <summary>
/// A queue whose messages call a function, through the real pollers and the real pool of environments, which start
/// slowly or not at all, die, and are too few; the mapping is put off and on, and the function deployed anew, while
/// everything goes wrong. Then each message was handled, or is among the dead letters.
/// </summary>
internal sealed class MappingStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(4);
    private static readonly FunctionId Function = new(QueueParts.Account, "worker");

    private readonly World world;
    private readonly Random chance;
    private readonly BatchWork work;
    private readonly Machine<MappingParts> machine;
    private readonly QueueId queue;
    private readonly int? reserved;
    private readonly string mappingId;
    private int revision = 1;
    private int tokens;
    private bool isDraining;

    public MappingStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("mappings");
        queue = QueueParts.Id(chance.Next(2) == 0 ? "jobs" : "jobs.fifo");
        reserved = chance.Next(3) == 0 ? 2 + chance.Next(3) : null;
        mappingId = Machine<MappingParts>.NewId(chance).ToString();
        work = new BatchWork(world, bug, queue, () => machine!.Parts);
        var starts = new SimulatedStarts(world, work);
        machine = new Machine<MappingParts>(
            world,
            "first",
            MessageLedger.Observed(BuggyParts.Messages(bug)),
            (_, calls) => work.Ledger.Committed(calls),
            support => new MappingParts(support, starts, NewFunction()))
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
        new Chaos<MappingParts>(world, [machine]).Start();
        Task[] clients = [SendAsync(4 + chance.Next(12)), SendAsync(4 + chance.Next(12)), OperateAsync()];
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(8)));

        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        machine.Start();
        await Task.WhenAll(clients);
        await UntilDoneAsync(parts => parts.Mappings.UpdateAsync(
            QueueParts.Account, mappingId, new MappingChange { Enabled = true }, CancellationToken.None));
        var deadline = world.Scheduler.Now + EndsWithin;
        while (work.LiveCount > 0 && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(10));
        }

        work.CheckEnd();
        world.Note($"{tokens} messages came to their end");
    }

    private Function NewFunction() => StoredFunction.Make(
        Function, world.Clock.TimeOfDay, BatchWork.TimeoutSeconds, reserved, revision);

    private async Task PrepareAsync()
    {
        var isFifo = queue.IsFifo;
        var dead = QueueParts.Id(isFifo ? "dead.fifo" : "dead");
        var fifo = isFifo ? new Dictionary<string, string> { ["FifoQueue"] = "true" } : [];
        await UntilDoneAsync(parts => parts.Queues.Service.CreateAsync(
            dead, fifo, Queue.NoTags, CancellationToken.None));
        var redrive = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"deadLetterTargetArn":"{{dead.Arn(QueueParts.Region)}}","maxReceiveCount":{{4 + chance.Next(8)}}}
            """);
        var attributes = new Dictionary<string, string>(fifo)
        {
            ["VisibilityTimeout"] = (10 + chance.Next(60)).ToString(CultureInfo.InvariantCulture),
            ["RedrivePolicy"] = redrive,
        };
        await UntilDoneAsync(parts => parts.Queues.Service.CreateAsync(
            queue, attributes, Queue.NoTags, CancellationToken.None));
        await UntilDoneAsync(parts => parts.Support.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Put(null, NewFunction());
            return Done.Value;
        }));
        await UntilDoneAsync(parts => parts.Mappings.CreateAsync(NewMapping(), CancellationToken.None));
        work.SourceLane = machine.Parts!.Queues.Service.Find(queue)!.LaneNumber;
    }

    private CreateMapping NewMapping()
    {
        work.ConcurrencyMax = chance.Next(2) == 0 ? 2 + chance.Next(3) : null;
        work.ReportsItemFailures = chance.Next(2) == 0;
        return new CreateMapping(
            mappingId,
            queue,
            Function,
            null,
            new MappingChange
            {
                BatchSize = 1 + chance.Next(10),
                WindowSeconds = !queue.IsFifo && chance.Next(3) == 0 ? 1 + chance.Next(5) : null,
                ResponseTypes = work.ReportsItemFailures ? ["ReportBatchItemFailures"] : null,
                Scaling = work.ConcurrencyMax is { } most ? new ScalingChange(most) : null,
            },
            EventSourceMapping.NoTags);
    }

    private async Task SendAsync(int batches)
    {
        for (var batch = 0; batch < batches && !isDraining; batch++)
        {
            var requests = Enumerable.Range(0, 1 + chance.Next(10)).Select(_ => NewRequest($"m{++tokens}")).ToList();
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
            await world.Wait(TimeSpan.FromSeconds(10 + chance.Next(60)));
            if (chance.Next(2) == 0)
            {
                world.Note($"deploys r{++revision}");
                machine.Parts?.Announce(NewFunction(), revision);
            }
            else
            {
                var isEnabled = chance.Next(3) > 0;
                await machine.CallAsync(parts => parts.Mappings.UpdateAsync(
                    QueueParts.Account, mappingId, new MappingChange { Enabled = isEnabled }, CancellationToken.None));
            }
        }
    }

    private async Task UntilDoneAsync<T>(Func<MappingParts, Task<Result<T>>> call)
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

using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Workflows;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Executions;

/// <summary>
/// Clients that start executions, send them events and wake them for nothing, on one machine or on two that take over
/// from one another, while everything goes wrong; then nothing goes wrong any more, and each execution has to come to
/// the end that it comes to without faults.
/// </summary>
internal sealed class ExecutionStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(6);

    private readonly World world;
    private readonly Random chance;
    private readonly ExecutionAuditor auditor;
    private readonly List<Machine<ExecutionParts>> machines = [];
    private readonly List<(ExecutionId Id, int Number)> started = [];
    private bool isDraining;

    public ExecutionStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("executions");
        var count = chance.Next(4) == 0 ? 2 : 1;
        auditor = new ExecutionAuditor(world, isAlone: count == 1);
        for (var index = 0; index < count; index++)
        {
            machines.Add(new Machine<ExecutionParts>(
                world,
                index == 0 ? "first" : "second",
                ExecutionAuditor.Observed(bug),
                auditor.Committed,
                support => new ExecutionParts(support, life => new ExecutionFunctions(world, life, auditor))));
        }
    }

    public async Task TellAsync()
    {
        world.Faults.IsActive = false;
        await DefineAsync();
        machines[0].Start();
        await world.Wait(TimeSpan.FromSeconds(1));
        world.Faults.IsActive = true;
        new Chaos<ExecutionParts>(world, machines).Start();
        List<Task> clients = [];
        for (var client = 0; client < 1 + chance.Next(3); client++)
        {
            clients.Add(StartAsync(client, 2 + chance.Next(5)));
        }

        clients.Add(DisturbAsync());
        await world.Wait(TimeSpan.FromSeconds(20));
        machines[^1].Start();
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(4)));

        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        foreach (var retired in machines.Skip(1))
        {
            retired.IsRetired = true;
            retired.Crash("for good");
            // The one that is left takes over when it starts.
            machines[0].Crash("to take over");
        }

        machines[0].Start();
        var deadline = world.Scheduler.Now + EndsWithin;
        while ((clients.Exists(client => !client.IsCompleted) || started.Exists(one => !HasEnded(one.Id)))
            && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(20));
        }

        await Task.WhenAll(clients);
        started.ForEach(one => CheckEnd(one.Id, one.Number));
        world.Note($"{started.Count} executions came to their end with {auditor.CallCount} calls");
    }

    private async Task DefineAsync()
    {
        // Before any machine runs: as if an earlier program had made them.
        foreach (var (name, definition) in ExecutionPrograms.Definitions)
        {
            Write(transaction =>
            {
                var id = new StateMachineId(QueueParts.Account, name);
                transaction.StateMachines.Put(new StateMachine
                {
                    Id = id,
                    Type = StateMachineType.Standard,
                    Revision = "1",
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    UpdatedAt = DateTimeOffset.UnixEpoch,
                });
                transaction.StateMachines.AddRevision(new StateMachineRevision(id, "1", definition, "role"));
            });
        }

        Write(transaction => transaction.Queues.Put(new Queue
        {
            Id = ExecutionPrograms.Queue,
            Number = 1,
            LaneNumber = 1,
            CreatedAt = DateTimeOffset.UnixEpoch,
            ModifiedAt = DateTimeOffset.UnixEpoch,
            Settings = new QueueSettings(),
        }));
        await Task.CompletedTask;
    }

    private void Write(Action<ITransaction> body)
    {
        using var commit = new Lambent.Storage.Sqlite.GroupCommit(
            "the simulated disk", world.Disk.Connect(), () => { }, world.Disk.Reconnect);
        commit.Run(
        [
            new Lambent.Storage.Sqlite.PendingWrite<Done>(
                transaction =>
                {
                    body(transaction);
                    return Done.Value;
                },
                CancellationToken.None),
        ]);
    }

    private async Task StartAsync(int client, int count)
    {
        var names = ExecutionPrograms.Definitions.Keys.ToList();
        for (var index = 0; index < count && !isDraining; index++)
        {
            var id = new ExecutionId(QueueParts.Account, names[chance.Next(names.Count)], $"c{client}-{index}");
            await StartOneAsync(id, chance.Next(1_000));
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 20));
        }
    }

    /// <summary>Asks again until it is answered; what was asked for once may be there without an answer.</summary>
    private async Task StartOneAsync(ExecutionId id, int number)
    {
        started.Add((id, number));
        var request = new StartRequest
        {
            Machine = new StateMachineId(id.Account, id.Machine),
            Name = id.Name,
            Input = new DataObject(
                ("n", number), ("wait", chance.Next(30)), ("list", new DataArray([1, 2, 3]))),
        };
        Task sending = id.Machine == "event" ? SendEventAsync(id, number + 100) : Task.CompletedTask;
        while (true)
        {
            var reply = await Any().CallAsync(parts => parts.IsOpen
                ? parts.Service.StartAsync(request, CancellationToken.None)
                : Task.FromResult<Result<ExecutionRecord>>(new Error(ErrorCode.Draining, "Not open yet.")));
            var error = reply.IsAnswered ? reply.Result.Error : null;
            if (reply.Succeeded || error?.Code == ErrorCode.ExecutionNameExists)
            {
                // It may have ended before the answer to the first asking was lost.
                break;
            }

            if (error is not null && error.Code != ErrorCode.Draining)
            {
                world.Break($"the start of {id.Name} was refused: {error}");
                return;
            }

            await world.Wait(TimeSpan.FromSeconds(1 + (chance.NextDouble() * 5)));
        }

        await sending;
    }

    /// <summary>Once is what counts, however often it is sent; another one comes too late for the only wait.</summary>
    private async Task SendEventAsync(ExecutionId id, int number)
    {
        await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 30));
        var isTold = false;
        while (!isTold || chance.Next(3) == 0)
        {
            var reply = await Any().CallAsync(parts => parts.IsOpen
                ? parts.Service.SendEventAsync(
                    id, ExecutionPrograms.Event, new DataObject(("n", number)), "the key")
                : Task.FromResult<Result<bool>>(new Error(ErrorCode.Draining, "Not open yet.")));
            isTold |= reply.Succeeded;
            if (!reply.Succeeded)
            {
                await world.Wait(TimeSpan.FromSeconds(1 + (chance.NextDouble() * 5)));
            }
        }
    }

    /// <summary>Wakes executions for nothing.</summary>
    private async Task DisturbAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 10));
            if (started.Count > 0)
            {
                var (id, _) = started[chance.Next(started.Count)];
                await Any().CallAsync(parts =>
                {
                    if (parts.IsOpen)
                    {
                        parts.Wake(id);
                    }

                    return Task.FromResult<Result<bool>>(true);
                });
            }
        }
    }

    private bool HasEnded(ExecutionId id) =>
        world.Disk.Read(transaction => Last(transaction, id)) is { Status: not ExecutionStatus.Running };

    /// <summary>The last that goes on in its place.</summary>
    private static ExecutionRecord? Last(ITransaction transaction, ExecutionId id)
    {
        var record = transaction.Executions.Get(id);
        while (record?.ContinuedAs is { } next)
        {
            record = transaction.Executions.Get(id with { Name = next });
        }

        return record;
    }

    private void CheckEnd(ExecutionId id, int number)
    {
        var (record, output) = world.Disk.Read(transaction =>
        {
            var last = Last(transaction, id);
            var events = last is null ? [] : transaction.Journal.ReadLast(id.Account, last.Key, 1);
            return (last, events.Count == 0 ? null : events[^1].Output);
        });
        var expected = number + ExecutionPrograms.Added(id.Machine);
        if (record?.Status != ExecutionStatus.Succeeded || !expected.Equals((int?)(output?["n"] as DataNumber)?.Value))
        {
            world.Break(
                $"{id.Machine}/{id.Name} is {record?.Status} {record?.Error} {record?.Cause} with {output}, "
                + $"and should give {expected}");
        }

        if (id.Machine == "send" && auditor.Messages.GetValueOrDefault(id.Name) != 1)
        {
            world.Break($"{id.Name} sent {auditor.Messages.GetValueOrDefault(id.Name)} messages");
        }
    }

    private Machine<ExecutionParts> Any() => machines[chance.Next(machines.Count)];
}

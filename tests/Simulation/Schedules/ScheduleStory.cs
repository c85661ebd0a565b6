using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Schedules;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Events;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Schedules;

/// <summary>
/// Schedules that call functions, send to queues and start state machines, some of which are not there at first, on one
/// machine or two on one disk; paused, resumed and fired by hand, while everything goes wrong. Then nothing goes wrong
/// any more, and each time that came has fired, was listed as missed, or waits for a reason.
/// </summary>
internal sealed class ScheduleStory
{
    private const string Role = "arn:aws:iam::000000000000:role/any";
    private const string Input =
        """{"schedule": "<aws.scheduler.schedule-arn>", "time": "<aws.scheduler.scheduled-time>"}""";

    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(4);

    private readonly World world;
    private readonly Random chance;
    private readonly ScheduleAuditor auditor;
    private readonly FunctionWork work;
    private readonly List<Machine<ScheduleParts>> machines = [];
    private readonly List<ScheduleId> schedules = [];
    private bool isDraining;

    public ScheduleStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("schedules");
        auditor = new ScheduleAuditor(world);
        work = new FunctionWork(world);
        var count = chance.Next(3) == 0 ? 2 : 1;
        for (var index = 0; index < count; index++)
        {
            machines.Add(new Machine<ScheduleParts>(
                world,
                index == 0 ? "first" : "second",
                ScheduleAuditor.Observed(bug),
                auditor.Committed,
                support => new ScheduleParts(support, work.For(support), isAlone: count == 1))
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
        await PrepareAsync();
        world.Faults.IsActive = true;
        new Chaos<ScheduleParts>(world, machines).Start();
        var operating = OperateAsync();
        await world.Wait(TimeSpan.FromMinutes(2 + chance.Next(15)));

        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        machines.ForEach(machine => machine.Start());
        await MakeTargetAsync("late");
        await operating;
        await StopAllAsync();
        var deadline = world.Scheduler.Now + EndsWithin;
        while (auditor.LiveCount > 0 && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(20));
        }

        auditor.CheckEnd(work.Succeeded);
        world.Note($"{auditor.FiredCount} occurrences fired, {auditor.MissedCount} were missed");
    }

    private async Task PrepareAsync()
    {
        await MakeTargetAsync("there");
        for (var index = 0; index < 1 + chance.Next(4); index++)
        {
            var id = new ScheduleId(QueueParts.Account, ScheduleGroupId.DefaultName, $"s{index}");
            var made = await machines[0].CallAsync(parts => parts.Service.CreateAsync(
                id, NewSettings(), NewOptions(), ScheduleRequest.WithoutToken, CancellationToken.None));
            Require(made.Succeeded, made.Result.Error);
            schedules.Add(id);
        }
    }

    private ScheduleSettings NewSettings()
    {
        string[] kinds = ["lambda:us-east-1:000000000000:function:", "sqs:us-east-1:000000000000:",
            "states:us-east-1:000000000000:stateMachine:"];
        return new ScheduleSettings
        {
            Expression = chance.Next(3) switch
            {
                0 => "rate(1 minute)",
                1 => $"*/{10 + chance.Next(50)} * * * * *",
                _ => $"rate({1 + chance.Next(5)} minutes)",
            },
            WindowMinutes = chance.Next(4) == 0 ? 1 + chance.Next(3) : null,
            Target = new ScheduleTarget
            {
                Arn = $"arn:aws:{kinds[chance.Next(kinds.Length)]}{(chance.Next(3) == 0 ? "late" : "there")}",
                RoleArn = Role,
                Input = Input,
                RetriesMax = chance.Next(2) == 0 ? null : chance.Next(4),
            },
        };
    }

    private ScheduleOptions NewOptions() => new()
    {
        Misfire = (MisfirePolicy)chance.Next(3),
        Overlap = (OverlapPolicy)chance.Next(3),
        RunsMax = chance.Next(4) == 0 ? 1 + chance.Next(20) : null,
    };

    /// <summary>A function, a queue and a state machine of one name.</summary>
    private async Task MakeTargetAsync(string name)
    {
        await UntilDoneAsync(parts => parts.Queues.CreateAsync(
            QueueParts.Id(name),
            ImmutableDictionary<string, string>.Empty,
            ImmutableSortedDictionary<string, string>.Empty,
            CancellationToken.None));
        var now = world.Time.GetUtcNow();
        await UntilDoneAsync(parts => parts.Events.Support.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Put(
                null, StoredFunction.Make(new FunctionId(QueueParts.Account, name), now));
            PutMachine(transaction, name, now);
            return Done.Value;
        }));
    }

    /// <summary>A machine may still be paused when nothing new goes wrong any more.</summary>
    private async Task UntilDoneAsync<T>(Func<ScheduleParts, Task<Result<T>>> call)
    {
        while ((await machines[0].CallAsync(call)) is { Succeeded: false } reply)
        {
            Require(!reply.IsAnswered, reply.Result.Error);
            await world.Wait(TimeSpan.FromSeconds(5));
        }
    }

    private static void PutMachine(ITransaction transaction, string name, DateTimeOffset now)
    {
        var id = new StateMachineId(QueueParts.Account, name);
        transaction.StateMachines.Put(new StateMachine
        {
            Id = id, Type = StateMachineType.Standard, Revision = "r", CreatedAt = now, UpdatedAt = now,
        });
        transaction.StateMachines.AddRevision(new StateMachineRevision(
            id, "r", """{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}""", Role));
    }

    /// <summary>Pauses, resumes, fires by hand, and now and then makes what was missing.</summary>
    private async Task OperateAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(10 + chance.Next(100)));
            var id = schedules[chance.Next(schedules.Count)];
            switch (chance.Next(4))
            {
                case 0:
                    await SwitchAsync(id, isEnabled: false);
                    break;
                case 1:
                    await Any().CallAsync(parts => parts.Service.RunAsync(id, CancellationToken.None));
                    break;
                default:
                    await SwitchAsync(id, isEnabled: true);
                    break;
            }
        }
    }

    /// <summary>For good: what it has begun comes to its end, and no time of it comes any more.</summary>
    private async Task StopAllAsync()
    {
        foreach (var id in schedules)
        {
            await SwitchAsync(id, isEnabled: true);
        }

        // Long enough for what is held to be tried again.
        await world.Wait(TimeSpan.FromMinutes(6));
        foreach (var id in schedules)
        {
            auditor.CheckDue(id, machines[0].Clock.TimeOfDay);
            await SwitchAsync(id, isEnabled: false);
        }
    }

    private async Task SwitchAsync(ScheduleId id, bool isEnabled) =>
        await Any().CallAsync(parts => parts.Service.EnableAsync(id, isEnabled, CancellationToken.None));

    private Machine<ScheduleParts> Any() => machines[chance.Next(machines.Count)];

    private void Require(bool holds, Error? otherwise)
    {
        if (!holds)
        {
            world.Break($"the story could not be prepared: {otherwise}");
        }
    }
}

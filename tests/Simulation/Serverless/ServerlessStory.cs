using System.Globalization;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Events;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Serverless;

/// <summary>
/// Requests for small programs, through the real delivery, on instances that are reused and die. Each trace has to be a
/// path of λ-serverless, and what came out has to be what the naive semantics gives: the bisimulation, tried out.
/// </summary>
internal sealed class ServerlessStory
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromHours(7);
    private static readonly AccountId[] Accounts = [AccountId.Root, AccountId.Parse("111122223333")];

    private readonly World world;
    private readonly Random chance;
    private readonly TraceChecker checker = new();
    private readonly List<SmallProgram> programs;
    private readonly SimulatedEnvironments environments;
    private readonly Machine<EventParts> machine;
    private readonly List<(string Id, string Function, int Input)> accepted = [];
    private readonly Dictionary<string, int> inputs = new(StringComparer.Ordinal);
    private bool isDraining;

    public ServerlessStory(World world, PlantedBug bug)
    {
        this.world = world;
        chance = world.Stream("serverless");
        programs = [.. Enumerable.Range(0, 1 + chance.Next(3)).Select(number => Make($"f{number}", bug))];
        environments = new SimulatedEnvironments(world, bug, programs, Tell);
        machine = new Machine<EventParts>(
            world,
            "first",
            EventAuditor.Observed(bug),
            (_, calls) => Committed(calls),
            support => new EventParts(support, environments.For(support)))
        {
            WrapStore = BuggyParts.Store(bug),
        };
    }

    public async Task TellAsync()
    {
        machine.Start();
        new Chaos<EventParts>(world, [machine]).Start();
        Task[] clients = [SendAsync(5 + chance.Next(20)), SendAsync(5 + chance.Next(20)), DeployAsync()];
        await world.Wait(TimeSpan.FromMinutes(1 + chance.Next(4)));
        world.Note("no more faults");
        world.Faults.IsActive = false;
        isDraining = true;
        machine.Start();
        var deadline = world.Scheduler.Now + EndsWithin;
        while ((checker.Responses.Count < accepted.Count || !Array.TrueForAll(clients, client => client.IsCompleted))
            && world.Scheduler.Now < deadline)
        {
            await world.Wait(TimeSpan.FromSeconds(10));
        }

        await Task.WhenAll(clients);
        checker.CheckEnd(_ => 61 + machine.Lives);
        BreakWhenBroken();
        CompareWithNaive();
    }

    private static SmallProgram Make(string name, PlantedBug bug, Random chance) => bug switch
    {
        PlantedBug.UnsafeGlobalState => new SmallProgram(name, [SmallStep.Add, SmallStep.Count]),
        PlantedBug.UnsafeIncrement => new SmallProgram(name, [SmallStep.Increment, SmallStep.Add, SmallStep.Add]),
        _ => SmallProgram.Safe(name, chance),
    };

    private SmallProgram Make(string name, PlantedBug bug) => Make(name, bug, chance);

    private async Task SendAsync(int count)
    {
        for (var number = 0; number < count && !isDraining; number++)
        {
            var program = programs[chance.Next(programs.Count)];
            var input = chance.Next(1_000);
            var account = Accounts[chance.Next(Accounts.Length)];
            await machine.CallAsync(parts =>
            {
                var now = parts.Support.Time.GetUtcNow();
                var sent = new AsyncEvent
                {
                    Id = parts.NewId(),
                    Target = new DeliveryTarget(account, DeliveryTargetKind.Function, program.Name),
                    Payload = Encoding.UTF8.GetBytes(input.ToString(CultureInfo.InvariantCulture)),
                    AcceptedAt = now,
                    FirstDueAt = now,
                    DueAt = now,
                    Policy = new EventPolicy { KeepsResult = true },
                };
                inputs.Add(sent.Id, input);
                return parts.Delivery.Inbox.AcceptAsync(sent, CancellationToken.None);
            });
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 5));
        }
    }

    private async Task DeployAsync()
    {
        while (!isDraining)
        {
            await world.Wait(TimeSpan.FromSeconds(chance.NextDouble() * 40));
            environments.Deploy(programs[chance.Next(programs.Count)].Name);
        }
    }

    /// <summary>What is on the disk is accepted, whether its sender knows or not.</summary>
    private void Committed(IReadOnlyList<TableCall> calls)
    {
        foreach (var call in calls)
        {
            if (call is { Table: nameof(IEventTable), Method: "Add" })
            {
                var added = (AsyncEvent)call.Arguments[0]!;
                accepted.Add((added.Id, added.Target.Name, inputs.GetValueOrDefault(added.Id)));
                Tell(new TraceStep.Accept(added.Id, added.Target.Name));
            }
            else if (call is { Table: nameof(IEventResultTable), Method: "Put" })
            {
                var result = (EventResult)call.Arguments[0]!;
                Tell(new TraceStep.Respond(result.Id, Encoding.UTF8.GetString(result.Payload.Span)));
            }
        }
    }

    private void Tell(TraceStep step)
    {
        world.Note(step.ToString());
        checker.Check(step);
        BreakWhenBroken();
    }

    private void BreakWhenBroken()
    {
        if (checker.Broken.Count > 0)
        {
            world.Break(checker.Broken[0]);
        }
    }

    /// <summary>The same requests, each once and alone, with one store.</summary>
    private void CompareWithNaive()
    {
        var store = new SmallStore();
        var responses = checker.Responses;
        foreach (var (id, function, input) in accepted)
        {
            var expected = programs.Find(program => program.Name == function)!
                .RunAlone(id, input, store).ToString(CultureInfo.InvariantCulture);
            if (responses.GetValueOrDefault(id) is { } response && response != expected)
            {
                world.Break($"{id} of {function} gave {response}; naively it gives {expected}");
            }
        }

        var (naive, real) = (Text(store), Text(environments.Store));
        if (naive != real)
        {
            world.Break($"the store has {real}; naively it has {naive}");
        }
    }

    private static string Text(SmallStore store) =>
        string.Join(", ", store.Values.Select(value => $"{value.Key}={value.Value}"));
}

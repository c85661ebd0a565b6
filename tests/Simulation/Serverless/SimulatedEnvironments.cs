using System.Globalization;
using System.Text;
using Lambent.Kernel.Events;
using Lambent.Server.Delivery;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Serverless;

/// <summary>
/// Instances of small programs: made cold, used again warm, evicted, dying in the middle. They are processes of their
/// own, so when the server dies they go on for a moment, and what they do to the store is done.
/// </summary>
internal sealed class SimulatedEnvironments
{
    private static readonly TimeSpan OrphanLifeMax = TimeSpan.FromSeconds(1);

    private readonly World world;
    private readonly PlantedBug bug;
    private readonly Random chance;
    private readonly Action<TraceStep> tell;
    private readonly Dictionary<string, SmallProgram> programs;
    private readonly Dictionary<string, int> versions = new(StringComparer.Ordinal);
    private readonly double deathRate;
    private int made;

    public SimulatedEnvironments(
        World world, PlantedBug bug, IReadOnlyList<SmallProgram> programs, Action<TraceStep> tell)
    {
        (this.world, this.bug, this.tell) = (world, bug, tell);
        chance = world.Stream("environments");
        this.programs = programs.ToDictionary(program => program.Name, StringComparer.Ordinal);
        deathRate = chance.NextDouble() * 0.15;
    }

    public SmallStore Store { get; } = new();

    /// <summary>As one life of a server has them.</summary>
    public IEventTarget For(LifeSupport support) => new Pool(this, support);

    /// <summary>A new version of the same code: its requests need new instances.</summary>
    public void Deploy(string function) => versions[function] = versions.GetValueOrDefault(function, 1) + 1;

    private InstanceKind KindOf(DeliveryTarget target) => new(
        target.Account.Value,
        target.Name,
        versions.GetValueOrDefault(target.Name, 1).ToString(CultureInfo.InvariantCulture));

    private sealed class Instance(string name, InstanceKind kind)
    {
        public string Name => name;

        public InstanceKind Kind => kind;

        /// <summary>Global state of the program.</summary>
        public int Count;

        public int Calls { get; set; }

        public bool IsBusy { get; set; }
    }

    private sealed class Pool(SimulatedEnvironments environments, LifeSupport support) : IEventTarget
    {
        private readonly List<Instance> instances = [];

        // Long, so that only the platform's own failures can keep a request from its response.
        public DeliverySettings SettingsOf(AsyncEvent candidate) => DeliverySettings.Default with
        {
            RetriesMax = 60,
            RetryDelay = TimeSpan.FromSeconds(1),
            AgeMax = TimeSpan.FromHours(6),
        };

        public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
        {
            if (support.Actor.IsDead)
            {
                return await new TaskCompletionSource<AttemptReport>().Task;
            }

            var kind = environments.KindOf(attempted.Target);
            var (instance, isCold) = Take(kind);
            environments.tell(new TraceStep.Assign(attempted.Id, instance.Name, kind, isCold));
            var done = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
            environments.world.Self.Post(() => _ = RunAsync(instance, attempted, done));
            if (await done.Task is { } result)
            {
                return Answer(result);
            }

            return environments.bug == PlantedBug.LostRequest
                ? Answer(0)
                : new AttemptReport(AttemptResult.Failed) { Error = "the environment died" };
        }

        private static AttemptReport Answer(int result) => new(AttemptResult.Succeeded)
        {
            Response = Encoding.UTF8.GetBytes(result.ToString(CultureInfo.InvariantCulture)),
            ExecutedVersion = "1",
        };

        /// <summary>An idle instance of the kind, or a new one; now and then idle ones are evicted before.</summary>
        private (Instance Instance, bool IsCold) Take(InstanceKind kind)
        {
            var chance = environments.chance;
            foreach (var idle in instances.FindAll(instance => !instance.IsBusy && chance.Next(8) == 0))
            {
                Die(idle);
            }

            var warm = instances.Find(instance => !instance.IsBusy && (instance.Kind == kind
                || (environments.bug == PlantedBug.WarmAcrossVersions && instance.Kind.Function == kind.Function)));
            var taken = warm ?? new Instance($"i{++environments.made}", kind);
            if (warm is null)
            {
                instances.Add(taken);
            }

            taken.IsBusy = true;
            return (taken, warm is null);
        }

        /// <summary>On the world's own context: an instance does not end with the code of the server.</summary>
        private async Task RunAsync(Instance instance, AsyncEvent attempted, TaskCompletionSource<int?> done)
        {
            var (world, chance) = (environments.world, environments.chance);
            var program = environments.programs[attempted.Target.Name];
            var result = int.Parse(attempted.Payload.Span, CultureInfo.InvariantCulture);
            var earlierCalls = instance.Calls++;
            foreach (var step in program.Steps)
            {
                await world.Wait(chance.NextDouble() * OrphanLifeMax);
                if (support.Actor.IsDead || world.Faults.Happens(environments.deathRate))
                {
                    Die(instance);
                    done.TrySetResult(null);
                    return;
                }

                program.Run(step, attempted.Id, ref result, ref instance.Count, environments.Store);
            }

            var text = result.ToString(CultureInfo.InvariantCulture);
            environments.tell(new TraceStep.Finish(instance.Name, attempted.Id, text, earlierCalls));
            instance.IsBusy = false;
            done.TrySetResult(result);
        }

        private void Die(Instance instance)
        {
            instances.Remove(instance);
            environments.tell(new TraceStep.Die(instance.Name));
        }
    }
}

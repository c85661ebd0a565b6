using System.Globalization;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Simulation.Serverless;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Environments;

/// <summary>What functions do in a world.</summary>
internal interface ISimulatedWork
{
    /// <summary>Runs a call.</summary>
    /// <param name="support">Of the life that made it.</param>
    /// <param name="invocation">The call.</param>
    /// <param name="isAlive">Whether its environment is still there to do anything.</param>
    /// <returns>What it answers; null: the environment died of it.</returns>
    Task<InvocationOutcome?> RunAsync(LifeSupport support, Invocation invocation, Func<bool> isAlive);

    /// <summary>The call has an outcome, whether or not it ran to its end.</summary>
    void Ended(LifeSupport support);
}

/// <summary>
/// Starts environments for the real pool: slowly now and then, or not at all. Every step of an environment is told to
/// the checker of λ-serverless, and there may be no more of them at a time than the pool has room for.
/// </summary>
internal sealed class SimulatedStarts(World world, ISimulatedWork work)
{
    private readonly Random chance = world.Stream("starts");
    private readonly double failureRate = world.Stream("start failures").NextDouble() * 0.2;
    private readonly TraceChecker checker = new();
    private readonly HashSet<string> accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> alive = new(StringComparer.Ordinal);
    private int made;

    public ISimulatedWork Work => work;

    /// <summary>Of one node.</summary>
    public int EnvironmentsMax { get; } = 1 + world.Stream("room").Next(8);

    /// <summary>The starter of one life of a server.</summary>
    public IEnvironmentStarter For(LifeSupport support) => new Starter(this, support);

    public void Tell(TraceStep step)
    {
        if (step is TraceStep.Assign { Request: var request, Kind.Function: var function } && accepted.Add(request))
        {
            checker.Check(new TraceStep.Accept(request, function));
        }

        world.Note(step.ToString());
        checker.Check(step);
        if (checker.Broken.Count > 0)
        {
            world.Break(checker.Broken[0]);
        }
    }

    public void Ended(LifeSupport support) => alive[support.Actor.Name]--;

    private void Began(LifeSupport support)
    {
        var count = alive[support.Actor.Name] = alive.GetValueOrDefault(support.Actor.Name) + 1;
        if (count > EnvironmentsMax)
        {
            world.Break($"{support.Actor.Name} has {count} environments, and room for {EnvironmentsMax}");
        }
    }

    private sealed class Starter(SimulatedStarts starts, LifeSupport support) : IEnvironmentStarter
    {
        private static readonly StartPhases Phases = new(
            TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(3));

        public async Task<StartedEnvironment> StartAsync(StartRequest request, CancellationToken cancellation)
        {
            var (world, chance) = (starts.World, starts.chance);
            var isFaulty = world.Faults.IsActive;
            var seconds = isFaulty && chance.Next(10) == 0 ? chance.NextDouble() * 20 : chance.NextDouble() * 0.3;
            await Task.Delay(TimeSpan.FromSeconds(seconds), support.Time, CancellationToken.None);
            if (isFaulty && chance.NextDouble() < starts.failureRate)
            {
                return new StartedEnvironment(null, InvocationOutcome.Owned(
                    OutcomeKind.InitializationError, """{"errorMessage":"it did not start"}"""u8.ToArray()));
            }

            if (!request.IsWanted())
            {
                return StartedEnvironment.NotWanted;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"e{++starts.made}");
            starts.Began(support);
            return new StartedEnvironment(new ExecutionEnvironment(
                request.Specification,
                new SimulatedProcess(name),
                new SimulatedChannel(starts, support, name, request.Specification),
                Phases,
                support.Time));
        }
    }

    private World World => world;
}

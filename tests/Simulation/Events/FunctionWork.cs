using Lambent.Kernel.Events;
using Lambent.Server.Delivery;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Events;

/// <summary>What functions do where it does not matter what: they take a while, and fail now and then.</summary>
internal sealed class FunctionWork(World world)
{
    private readonly Random chance = world.Stream("work");
    private readonly HashSet<string> succeeded = new(StringComparer.Ordinal);

    /// <summary>Whether an event's function ran to its end.</summary>
    public bool Succeeded(string eventId) => succeeded.Contains(eventId);

    public IEventTarget For(LifeSupport support) => new Reach(this, world, support);

    private sealed class Reach(FunctionWork work, World world, LifeSupport support) : IEventTarget
    {
        public DeliverySettings SettingsOf(AsyncEvent candidate) => DeliverySettings.Default;

        public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
        {
            if (support.Actor.IsDead)
            {
                return await new TaskCompletionSource<AttemptReport>().Task;
            }

            var isFaulty = world.Faults.IsActive;
            var seconds = isFaulty ? work.chance.NextDouble() * (work.chance.Next(3) == 0 ? 150 : 5) : 0.1;
            await Task.Delay(TimeSpan.FromSeconds(seconds), support.Time, CancellationToken.None);
            if (isFaulty && work.chance.Next(6) == 0)
            {
                return new AttemptReport(AttemptResult.Failed) { Error = "the handler failed" };
            }

            work.succeeded.Add(attempted.Id);
            return new AttemptReport(AttemptResult.Succeeded) { ExecutedVersion = "1" };
        }

    }

}

using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Server.Delivery;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Events;

/// <summary>
/// What events are delivered to in a world: functions that succeed, fail, are slow, die, or have no room, each in its
/// own measure.
/// </summary>
internal sealed class EventTargets
{
    private readonly World world;
    private readonly EventAuditor auditor;
    private readonly Random chance;
    private readonly Dictionary<string, Behaviour> behaviours = new(StringComparer.Ordinal);

    public EventTargets(World world, EventAuditor auditor)
    {
        (this.world, this.auditor) = (world, auditor);
        chance = world.Stream("targets");
        PlacesMax = 1 + chance.Next(12);
        HeadBytesMax = chance.Next(3) == 0 ? 1_500 : 1_000_000;
        for (var index = 0; index < 1 + chance.Next(4); index++)
        {
            var kind = chance.Next(4) == 0 ? DeliveryTargetKind.Callback : DeliveryTargetKind.Function;
            var target = new DeliveryTarget(QueueParts.Account, kind, $"target{index}");
            All.Add(target);
            behaviours.Add(target.Name, NewBehaviour());
        }
    }

    /// <summary>The queues that destinations and dead letters go to.</summary>
    public static IReadOnlyList<QueueId> Destinations { get; } =
        [QueueParts.Id("successes"), QueueParts.Id("failures"), QueueParts.Id("letters")];

    public List<DeliveryTarget> All { get; } = [];

    public int PlacesMax { get; }

    public long HeadBytesMax { get; }

    public int ConcurrencyOf(EventLane lane) => behaviours[lane.Key.Split('/')[1]].Concurrency;

    public DeliverySettings SettingsOf(AsyncEvent candidate) => behaviours[candidate.Target.Name].Settings;

    /// <summary>The targets as one life of a server reaches them.</summary>
    public IEventTarget For(LifeSupport support) => new Reach(this, support);

    private Behaviour NewBehaviour() => new(
        DeliverySettings.Default with
        {
            RetriesMax = chance.Next(4),
            AgeMax = TimeSpan.FromMinutes(chance.Next(3) == 0 ? 1 + chance.Next(10) : 360),
            RetryDelay = chance.Next(2) == 0 ? null : TimeSpan.FromSeconds(1 + chance.Next(60)),
            OnSuccess = Maybe(QueueParts.Id("successes")),
            OnFailure = Maybe(QueueParts.Id("failures")),
            DeadLetterTarget = Maybe(QueueParts.Id(chance.Next(5) == 0 ? "missing" : "letters")),
        },
        1 + chance.Next(6),
        chance.NextDouble() * chance.NextDouble(),
        chance.Next(3) == 0 ? chance.NextDouble() : 0,
        chance.Next(3) == 0 ? 40 : 2);

    private DeliveryTarget? Maybe(QueueId queue) => chance.Next(2) == 0 ? DeliveryTarget.OfQueue(queue) : null;

    private sealed record Behaviour(
        DeliverySettings Settings, int Concurrency, double FailureRate, double RefusalRate, double SecondsMax);

    private sealed class Reach(EventTargets targets, LifeSupport support) : IEventTarget
    {
        public DeliverySettings SettingsOf(AsyncEvent candidate) => targets.SettingsOf(candidate);

        public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
        {
            if (support.Actor.IsDead)
            {
                return await new TaskCompletionSource<AttemptReport>().Task;
            }

            var (chance, behaviour) = (targets.chance, targets.behaviours[attempted.Target.Name]);
            var isFaulty = targets.world.Faults.IsActive;
            if (isFaulty && chance.NextDouble() < behaviour.RefusalRate)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(20)), support.Time, CancellationToken.None);
                return AttemptReport.Refused with { Error = "no room" };
            }

            targets.auditor.AttemptBegins(support.Actor.Name, attempted);
            var seconds = isFaulty ? chance.NextDouble() * behaviour.SecondsMax : 0.01;
            await Task.Delay(TimeSpan.FromSeconds(seconds), support.Time, CancellationToken.None);
            var fails = isFaulty && chance.NextDouble() < behaviour.FailureRate;
            targets.auditor.AttemptEnds(support.Actor.Name, attempted, !fails);
            return fails
                ? new AttemptReport(AttemptResult.Failed)
                {
                    Error = chance.Next(2) == 0 ? "the handler failed" : "the environment died",
                    RetryAfter = chance.Next(10) == 0 ? TimeSpan.FromSeconds(chance.Next(100)) : null,
                }
                : new AttemptReport(AttemptResult.Succeeded) { Response = attempted.Payload, ExecutedVersion = "1" };
        }
    }
}

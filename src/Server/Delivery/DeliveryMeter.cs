using System.Collections.Concurrent;
using Lambent.Kernel.Events;
using Lambent.Kernel.Scaling;

namespace Lambent.Server.Delivery;

/// <summary>What was seen of a line since the start of the server, or since it was used last.</summary>
/// <param name="ArrivalsPerSecond">Over about the last minute.</param>
/// <param name="EndsPerSecond">Over about the last minute.</param>
/// <param name="Accepted">Events accepted.</param>
/// <param name="Succeeded">Events that ended well.</param>
/// <param name="Failed">Events that ended otherwise.</param>
/// <param name="Attempts">Attempts that ran.</param>
/// <param name="AttemptTime">What they take, as a fading mean.</param>
/// <param name="RefusedBecause">Why the last attempt found no room; null after one that did.</param>
internal sealed record LaneFigures(
    double ArrivalsPerSecond,
    double EndsPerSecond,
    long Accepted,
    long Succeeded,
    long Failed,
    long Attempts,
    TimeSpan AttemptTime,
    string? RefusedBecause)
{
    public static readonly LaneFigures None = new(0, 0, 0, 0, 0, 0, TimeSpan.Zero, null);
}

/// <summary>Counts what happens in each line.</summary>
internal sealed class DeliveryMeter(TimeProvider time)
{
    private readonly ConcurrentDictionary<EventLane, LaneMeter> lanes = new();
    private readonly long[] ends = new long[Enum.GetValues<EventEnd>().Length];
    private long accepted;
    private long attempts;

    /// <summary>Events accepted since the start, of all lines.</summary>
    public long AcceptedCount => Volatile.Read(ref accepted);

    /// <summary>Attempts that ran since the start, of all lines.</summary>
    public long AttemptCount => Volatile.Read(ref attempts);

    /// <summary>Events that ended so since the start, of all lines.</summary>
    public long CountOf(EventEnd end) => Volatile.Read(ref ends[(int)end]);

    public void Accept(EventLane lane)
    {
        Interlocked.Increment(ref accepted);
        Of(lane).Accept();
    }

    public void Attempt(EventLane lane, TimeSpan duration)
    {
        Interlocked.Increment(ref attempts);
        Of(lane).Attempt(duration);
    }

    public void Refuse(EventLane lane, string? reason) => Of(lane).Refuse(reason);

    public void End(EventLane lane, EventEnd end)
    {
        Interlocked.Increment(ref ends[(int)end]);
        Of(lane).End(end);
    }

    public LaneFigures Read(EventLane lane) =>
        lanes.TryGetValue(lane, out var meter) ? meter.Read() : LaneFigures.None;

    public IReadOnlyCollection<EventLane> Lanes => (IReadOnlyCollection<EventLane>)lanes.Keys;

    /// <summary>Forgets lines for which nothing happened for a while.</summary>
    public void Sweep()
    {
        foreach (var (lane, meter) in lanes)
        {
            if (meter.IsIdle())
            {
                lanes.TryRemove(lane, out _);
            }
        }
    }

    private LaneMeter Of(EventLane lane) =>
        lanes.TryGetValue(lane, out var meter) ? meter : lanes.GetOrAdd(lane, _ => new LaneMeter(time));

    private sealed class LaneMeter
    {
        private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);
        private readonly TimeProvider time;
        private readonly long origin;
        private readonly Lock gate = new();
        private FadingRate arrivals = FadingRate.Begin(0);
        private FadingRate ends = FadingRate.Begin(0);
        private long accepted;
        private long succeeded;
        private long failed;
        private long attempts;
        private double attemptSeconds;
        private string? refusedBecause;

        public LaneMeter(TimeProvider time)
        {
            this.time = time;
            origin = time.GetTimestamp();
        }

        public void Accept()
        {
            lock (gate)
            {
                accepted++;
                arrivals = arrivals.Count(1, Now());
            }
        }

        public void Attempt(TimeSpan duration)
        {
            lock (gate)
            {
                attempts++;
                refusedBecause = null;
                var weight = attempts < 20 ? 1.0 / attempts : 0.05;
                attemptSeconds += (duration.TotalSeconds - attemptSeconds) * weight;
            }
        }

        public void Refuse(string? reason)
        {
            lock (gate)
            {
                refusedBecause = reason;
            }
        }

        public void End(EventEnd end)
        {
            lock (gate)
            {
                (end == EventEnd.Succeeded ? ref succeeded : ref failed)++;
                ends = ends.Count(1, Now());
            }
        }

        public LaneFigures Read()
        {
            lock (gate)
            {
                var now = Now();
                return new LaneFigures(
                    arrivals.PerSecond(now),
                    ends.PerSecond(now),
                    accepted,
                    succeeded,
                    failed,
                    attempts,
                    TimeSpan.FromSeconds(attemptSeconds),
                    refusedBecause);
            }
        }

        public bool IsIdle()
        {
            lock (gate)
            {
                return Now() - Math.Max(arrivals.CountedAt, ends.CountedAt) > IdleMax.TotalSeconds;
            }
        }

        private double Now() => time.GetElapsedTime(origin).TotalSeconds;
    }
}

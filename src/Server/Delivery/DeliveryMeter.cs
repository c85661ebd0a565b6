using System.Collections.Concurrent;
using Lambent.Kernel.Events;

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

    private sealed class LaneMeter(TimeProvider time)
    {
        private static readonly TimeSpan IdleMax = TimeSpan.FromHours(1);
        private readonly FadingRate arrivals = new(time);
        private readonly FadingRate ends = new(time);
        private readonly Lock gate = new();
        private long accepted;
        private long succeeded;
        private long failed;
        private long attempts;
        private double attemptSeconds;
        private string? refusedBecause;

        public void Accept()
        {
            lock (gate)
            {
                accepted++;
                arrivals.Count();
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
                ends.Count();
            }
        }

        public LaneFigures Read()
        {
            lock (gate)
            {
                return new LaneFigures(
                    arrivals.PerSecond(),
                    ends.PerSecond(),
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
                return arrivals.Silence > IdleMax && ends.Silence > IdleMax;
            }
        }
    }
}

/// <summary>A rate that forgets: what happened a minute ago counts about a third.</summary>
internal sealed class FadingRate(TimeProvider time)
{
    private const double FadeSeconds = 30;
    private readonly long startedAt = time.GetTimestamp();
    private double weight;
    private long countedAt = time.GetTimestamp();

    public void Count()
    {
        var now = time.GetTimestamp();
        weight = Faded(now) + 1;
        countedAt = now;
    }

    public double PerSecond()
    {
        var now = time.GetTimestamp();

        // At the beginning the window is as long as there has been time.
        var observed = time.GetElapsedTime(startedAt, now).TotalSeconds;
        var window = FadeSeconds * (1 - Math.Exp(-observed / FadeSeconds));
        return Faded(now) / Math.Max(window, 1);
    }

    public TimeSpan Silence => time.GetElapsedTime(countedAt);

    private double Faded(long now) =>
        weight * Math.Exp(-time.GetElapsedTime(countedAt, now).TotalSeconds / FadeSeconds);
}

using Lambent.Load.Measures;

namespace Lambent.Load.Scaling;

/// <summary>What a policy made of a load.</summary>
internal sealed record ScaleOutcome
{
    public required double WaitMedianSeconds { get; init; }

    public required double WaitTailSeconds { get; init; }

    /// <summary>Messages that waited longer than a caller or owner puts up with.</summary>
    public required int Late { get; init; }

    public required int Messages { get; init; }

    /// <summary>Environments that were ready or being started, integrated over time.</summary>
    public required double EnvironmentSeconds { get; init; }

    /// <summary>Times that the wanted number turned from more to fewer or back.</summary>
    public required int DirectionChanges { get; init; }

    /// <summary>The wanted number of environments whenever it changed.</summary>
    public required IReadOnlyList<(double AtSeconds, int Environments)> Wanted { get; init; }
}

/// <summary>
/// One function's messages on simulated nodes in virtual time: first come, first served; an environment takes a start
/// slot of its node until it is ready. Deterministic for a load's seed.
/// </summary>
/// <param name="cluster">What it runs on.</param>
/// <param name="policy">Who decides.</param>
/// <param name="lateSeconds">A message that waited longer than this is late.</param>
internal sealed class ScaleSimulation(ScaleCluster cluster, IScalePolicy policy, double lateSeconds = 1)
{
    private readonly PriorityQueue<(EventKind Kind, double Value), double> events = new();
    private readonly Queue<(double AtSeconds, double ExecutionSeconds)> waiting = new();
    private readonly List<double> waits = [];
    private readonly List<(double AtSeconds, int Environments)> wanted = [(0, 0)];
    private double now;
    private double lookedAt = double.NegativeInfinity;
    private int target;
    private int ready;
    private int starting;
    private int startsWaiting;
    private int inFlight;
    private long arrived;
    private long ended;
    private double endedSeconds;
    private double longestSeconds;
    private double busySeconds;
    private double readySeconds;
    private double environmentSeconds;

    private enum EventKind
    {
        Look,
        Ready,
        Ended,
    }

    public ScaleOutcome Run(ScaleLoad load, int seed)
    {
        var arrivals = load.Generate(seed);
        var next = 0;
        events.Enqueue((EventKind.Look, 0), 0);
        while (events.TryPeek(out var upcoming, out var at))
        {
            if (next < arrivals.Count && arrivals[next].AtSeconds <= at)
            {
                next = Arrive(arrivals, next);
                continue;
            }

            Pass(at);
            events.Dequeue();
            Happen(upcoming.Kind, upcoming.Value, isOver: next >= arrivals.Count && now >= load.EndSeconds);
        }

        return new ScaleOutcome
        {
            WaitMedianSeconds = waits.Count == 0 ? 0 : Samples.Percentile(waits, 0.5),
            WaitTailSeconds = waits.Count == 0 ? 0 : Samples.Percentile(waits, 0.99),
            Late = waits.Count(wait => wait > lateSeconds),
            Messages = arrivals.Count,
            EnvironmentSeconds = environmentSeconds,
            DirectionChanges = CountTurns(wanted),
            Wanted = wanted,
        };
    }

    /// <summary>How often a series of numbers turns.</summary>
    public static int CountTurns(IEnumerable<(double AtSeconds, int Environments)> series)
    {
        var (turns, direction, before) = (0, 0, default(int?));
        foreach (var (_, value) in series)
        {
            var sign = Math.Sign(value - (before ?? value));
            turns += sign != 0 && direction != 0 && sign != direction ? 1 : 0;
            (direction, before) = (sign == 0 ? direction : sign, value);
        }

        return turns;
    }

    /// <summary>All that arrive at this moment, then a look at them when the policy is one that looks.</summary>
    private int Arrive(List<(double AtSeconds, double ExecutionSeconds)> arrivals, int next)
    {
        Pass(arrivals[next].AtSeconds);
        for (; next < arrivals.Count && arrivals[next].AtSeconds <= now; next++)
        {
            waiting.Enqueue(arrivals[next]);
            arrived++;
        }

        Serve();
        if (now - lookedAt >= policy.ArrivalPeriodSeconds)
        {
            Look();
        }

        return next;
    }

    private void Happen(EventKind kind, double value, bool isOver)
    {
        switch (kind)
        {
            case EventKind.Look:
                Look();
                if (!isOver || waiting.Count + inFlight > 0)
                {
                    events.Enqueue((EventKind.Look, 0), now + policy.PeriodSeconds);
                }

                break;
            case EventKind.Ready:
                (starting, ready) = (starting - 1, ready + 1);
                Start();
                Shrink();
                break;
            default:
                inFlight--;
                (ended, endedSeconds) = (ended + 1, endedSeconds + value);
                longestSeconds = Math.Max(longestSeconds, value);
                Shrink();
                break;
        }

        Serve();
    }

    private void Look()
    {
        lookedAt = now;
        var oldest = waiting.TryPeek(out var first) ? now - first.AtSeconds : 0;
        var view = new ScaleView(
            now, waiting.Count, oldest, inFlight, arrived, ended, endedSeconds, longestSeconds, busySeconds,
            readySeconds, ready, starting + startsWaiting);
        longestSeconds = 0;
        var before = target;
        target = Math.Clamp(policy.Decide(view, cluster), 0, cluster.EnvironmentsMax);
        if (target != before)
        {
            wanted.Add((now, target));
        }

        // Starts that did not begin are given up first.
        startsWaiting = Math.Max(0, target - ready - starting);
        Start();
        Shrink();
    }

    private void Start()
    {
        while (startsWaiting > 0 && starting < cluster.Nodes * cluster.StartsPerNode)
        {
            startsWaiting--;
            starting++;
            events.Enqueue((EventKind.Ready, 0), now + cluster.StartSeconds);
        }
    }

    /// <summary>Environments that are not wanted end as soon as the calls fit into the others.</summary>
    private void Shrink()
    {
        var needed = (inFlight + cluster.CallsPerEnvironment - 1) / cluster.CallsPerEnvironment;
        ready = Math.Max(Math.Min(ready, Math.Max(0, target - starting)), Math.Min(ready, needed));
    }

    private void Serve()
    {
        while (waiting.Count > 0 && inFlight < ready * cluster.CallsPerEnvironment)
        {
            var (at, execution) = waiting.Dequeue();
            waits.Add(now - at);
            inFlight++;
            events.Enqueue((EventKind.Ended, execution), now + execution);
        }
    }

    private void Pass(double until)
    {
        var passed = until - now;
        busySeconds += passed * inFlight;
        readySeconds += passed * ready;
        environmentSeconds += passed * (ready + starting);
        now = until;
    }
}

using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Scaling.Control;
using Lambent.Sandbox.Pool;

namespace Lambent.Server.Scaling;

/// <summary>One version as the controller for calls sees it. Safe for several threads at once.</summary>
internal sealed class VersionScaling(EnvironmentSpecification specification, long lastNumber = 0)
{
    /// <summary>A source that does not ask any more wants nothing any more.</summary>
    private const double SourceSeconds = 5;

    private readonly Lock gate = new();
    private readonly DecisionLog log = new(lastNumber);
    private readonly Dictionary<SourceKey, SourceWish> ofSources = [];
    private HttpScalingState state;
    private int wantedForCalls;
    private int told;

    public MeasuredFunction Measured { get; } = new();

    /// <summary>When something was decided last.</summary>
    public DateTimeOffset DecidedAt { get; private set; }

    /// <summary>Environments that calls and sources want together.</summary>
    public int Wanted
    {
        get
        {
            lock (gate)
            {
                return told;
            }
        }
    }

    /// <summary>Decides anew. True when the pool is to be told, because environments are wanted or no more.</summary>
    public bool Look(VersionLoad load, ScalingLimits limits, double nowSeconds, DateTimeOffset now)
    {
        lock (gate)
        {
            var (arrived, missed) = Measured.Observe(load, nowSeconds);
            ForgetSilent(nowSeconds);
            if (arrived == 0 && load.CallsInFlight + load.CallsWaiting == 0 && wantedForCalls == 0)
            {
                return Tell();
            }

            var http = new HttpLoad
            {
                NowSeconds = nowSeconds,
                Arrived = arrived,
                Missed = missed,
                CallsInFlight = load.CallsInFlight,
                CallsWaiting = load.CallsWaiting,
                CallsMost = load.CallsMost,
                CallsOfQueues = ofSources.Values.Sum(source => source.Calls),
                EnvironmentsReady = load.Ready,
                EnvironmentsStarting = load.Starting,
                Use = Measured.Use,
                Limits = limits,
            };
            var before = state;
            (state, var decision) = HttpScaling.Decide(before, http);
            wantedForCalls = decision.Environments;
            log.Add(now, decision, http: new HttpStep(before, http));
            DecidedAt = now;
            return Tell();
        }
    }

    /// <summary>What was decided about a source. True when the pool is to be told.</summary>
    public bool WantForSource(SourceKey source, ScalingDecision decision, double nowSeconds)
    {
        lock (gate)
        {
            ForgetSilent(nowSeconds);
            ofSources[source] = new SourceWish(decision.Environments, decision.Concurrency, nowSeconds);
            return Tell();
        }
    }

    public void ForgetSource(SourceKey source)
    {
        lock (gate)
        {
            ofSources.Remove(source);
        }
    }

    /// <summary>Decisions that were not taken before.</summary>
    public IReadOnlyList<ScalingRecord> TakeNew()
    {
        lock (gate)
        {
            return log.TakeNew();
        }
    }

    public ScalingView View()
    {
        lock (gate)
        {
            return new ScalingView(specification.Function, specification.Version, null, log.Last, [.. log.Records]);
        }
    }

    private void ForgetSilent(double nowSeconds)
    {
        foreach (var (source, _) in ofSources.Where(one => nowSeconds - one.Value.AskedSeconds > SourceSeconds))
        {
            ofSources.Remove(source);
        }
    }

    /// <summary>Under the lock: the number that holds now, and whether the pool has to know.</summary>
    private bool Tell()
    {
        // What the sources want is part of what the calls in flight want as soon as they run.
        var before = told;
        told = Math.Max(wantedForCalls, ofSources.Values.Sum(source => source.Environments));
        return told != 0 || before != 0;
    }

    /// <summary>What a source wants, and when it asked last.</summary>
    private readonly record struct SourceWish(int Environments, int Calls, double AskedSeconds);
}

/// <summary>What was decided about a version's calls, or about a source.</summary>
/// <param name="Function">Whose calls they are.</param>
/// <param name="Version">The version; null for a source.</param>
/// <param name="Source">The source; null for calls whose callers wait.</param>
/// <param name="Last">The last decision.</param>
/// <param name="Records">Those that are kept, oldest first.</param>
internal sealed record ScalingView(
    FunctionId Function,
    string? Version,
    SourceKey? Source,
    ScalingRecord? Last,
    IReadOnlyList<ScalingRecord> Records);

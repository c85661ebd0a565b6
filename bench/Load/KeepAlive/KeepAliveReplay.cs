using Lambent.Kernel.Scaling;

namespace Lambent.Load.KeepAlive;

/// <summary>What a policy cost on a trace.</summary>
internal sealed record ReplayCost
{
    public long Calls { get; init; }

    /// <summary>Calls that found no free environment.</summary>
    public long ColdStarts { get; init; }

    /// <summary>Environments started, for calls and ahead of them: the processor time of a policy.</summary>
    public long Starts { get; init; }

    /// <summary>Memory of environments while they serve no call.</summary>
    public double IdleMegabyteSeconds { get; init; }

    public static ReplayCost operator +(ReplayCost one, ReplayCost other) => new()
    {
        Calls = one.Calls + other.Calls,
        ColdStarts = one.ColdStarts + other.ColdStarts,
        Starts = one.Starts + other.Starts,
        IdleMegabyteSeconds = one.IdleMegabyteSeconds + other.IdleMegabyteSeconds,
    };
}

/// <summary>
/// Replays a function's calls against a policy with the rules of the pool: an environment serves one call at a time
/// and the one used last is used first. Starting takes no time here.
/// </summary>
/// <param name="policy">Without predictions when <paramref name="predicts"/> is off: the fixed time alone.</param>
/// <param name="predicts">Whether idle times are learnt.</param>
internal sealed class KeepAliveReplay(KeepAlivePolicy policy, bool predicts)
{
    /// <summary>The fixed policy.</summary>
    public static KeepAliveReplay Fixed(TimeSpan duration) =>
        new(new KeepAlivePolicy(new KeepAliveOptions { FixedDuration = duration }), predicts: false);

    public ReplayCost Run(TraceFunction function, double endSeconds)
    {
        var run = new FunctionRun(policy, predicts, function.MemoryMegabytes);
        foreach (var call in function.Calls)
        {
            run.EndCallsUntil(call.StartSeconds);
            run.Call(call);
        }

        run.EndCallsUntil(endSeconds);
        return run.Finish(endSeconds) with { Calls = function.Calls.Count };
    }

    private sealed class FunctionRun(KeepAlivePolicy policy, bool predicts, double memoryMegabytes)
    {
        private readonly DemandHistory? history = predicts ? new(policy.Options.SettlingTime) : null;
        private readonly PriorityQueue<double, double> busyUntil = new();

        // Since when each free environment was not used, whether or not it still runs; the last one was used last.
        private readonly List<double> freeSince = [];
        private long cold;
        private long starts;
        private double idleSeconds;

        public void EndCallsUntil(double now)
        {
            while (busyUntil.TryPeek(out var end, out _) && end <= now)
            {
                history?.Fall(busyUntil.Count, TimeSpan.FromSeconds(end));
                busyUntil.Dequeue();
                freeSince.Add(end);
            }
        }

        public void Call(TraceCall call)
        {
            var warm = false;
            if (freeSince.Count > 0)
            {
                warm = Rest(call.StartSeconds - freeSince[^1], isLast: busyUntil.Count == 0);
                freeSince.RemoveAt(freeSince.Count - 1);
            }

            cold += warm ? 0 : 1;
            starts += warm ? 0 : 1;
            busyUntil.Enqueue(
                call.StartSeconds + call.DurationSeconds, call.StartSeconds + call.DurationSeconds);
            history?.Rise(busyUntil.Count, TimeSpan.FromSeconds(call.StartSeconds));
        }

        public ReplayCost Finish(double now)
        {
            for (var index = freeSince.Count - 1; index >= 0; index--)
            {
                Rest(now - freeSince[index], busyUntil.Count == 0 && index == freeSince.Count - 1);
            }

            return new ReplayCost
            {
                ColdStarts = cold, Starts = starts, IdleMegabyteSeconds = idleSeconds * memoryMegabytes,
            };
        }

        /// <summary>An environment was free for so long. True when one is there at the end of it.</summary>
        private bool Rest(double idle, bool isLast)
        {
            var decision = isLast
                ? policy.Decide(history?.First, memoryMegabytes)
                : policy.DecideFurther(history?.Further, memoryMegabytes);
            var (letGo, stop) = (decision.LetGoAfter.TotalSeconds, decision.StopAfter.TotalSeconds);
            idleSeconds += Math.Min(idle, letGo);
            if (idle <= letGo)
            {
                return true;
            }

            if (decision.PreWarmAfter is not { } ahead || idle < ahead.TotalSeconds)
            {
                return false;
            }

            starts++;
            idleSeconds += Math.Min(idle, stop) - ahead.TotalSeconds;
            return idle <= stop;
        }
    }
}

using Lambent.Kernel.Environments;

namespace Lambent.Sandbox.Pool;

/// <summary>What is started before a call asks for it, and the numbers by which others decide that.</summary>
internal sealed partial class VersionPool
{
    private CallCounters counters;
    private ProcessorSample? processorSample;
    private int aheadWanted;

    /// <summary>Environments that are started, and on their way.</summary>
    public (int Ready, int Starting) Counts
    {
        get
        {
            lock (gate)
            {
                return (environments.Count, starting);
            }
        }
    }

    /// <summary>Environments there should be; those that are missing are started by <see cref="TakeAhead"/>.</summary>
    public void WantAhead(int count)
    {
        lock (gate)
        {
            aheadWanted = count;
        }
    }

    /// <summary>The start of one that is missing, counted as begun; null when none is.</summary>
    public Task? TakeAhead()
    {
        lock (gate)
        {
            if (retired || forgotten || environments.Count + starting >= aheadWanted)
            {
                return null;
            }

            starting++;
        }

        return StartAsync(EnvironmentStart.Ahead);
    }

    /// <summary>
    /// What is going on in this version now. The longest duration and the most calls begin anew with it.
    /// </summary>
    public VersionLoad DescribeLoad()
    {
        ExecutionEnvironment? newest = null;
        VersionLoad load;
        lock (gate)
        {
            foreach (var environment in environments.All)
            {
                newest = newest is null || environment.StartedAt >= newest.StartedAt ? environment : newest;
            }

            load = new VersionLoad
            {
                Specification = specification,
                CallsInFlight = counters.InFlight,
                CallsWaiting = waiters.Count,
                CallsMost = counters.Most,
                Arrived = counters.Begun + waiters.Count,
                Missed = counters.Missed,
                Ended = counters.Ended,
                EndedTime = TimeSpan.FromTicks(counters.EndedTicks),
                Longest = TimeSpan.FromTicks(counters.LongestTicks),
                Typical = typicalDuration.Value,
                Ready = environments.Count,
                Starting = starting,
                CallsPerEnvironment = environments.Places,
                StartTime = newest?.Phases.Total ?? TimeSpan.Zero,
            };
            counters.LongestTicks = 0;
            counters.Most = counters.InFlight + waiters.Count;
        }

        return newest is null ? load : Measure(load, newest);
    }

    /// <summary>Reads what one environment uses, once a second and only while calls end. By one thread.</summary>
    private VersionLoad Measure(VersionLoad load, ExecutionEnvironment newest)
    {
        if (processorSample is { } before && !before.Environment.Retired)
        {
            load = load with { ProcessorTimePerCall = before.PerCall, MemoryMegabytes = before.Megabytes };
            var calls = before.Environment.CallCount - before.CallCount;
            if (calls == 0 || node.Time.GetElapsedTime(before.Timestamp) < ProcessorSample.Period)
            {
                return load;
            }

            var next = ProcessorSample.Of(before.Environment, node.Timestamp, before);
            processorSample = next;
            return load with { ProcessorTimePerCall = next.PerCall, MemoryMegabytes = next.Megabytes };
        }

        processorSample = ProcessorSample.Of(newest, node.Timestamp, null);
        return load with { MemoryMegabytes = processorSample.Megabytes };
    }

    /// <summary>
    /// Starts an environment ahead of a call, unless a call or an environment came since, or it is too late.
    /// </summary>
    public Task ExpectAsync(ExpectedCall call)
    {
        lock (gate)
        {
            if (retired || forgotten || environments.Count > 0 || starting > 0
                || node.Timestamp >= call.UntilTimestamp || !idleKeeping.StillExpects(call))
            {
                return Task.CompletedTask;
            }

            starting++;
        }

        return StartAsync(new EnvironmentStart(StartReason.Expected, Expected: call));
    }

    /// <summary>
    /// Keeps so many environments whatever the idle policy says. False when the node forgot this pool: ask the new one.
    /// </summary>
    public bool TryProvision(int count)
    {
        List<EnvironmentStart>? start = null;
        lock (gate)
        {
            if (forgotten)
            {
                return false;
            }

            provisioning.Want(retired ? 0 : count);
            environments.KeepProvisioned(provisioning.Wanted);
            AddProvisioned(node.Timestamp, ref start);
        }

        start?.ForEach(one => _ = StartAsync(one));
        return true;
    }

    public ProvisionedStatus DescribeProvisioned()
    {
        lock (gate)
        {
            var ready = environments.ProvisionedCount;
            return new ProvisionedStatus(ready + provisioning.Starting, ready, provisioning.LastError);
        }
    }

    /// <summary>Counted under the lock that a call takes anyway.</summary>
    private struct CallCounters
    {
        public long Begun;
        public long Missed;
        public long Ended;
        public long EndedTicks;
        public long LongestTicks;
        public int Most;

        public readonly int InFlight => (int)(Begun - Ended);

        public void End(TimeSpan duration)
        {
            Ended++;
            EndedTicks += duration.Ticks;
            LongestTicks = Math.Max(LongestTicks, duration.Ticks);
        }
    }

    /// <summary>One environment stands for all: reading its use costs some tenths of a millisecond.</summary>
    private sealed record ProcessorSample(
        ExecutionEnvironment Environment,
        long Timestamp,
        long CallCount,
        TimeSpan Used,
        TimeSpan PerCall,
        int Megabytes)
    {
        public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

        private const double Smoothing = 0.3;

        public static ProcessorSample Of(ExecutionEnvironment environment, long timestamp, ProcessorSample? before)
        {
            var used = environment.ReadProcessorUse()?.Used ?? TimeSpan.Zero;
            var calls = environment.CallCount;
            var perCall = TimeSpan.Zero;
            if (before is not null && calls > before.CallCount)
            {
                var now = (used - before.Used) / (calls - before.CallCount);
                now = now > TimeSpan.Zero ? now : TimeSpan.Zero;
                perCall = before.PerCall == TimeSpan.Zero ? now : before.PerCall + (Smoothing * (now - before.PerCall));
            }

            return new ProcessorSample(
                environment, timestamp, calls, used, perCall, environment.PeakMemoryMegabytes);
        }
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Scaling;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The environments of one function version. The one used last is used first, so that the others can grow old and
/// stop. A call that finds none free starts one and takes whatever becomes free first, the new one or an old one.
/// </summary>
internal sealed class VersionPool(EnvironmentSpecification specification, EnvironmentPool node)
{
    private readonly Lock gate = new();
    private readonly List<ExecutionEnvironment> available = [];
    private readonly HashSet<ExecutionEnvironment> all = [];
    private readonly Queue<TaskCompletionSource<EnvironmentLease>> waiters = new();
    private int starting;
    private int busy;
    private bool retired;
    private bool forgotten;
    private TypicalDuration typicalDuration;
    private long progressTimestamp;

    /// <summary>A place for one call. False when the node forgot this pool in the meantime: ask the new one.</summary>
    public bool TryAcquire(out ValueTask<EnvironmentLease> lease)
    {
        lock (gate)
        {
            if (forgotten)
            {
                lease = default;
                return false;
            }

            var wait = EnvironmentPacking.ShouldWait(new EnvironmentDemand(
                busy, starting, waiters.Count, typicalDuration.Value, Environment.ProcessorCount));
            if (!wait && TakeAvailable() is { } environment)
            {
                lease = new ValueTask<EnvironmentLease>(Lease(environment));
                return true;
            }

            // Completed inline, outside the lock: who gives a place back sends the next call itself.
            var waiter = new TaskCompletionSource<EnvironmentLease>();
            waiters.Enqueue(waiter);
            lease = new ValueTask<EnvironmentLease>(waiter.Task);
            if (wait)
            {
                node.WatchWaiters(this);
            }

            if (wait || starting * specification.Concurrency >= waiters.Count)
            {
                return true;
            }

            starting++;
        }

        _ = StartAsync();
        return true;
    }

    /// <summary>
    /// Lets the calls that wait out of patience: when nothing became free for that long they get the free
    /// environments, and new ones are started for the rest. False when nobody waits any more.
    /// </summary>
    public bool ServeImpatient(long nowTimestamp, long patienceTimestampTicks)
    {
        List<Grant> grants = [];
        var start = 0;
        lock (gate)
        {
            if (waiters.Count == 0)
            {
                return false;
            }

            if (nowTimestamp - progressTimestamp < patienceTimestampTicks)
            {
                return true;
            }

            while (waiters.Count > 0 && TakeAvailable() is { } environment)
            {
                Give(environment, grants);
            }

            start = Math.Max(0, DivideUp(waiters.Count, specification.Concurrency) - starting);
            starting += start;
        }

        Complete(grants);
        for (var index = 0; index < start; index++)
        {
            _ = StartAsync();
        }

        return true;
    }

    public void Release(ExecutionEnvironment environment, TimeSpan duration)
    {
        ExecutionEnvironment? stop = null;
        Grant grant = default;
        lock (gate)
        {
            environment.InFlight--;
            busy -= environment.InFlight == 0 ? 1 : 0;
            typicalDuration = typicalDuration.Observe(duration);
            progressTimestamp = node.Timestamp;
            if (environment.Retired || retired)
            {
                environment.Retired = true;
                stop = environment.InFlight == 0 && all.Remove(environment) ? environment : null;
                available.Remove(environment);
            }
            else
            {
                grant = OfferOne(environment);
            }
        }

        if (stop is not null)
        {
            node.Stop(stop);
        }

        grant.Complete();
    }

    /// <summary>Stops what sat idle longer than the limit, ends what is overdue. Called by the node's sweep.</summary>
    public void Sweep(
        long nowTimestamp,
        long idleBeforeTimestamp,
        DateTimeOffset startedBefore,
        List<ExecutionEnvironment> buffer)
    {
        List<ExecutionEnvironment>? stop = null;
        lock (gate)
        {
            for (var index = available.Count - 1; index >= 0; index--)
            {
                var environment = available[index];
                if (environment.InFlight == 0 && environment.IdleSinceTimestamp <= idleBeforeTimestamp)
                {
                    Remove(environment);
                    (stop ??= []).Add(environment);
                }
            }

            buffer.Clear();
            buffer.AddRange(all);
        }

        stop?.ForEach(node.Stop);
        foreach (var environment in buffer)
        {
            if (environment.SweepDeadlines(nowTimestamp) || environment.StartedAt <= startedBefore)
            {
                Retire(environment);
            }
        }
    }

    /// <summary>The time since which the longest idle environment sits idle, or null when none does.</summary>
    public long? OldestIdleTimestamp()
    {
        lock (gate)
        {
            long? oldest = null;
            foreach (var environment in available)
            {
                if (environment.InFlight == 0 && (oldest is null || environment.IdleSinceTimestamp < oldest))
                {
                    oldest = environment.IdleSinceTimestamp;
                }
            }

            return oldest;
        }
    }

    /// <summary>
    /// Stops the longest idle environment to make room for another function's. False when none is idle.
    /// </summary>
    public bool EvictOne()
    {
        ExecutionEnvironment? victim = null;
        lock (gate)
        {
            foreach (var environment in available)
            {
                if (environment.InFlight == 0
                    && (victim is null || environment.IdleSinceTimestamp < victim.IdleSinceTimestamp))
                {
                    victim = environment;
                }
            }

            if (victim is not null)
            {
                Remove(victim);
            }
        }

        if (victim is not null)
        {
            node.Stop(victim);
        }

        return victim is not null;
    }

    /// <summary>The version was changed or deleted: idle environments stop now, busy ones after their calls.</summary>
    public void RetireAll()
    {
        List<ExecutionEnvironment> stop = [];
        lock (gate)
        {
            retired = true;
            foreach (var environment in all.ToList())
            {
                environment.Retired = true;
                available.Remove(environment);
                if (environment.InFlight == 0 && all.Remove(environment))
                {
                    stop.Add(environment);
                }
            }
        }

        stop.ForEach(node.Stop);
    }

    /// <summary>True once nothing is here and nothing will come: the node drops the pool.</summary>
    public bool TryForget()
    {
        lock (gate)
        {
            forgotten = all.Count == 0 && starting == 0 && waiters.Count == 0;
            return forgotten;
        }
    }

    public void Describe(List<EnvironmentDescription> into)
    {
        lock (gate)
        {
            foreach (var environment in all)
            {
                into.Add(new EnvironmentDescription(
                    environment.Id,
                    specification.Function,
                    specification.Version,
                    environment.InFlight > 0 ? EnvironmentState.Busy : EnvironmentState.Idle,
                    environment.CallCount,
                    environment.StartedAt,
                    environment.Phases,
                    environment.PeakMemoryMegabytes));
            }

            for (var index = 0; index < starting; index++)
            {
                into.Add(new EnvironmentDescription(
                    "", specification.Function, specification.Version, EnvironmentState.Starting, 0, default, default, 0));
            }
        }
    }

    private async Task StartAsync()
    {
        var started = await node.StartAsync(specification);
        if (started.Environment is { } environment)
        {
            environment.Home = this;
            List<Grant> grants = [];
            bool stopped;
            lock (gate)
            {
                starting--;
                progressTimestamp = node.Timestamp;
                stopped = retired && waiters.Count == 0;
                if (!stopped)
                {
                    all.Add(environment);
                    while (waiters.Count > 0 && environment.InFlight < specification.Concurrency)
                    {
                        Give(environment, grants);
                    }

                    Keep(environment);
                }
            }

            Complete(grants);

            if (stopped)
            {
                node.Stop(environment);
            }
            else
            {
                _ = ForgetWhenClosedAsync(environment);
            }

            return;
        }

        TaskCompletionSource<EnvironmentLease>? waiter;
        lock (gate)
        {
            starting--;
            waiters.TryDequeue(out waiter);
        }

        // Nobody may be waiting any more: an older environment may have served the call meanwhile.
        waiter?.TrySetResult(started.Outcome is { } outcome
            ? EnvironmentLease.Failed(outcome)
            : EnvironmentLease.Refused(started.Error!));
    }

    private async Task ForgetWhenClosedAsync(ExecutionEnvironment environment)
    {
        await environment.Closed;
        Retire(environment);
    }

    private void Retire(ExecutionEnvironment environment)
    {
        var stop = false;
        var restart = false;
        lock (gate)
        {
            environment.Retired = true;
            available.Remove(environment);
            if (environment.InFlight == 0)
            {
                stop = all.Remove(environment);
            }

            // Calls that waited for this environment need another one.
            if (waiters.Count > starting * specification.Concurrency)
            {
                starting++;
                restart = true;
            }
        }

        if (stop)
        {
            node.Stop(environment);
        }

        if (restart)
        {
            _ = StartAsync();
        }
    }

    private ExecutionEnvironment? TakeAvailable()
    {
        while (available.Count > 0)
        {
            var environment = available[^1];
            if (environment.Closed.IsCompleted)
            {
                available.RemoveAt(available.Count - 1);
                continue;
            }

            if (environment.InFlight + 1 >= specification.Concurrency)
            {
                available.RemoveAt(available.Count - 1);
            }

            return environment;
        }

        return null;
    }

    /// <summary>One place became free: it goes to the one who waits longest, or is kept for the next call.</summary>
    private Grant OfferOne(ExecutionEnvironment environment)
    {
        var grant = waiters.TryDequeue(out var waiter) ? new Grant(waiter, Lease(environment)) : default;
        Keep(environment);
        return grant;
    }

    private void Give(ExecutionEnvironment environment, List<Grant> grants) =>
        grants.Add(new Grant(waiters.Dequeue(), Lease(environment)));

    private void Keep(ExecutionEnvironment environment)
    {
        if (environment.InFlight == 0)
        {
            environment.IdleSinceTimestamp = node.Timestamp;
        }

        if (environment.InFlight >= specification.Concurrency)
        {
            available.Remove(environment);
        }
        else if (specification.Concurrency == 1 || !available.Contains(environment))
        {
            available.Add(environment);
        }
    }

    private static void Complete(List<Grant> grants)
    {
        foreach (var grant in grants)
        {
            grant.Complete();
        }
    }

    private static int DivideUp(int dividend, int divisor) => (dividend + divisor - 1) / divisor;

    private EnvironmentLease Lease(ExecutionEnvironment environment)
    {
        busy += environment.InFlight == 0 ? 1 : 0;
        environment.InFlight++;
        environment.CallCount++;
        return EnvironmentLease.Of(environment, environment.CallCount == 1);
    }

    private void Remove(ExecutionEnvironment environment)
    {
        environment.Retired = true;
        available.Remove(environment);
        all.Remove(environment);
    }

    /// <summary>A place given to a waiting call; handed over outside the lock.</summary>
    private readonly record struct Grant(TaskCompletionSource<EnvironmentLease>? Waiter, EnvironmentLease Lease)
    {
        public void Complete() => Waiter?.TrySetResult(Lease);
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;

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
    private bool retired;
    private bool forgotten;

    /// <summary>A place for one call, or null when the node forgot this pool in the meantime: ask for the new one.</summary>
    public ValueTask<EnvironmentLease>? TryAcquire()
    {
        TaskCompletionSource<EnvironmentLease> waiter;
        lock (gate)
        {
            if (forgotten)
            {
                return null;
            }

            if (TakeAvailable() is { } environment)
            {
                return ValueTask.FromResult(Lease(environment));
            }

            waiter = new TaskCompletionSource<EnvironmentLease>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Enqueue(waiter);
            if (starting * specification.Concurrency >= waiters.Count)
            {
                return new ValueTask<EnvironmentLease>(waiter.Task);
            }

            starting++;
        }

        _ = StartAsync();
        return new ValueTask<EnvironmentLease>(waiter.Task);
    }

    public void Release(ExecutionEnvironment environment)
    {
        ExecutionEnvironment? stop = null;
        lock (gate)
        {
            environment.InFlight--;
            if (environment.Retired || retired)
            {
                environment.Retired = true;
                stop = environment.InFlight == 0 && all.Remove(environment) ? environment : null;
                available.Remove(environment);
            }
            else
            {
                Offer(environment);
            }
        }

        if (stop is not null)
        {
            node.Stop(stop);
        }
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

    /// <summary>Stops the longest idle environment to make room for another function's. False when none is idle.</summary>
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
                    environment.PeakMemoryMegabytes));
            }

            for (var index = 0; index < starting; index++)
            {
                into.Add(new EnvironmentDescription(
                    "", specification.Function, specification.Version, EnvironmentState.Starting, 0, default, 0));
            }
        }
    }

    private async Task StartAsync()
    {
        var started = await node.StartAsync(specification);
        if (started.Environment is { } environment)
        {
            environment.Home = this;
            bool stopped;
            lock (gate)
            {
                starting--;
                stopped = retired && waiters.Count == 0;
                if (!stopped)
                {
                    all.Add(environment);
                    Offer(environment);
                }
            }

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

    /// <summary>Gives free places to those who wait, and keeps the environment available when places are left.</summary>
    private void Offer(ExecutionEnvironment environment)
    {
        while (environment.InFlight < specification.Concurrency && waiters.TryDequeue(out var waiter))
        {
            waiter.TrySetResult(Lease(environment));
        }

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

    private EnvironmentLease Lease(ExecutionEnvironment environment)
    {
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
}

using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Scaling;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// The environments of one function version. The one used last is used first, so that the others can grow old and
/// stop. A call that finds none free starts one and takes whatever becomes free first, the new one or an old one.
/// </summary>
internal sealed partial class VersionPool(
    EnvironmentSpecification specification, EnvironmentPool node, IdleKeeping idleKeeping)
{
    private readonly Lock gate = new();
    private readonly EnvironmentSet environments = new(specification, node.Time);
    private readonly Queue<TaskCompletionSource<EnvironmentLease>> waiters = new();
    private readonly Provisioning provisioning = new();
    private readonly ShareMeter? meter = specification.Concurrency > 1 ? new(specification, node.Time) : null;
    private int starting;
    private int busy;
    private bool retired;
    private bool forgotten;
    private TypicalDuration typicalDuration;
    private long progressTimestamp;

    /// <summary>The most calls of a backlog that are worth having in flight; null: as many as one likes.</summary>
    public int? CallsInFlightMax
    {
        get
        {
            lock (gate)
            {
                return environments.Places > 1 ? null : EnvironmentPacking.CallsInFlight(Demand);
            }
        }
    }

    private EnvironmentDemand Demand =>
        new(busy, starting, waiters.Count, typicalDuration.Value, Environment.ProcessorCount);

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

            var wait = EnvironmentPacking.ShouldWait(Demand);
            if (!wait && environments.Take(provisioning.Wanted > 0) is { } environment)
            {
                lease = new ValueTask<EnvironmentLease>(Lease(environment));
                return true;
            }

            // Completed inline, outside the lock: who gives a place back sends the next call itself.
            var waiter = new TaskCompletionSource<EnvironmentLease>();
            waiters.Enqueue(waiter);
            counters.Most = Math.Max(counters.Most, counters.InFlight + waiters.Count);
            lease = new ValueTask<EnvironmentLease>(waiter.Task);
            if (wait)
            {
                node.WatchWaiters(this);
            }

            if (wait || starting * environments.Places >= waiters.Count)
            {
                return true;
            }

            starting++;
            counters.Missed++;
        }

        node.Miss(specification);
        _ = StartAsync(EnvironmentStart.ForCall);
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

            start = GiveFreePlaces(grants);
        }

        Serve(grants, start);

        return true;
    }

    public void Release(ExecutionEnvironment environment, TimeSpan duration)
    {
        ExecutionEnvironment? stop = null;
        Grant grant = default;
        lock (gate)
        {
            typicalDuration = typicalDuration.Observe(duration);
            counters.End(duration);
            progressTimestamp = node.Timestamp;
            environment.InFlight--;
            if (environment.InFlight == 0)
            {
                idleKeeping.Fall(busy, progressTimestamp);
                busy--;
            }

            if (environment.Retired || environment.Outgrown || retired)
            {
                stop = environments.Retire(environment) ? environment : null;
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

    /// <summary>
    /// Stops what sat idle long enough, ends what is overdue or too old, and starts what takes its place. Called by
    /// the node's sweep.
    /// </summary>
    public void Sweep(long nowTimestamp, List<ExecutionEnvironment> buffer)
    {
        List<ExecutionEnvironment>? stop = null;
        List<EnvironmentStart>? start = null;
        lock (gate)
        {
            for (var index = environments.Available.Count - 1; index >= 0; index--)
            {
                var environment = environments.Available[index];
                if (IsIdleTooLong(environment, nowTimestamp))
                {
                    (stop ??= []).Add(environment);
                    environments.Remove(environment);
                }
            }

            buffer.Clear();
            buffer.AddRange(environments.All);
            AddReplacements(buffer, nowTimestamp, ref start);
            AddProvisioned(nowTimestamp, ref start);
            meter?.Count(environments.All, nowTimestamp);
        }

        if (meter?.Measure(nowTimestamp) is { } use)
        {
            Share(use);
        }

        stop?.ForEach(node.Stop);
        start?.ForEach(one => _ = StartAsync(one));
        foreach (var environment in buffer)
        {
            if (environment.SweepDeadlines(nowTimestamp) || environment.TooOldFromTimestamp <= nowTimestamp)
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
            return environments.TryFindLongestIdle(out var longest) ? longest.IdleSinceTimestamp : null;
        }
    }

    /// <summary>
    /// Stops the longest idle environment to make room for another function's. False when none is idle.
    /// </summary>
    public bool EvictOne()
    {
        ExecutionEnvironment? victim;
        lock (gate)
        {
            if (!environments.TryFindLongestIdle(out victim))
            {
                return false;
            }

            environments.Remove(victim);
        }

        node.Stop(victim);
        return true;
    }

    /// <summary>The version was changed or deleted: idle environments stop now, busy ones after their calls.</summary>
    public void RetireAll()
    {
        List<ExecutionEnvironment> stop = [];
        lock (gate)
        {
            retired = true;
            provisioning.Want(0);
            foreach (var environment in environments.All.ToList())
            {
                if (environments.Retire(environment))
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
            forgotten = environments.Count == 0 && starting == 0 && waiters.Count == 0 && provisioning.Wanted == 0;
            return forgotten;
        }
    }

    public void Describe(List<EnvironmentDescription> into)
    {
        lock (gate)
        {
            environments.Describe(into);
            for (var index = 0; index < starting; index++)
            {
                into.Add(EnvironmentDescription.Starting(specification.Function, specification.Version));
            }
        }
    }

    /// <summary>
    /// Asked when a start's turn comes: those who waited may have been served meanwhile, or others on their way suffice
    /// for them. After a no the start no longer counts.
    /// </summary>
    private bool IsWanted(EnvironmentStart start)
    {
        lock (gate)
        {
            var wanted = start.Reason != StartReason.Call
                || (starting - 1) * environments.Places < waiters.Count;
            starting -= wanted ? 0 : 1;
            return wanted;
        }
    }

    private async Task StartAsync(EnvironmentStart start)
    {
        var started = await node.StartAsync(specification, start, () => IsWanted(start));
        if (started == StartedEnvironment.NotWanted)
        {
            return;
        }

        if (started.Environment is { } environment)
        {
            Join(environment, start);
        }
        else
        {
            Fail(started, start);
        }
    }

    private void Join(ExecutionEnvironment environment, EnvironmentStart start)
    {
        environment.Home = this;
        List<Grant> grants = [];
        bool stopped;
        lock (gate)
        {
            starting--;
            progressTimestamp = node.Timestamp;
            if (start.Reason == StartReason.Provisioned)
            {
                provisioning.Started();
                environment.Provisioned = environments.ProvisionedCount < provisioning.Wanted;
            }

            stopped = retired && waiters.Count == 0;
            if (!stopped)
            {
                node.SetAges(environment);
                environments.Add(environment);
                while (waiters.Count > 0 && environment.InFlight < environments.Places)
                {
                    Give(environment, grants);
                }

                environments.Keep(environment);
                environment.StartedAhead = start.Reason != StartReason.Call;
                environment.ExpectedUntilTimestamp = start.Expected?.UntilTimestamp ?? 0;
            }
        }

        Grant.Complete(grants);
        if (stopped)
        {
            node.Stop(environment);
            return;
        }

        _ = ForgetWhenClosedAsync(environment);
        if (start.Replaces is { } old)
        {
            TakeOver(environment, old);
        }
    }

    /// <summary>The new one is ready: the old one takes no more calls.</summary>
    private void TakeOver(ExecutionEnvironment environment, ExecutionEnvironment old)
    {
        lock (gate)
        {
            var provisioned = old.Provisioned;
            old.Provisioned = false;
            environment.Provisioned = provisioned && environments.ProvisionedCount < provisioning.Wanted;
            if (environment.InFlight == 0 && old.InFlight == 0 && !old.Retired)
            {
                // An environment that nobody calls does not gain time by being replaced.
                environment.IdleSinceTimestamp = old.IdleSinceTimestamp;
                environment.ExpectedUntilTimestamp = old.ExpectedUntilTimestamp;
            }
        }

        Retire(old);
    }

    private void Fail(StartedEnvironment started, EnvironmentStart start)
    {
        TaskCompletionSource<EnvironmentLease>? waiter = null;
        var restart = false;
        if (meter is not null && started.Error == EnvironmentPool.NodeFull)
        {
            // Whoever finds no place then either is refused below.
            Share(null);
        }

        lock (gate)
        {
            starting--;
            if (start.Reason == StartReason.Provisioned)
            {
                provisioning.Failed(StartFailures.Describe(started), node.Timestamp, node.TimestampFrequency);
            }
            else if (start.Reason == StartReason.Ahead)
            {
                aheadWanted = 0;
                node.PauseAhead(specification);
            }

            // A call whose own start failed hears of it; one that counted on another start gets its own.
            if (start.Reason == StartReason.Call)
            {
                waiters.TryDequeue(out waiter);
            }
            else
            {
                restart = TakeMissingStart();
            }

            start.Replaces?.RetryReplacement(node.Timestamp, node.TimestampFrequency);
        }

        // Nobody may be waiting any more: an older environment may have served the call meanwhile.
        waiter?.TrySetResult(started.Outcome is { } outcome
            ? EnvironmentLease.Failed(outcome)
            : EnvironmentLease.Refused(started.Error!));
        if (waiter is null)
        {
            started.Outcome?.Dispose();
        }

        if (restart)
        {
            _ = StartAsync(EnvironmentStart.ForCall);
        }
    }

    /// <summary>
    /// So many calls share an environment from now on as their use allows; as many as their owner allows when the node
    /// is full (null). Calls that wait get the places that are there now, or new environments.
    /// </summary>
    private void Share(MeasuredUse? use)
    {
        List<Grant> grants = [];
        var start = 0;
        lock (gate)
        {
            if (!meter!.Observe(use, environments.Places))
            {
                return;
            }

            environments.Places = meter.Places;
            start = GiveFreePlaces(grants);
        }

        Serve(grants, start);
    }

    /// <summary>
    /// Gives the calls that wait the free places, and counts as begun the starts that the rest of them need. Under the
    /// lock; followed by <see cref="Serve"/> outside of it.
    /// </summary>
    private int GiveFreePlaces(List<Grant> grants)
    {
        while (waiters.Count > 0 && environments.Take(provisioning.Wanted > 0) is { } environment)
        {
            Give(environment, grants);
        }

        var start = Math.Max(0, environments.CountFor(waiters.Count) - starting);
        starting += start;
        return start;
    }

    private void Serve(List<Grant> grants, int start)
    {
        Grant.Complete(grants);
        for (var index = 0; index < start; index++)
        {
            _ = StartAsync(EnvironmentStart.ForCall);
        }
    }

    private async Task ForgetWhenClosedAsync(ExecutionEnvironment environment)
    {
        await environment.Closed;
        Retire(environment);
    }

    private void Retire(ExecutionEnvironment environment)
    {
        bool stop;
        bool restart;
        lock (gate)
        {
            stop = environments.Retire(environment);

            // Calls that waited for this environment need another one.
            restart = TakeMissingStart();
        }

        if (stop)
        {
            node.Stop(environment);
        }

        if (restart)
        {
            _ = StartAsync(EnvironmentStart.ForCall);
        }
    }

    private bool TakeMissingStart()
    {
        var missing = waiters.Count > starting * environments.Places;
        starting += missing ? 1 : 0;
        return missing;
    }

    private bool IsIdleTooLong(ExecutionEnvironment environment, long nowTimestamp)
    {
        if (environment.InFlight > 0 || environment.Provisioned
            || !idleKeeping.IsOver(environment, busy == 0, nowTimestamp, out var expected))
        {
            return false;
        }

        if (expected is not null && environments.Count == 1)
        {
            node.Expect(expected);
        }

        return true;
    }

    private void AddProvisioned(long nowTimestamp, ref List<EnvironmentStart>? start)
    {
        if (provisioning.Wanted == 0)
        {
            return;
        }

        var missing = provisioning.TakeMissing(environments.ProvisionedCount, nowTimestamp);
        starting += missing;
        for (var index = 0; index < missing; index++)
        {
            (start ??= []).Add(EnvironmentStart.Provisioned);
        }
    }

    /// <summary>
    /// For environments that are in use, or would be kept for the next call, and are about to be too old. Spare ones
    /// end without a replacement, and so do all where there is no room: then the next call starts one.
    /// </summary>
    private void AddReplacements(
        List<ExecutionEnvironment> candidates, long nowTimestamp, ref List<EnvironmentStart>? start)
    {
        foreach (var environment in candidates)
        {
            if (environment.ReplaceFromTimestamp > nowTimestamp || environment.Retired || retired)
            {
                continue;
            }

            environment.ReplaceFromTimestamp = long.MaxValue;
            var isLast = busy == 0 && environment.IdleSinceTimestamp >= idleKeeping.IdleSinceTimestamp;
            if (environment.Provisioned || environment.InFlight > 0 || isLast
                || node.IsRecent(environment.IdleSinceTimestamp, nowTimestamp))
            {
                starting++;
                (start ??= []).Add(new EnvironmentStart(StartReason.Replacement, Replaces: environment));
            }
        }
    }

    /// <summary>One place became free: it goes to the one who waits longest, or is kept for the next call.</summary>
    private Grant OfferOne(ExecutionEnvironment environment)
    {
        var grant = environment.InFlight < environments.Places && waiters.TryDequeue(out var waiter)
            ? new Grant(waiter, Lease(environment))
            : default;
        environments.Keep(environment);
        return grant;
    }

    private void Give(ExecutionEnvironment environment, List<Grant> grants) =>
        grants.Add(new Grant(waiters.Dequeue(), Lease(environment)));

    private EnvironmentLease Lease(ExecutionEnvironment environment)
    {
        if (environment.InFlight == 0)
        {
            busy++;
            idleKeeping.Rise(busy);
        }

        environment.InFlight++;
        environment.CallCount++;
        counters.Begun++;
        counters.Most = Math.Max(counters.Most, counters.InFlight + waiters.Count);
        var use = provisioning.Wanted == 0 ? EnvironmentUse.OnDemand
            : environment.Provisioned ? EnvironmentUse.Provisioned
            : EnvironmentUse.SpillOver;
        return EnvironmentLease.Of(environment, environment.CallCount == 1 && !environment.StartedAhead, use);
    }
}

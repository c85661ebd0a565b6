using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Isolation;
using Lambent.Sandbox.RuntimeApi;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// All environments of this node. Its one loop ends overdue calls and stops idle environments; it rests while there
/// are none.
/// </summary>
public sealed partial class EnvironmentPool : IAsyncDisposable
{
    internal static readonly Error NodeFull = new(
        ErrorCode.AccountConcurrencyExceeded,
        "Rate Exceeded.",
        Reason: "ConcurrentInvocationLimitExceeded");

    /// <summary>
    /// Timers fire together at the full hour: their environments are started a few at a time, so that calls which are
    /// there already keep most of the processors.
    /// </summary>
    private static readonly int StartsAheadMax = Math.Max(2, Environment.ProcessorCount);

    private readonly ConcurrentDictionary<EnvironmentSpecification, VersionPool> pools = new();
    private readonly ConcurrentDictionary<Task, byte> stopping = new();
    private readonly Lock expecting = new();
    private readonly ExpectedCalls expectedCalls = new();
    private readonly KeepAlivePolicy keepAlive;
    private readonly DemandHistories histories;
    private readonly EnvironmentAges ages;
    private readonly IEnvironmentStarter starter;
    private readonly PoolOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim capacity;
    private readonly CancellationTokenSource disposed = new();
    private readonly ITimer sweepTimer;
    private readonly ConcurrentDictionary<VersionPool, byte> waiting = new();
    private readonly ITimer patienceTimer;
    private int sweeping;
    private int startingAhead;
    private int patienceArmed;

    internal EnvironmentPool(IEnvironmentStarter starter, PoolOptions options, TimeProvider time)
    {
        this.starter = starter;
        this.options = options;
        this.time = time;
        keepAlive = new KeepAlivePolicy(new KeepAliveOptions { FixedDuration = options.IdleTimeout });
        histories = new DemandHistories(keepAlive.Options.SettlingTime);
        ages = new EnvironmentAges(options.AgeMax, options.SweepPeriod, options.Chance, time);
        capacity = new SemaphoreSlim(options.EnvironmentsMax, options.EnvironmentsMax);
        sweepTimer = time.CreateTimer(_ => Sweep(), null, options.SweepPeriod, options.SweepPeriod);
        patienceTimer = time.CreateTimer(
            _ => ServeImpatient(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The pool of a server.</summary>
    public static EnvironmentPool Create(
        PoolOptions options,
        EnvironmentStarterOptions starterOptions,
        IsolationDrivers drivers,
        InterpreterCatalog interpreters,
        RuntimeApiDirectory runtimeApis,
        IPackageStore packages,
        IEnvironmentCredentialIssuer credentials,
        ITelemetrySink telemetry,
        TimeProvider time,
        Func<string> newEnvironmentId,
        Action<string> warn)
    {
        var sandboxes = new SandboxStarter(drivers, interpreters, time, newEnvironmentId);
        var waiting = new GenericPool(sandboxes, options.Generic, time, warn);
        return new EnvironmentPool(
            new EnvironmentStarter(
                starterOptions, sandboxes, waiting, runtimeApis, packages, credentials, telemetry, time),
            options,
            time)
        {
            Waiting = waiting,
        };
    }

    /// <summary>The environments that wait for a function; null where a test brings its own starter.</summary>
    internal GenericPool? Waiting { get; init; }

    /// <summary>Functions of this kind exist: environments that they could use are kept ready.</summary>
    public void Expect(GenericKind kind) => Waiting?.Expect(kind);

    /// <summary>Environments that wait for a function, and how many are to.</summary>
    public (int Count, int Wanted) WaitingCounts => Waiting?.Counts ?? default;

    internal TimeProvider Time => time;

    internal long Timestamp => time.GetTimestamp();

    internal long TimestampFrequency => time.TimestampFrequency;

    /// <summary>
    /// A place in a ready environment of this version, starting one when none is free. Never throws; a lease without
    /// an environment says why.
    /// </summary>
    public ValueTask<EnvironmentLease> AcquireAsync(EnvironmentSpecification specification)
    {
        while (true)
        {
            if (PoolOf(specification).TryAcquire(out var lease))
            {
                return lease;
            }
        }
    }

    /// <summary>
    /// Keeps this many environments of a version started, whatever the idle policy says: those that end are started
    /// again (after a failure later and later), old ones are replaced first, a full node does not stop them, and calls
    /// prefer them. 0 lets them go. Ends with the specification, see <see cref="Retire"/>.
    /// </summary>
    /// <param name="specification">The current one of the version.</param>
    /// <param name="count">Environments, each with room for the specification's concurrency; not negative.</param>
    public void Provision(EnvironmentSpecification specification, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        while ((count > 0 || pools.ContainsKey(specification)) && !PoolOf(specification).TryProvision(count))
        {
            // The pool was forgotten between finding and asking it; the next one is new.
        }
    }

    /// <summary>How far the environments that <see cref="Provision"/> asked for are.</summary>
    public ProvisionedStatus DescribeProvisioned(EnvironmentSpecification specification) =>
        pools.TryGetValue(specification, out var pool)
            ? pool.DescribeProvisioned()
            : new ProvisionedStatus(0, 0, null);

    /// <summary>Environments of specifications that are no longer current stop after their calls.</summary>
    public void Retire(Func<EnvironmentSpecification, bool> isCurrent)
    {
        foreach (var (specification, pool) in pools)
        {
            if (!isCurrent(specification))
            {
                pool.RetireAll();
            }
        }

        // After the pools, which can foresee nothing more now; one being started ahead right now is seen above, or
        // not started.
        lock (expecting)
        {
            expectedCalls.Keep(isCurrent);
        }
    }

    /// <summary>What is known of when functions were called, for <see cref="Restore"/> after a restart.</summary>
    public IReadOnlyList<RememberedDemand> ReadHistories() => histories.Read();

    /// <summary>Takes up what was known before a restart; the one used last comes last.</summary>
    public void Restore(IEnumerable<RememberedDemand> remembered)
    {
        foreach (var history in remembered)
        {
            histories.Restore(history);
        }
    }

    /// <summary>The function was deleted: how it was called says nothing about the next one of its name.</summary>
    public void ForgetHistory(FunctionId function) => histories.Forget(function);

    public IReadOnlyList<EnvironmentDescription> Describe()
    {
        List<EnvironmentDescription> descriptions = [];
        foreach (var pool in pools.Values)
        {
            pool.Describe(descriptions);
        }

        return descriptions;
    }

    public async ValueTask DisposeAsync()
    {
        await sweepTimer.DisposeAsync();
        await patienceTimer.DisposeAsync();
        await disposed.CancelAsync();
        foreach (var pool in pools.Values)
        {
            pool.RetireAll();
        }

        await Task.WhenAll(stopping.Keys);
        if (Waiting is not null)
        {
            await Waiting.DisposeAsync();
        }

        disposed.Dispose();
    }

    /// <param name="specification">What to start.</param>
    /// <param name="start">Why; says whether to wait for room on a full node.</param>
    /// <param name="isWanted">See <see cref="StartRequest"/>.</param>
    internal async Task<StartedEnvironment> StartAsync(
        EnvironmentSpecification specification, EnvironmentStart start, Func<bool> isWanted)
    {
        if (!await ReserveAsync(start.MakesRoom))
        {
            return new StartedEnvironment(null, Error: NodeFull);
        }

        var request = new StartRequest(specification, start.IsProvisioned, isWanted);
        var started = await starter.StartAsync(request, disposed.Token);
        if (started.Environment is null)
        {
            capacity.Release();
        }

        return started;
    }

    /// <summary>Stops an environment that no call uses, in the background.</summary>
    internal void Stop(ExecutionEnvironment environment)
    {
        var task = StopAsync(environment);
        stopping.TryAdd(task, 0);
        _ = task.ContinueWith(
            done => stopping.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>An environment will be started ahead of this call, unless one comes before.</summary>
    internal void Expect(ExpectedCall call) => expectedCalls.Add(call);

    internal void SetAges(ExecutionEnvironment environment) => ages.Set(environment);

    internal bool IsRecent(long idleSinceTimestamp, long nowTimestamp) =>
        time.GetElapsedTime(idleSinceTimestamp, nowTimestamp) <= ages.ReplacementLead;

    /// <summary>Looks after a pool whose calls chose to wait, until none does.</summary>
    internal void WatchWaiters(VersionPool pool)
    {
        waiting.TryAdd(pool, 0);
        if (Volatile.Read(ref patienceArmed) == 0 && Interlocked.Exchange(ref patienceArmed, 1) == 0)
        {
            patienceTimer.Change(EnvironmentPacking.PatienceMax, Timeout.InfiniteTimeSpan);
        }
    }

    private void ServeImpatient()
    {
        Volatile.Write(ref patienceArmed, 0);
        var now = time.GetTimestamp();
        var patience = (long)(EnvironmentPacking.PatienceMax.TotalSeconds * time.TimestampFrequency);
        foreach (var pool in waiting.Keys)
        {
            // Removed before it is asked: a call that begins to wait meanwhile puts it back.
            waiting.TryRemove(pool, out _);
            if (pool.ServeImpatient(now, patience))
            {
                WatchWaiters(pool);
            }
        }
    }

    private VersionPool PoolOf(EnvironmentSpecification specification) =>
        pools.TryGetValue(specification, out var pool)
            ? pool
            : pools.GetOrAdd(specification, CreatePool);

    private VersionPool CreatePool(EnvironmentSpecification specification) => new(
        specification,
        this,
        new IdleKeeping(
            keepAlive, options.PredictsIdleTimes ? histories.Of(specification) : null, specification, time));

    private async Task StopAsync(ExecutionEnvironment environment)
    {
        // Off the caller's path: releasing a lease must not pay for taking a sandbox down.
        await Task.Yield();
        try
        {
            await environment.StopAsync();
        }
        finally
        {
            capacity.Release();
        }
    }

    private async Task<bool> ReserveAsync(bool makesRoom)
    {
        if (await capacity.WaitAsync(TimeSpan.Zero))
        {
            return true;
        }

        if (!makesRoom)
        {
            return false;
        }

        EvictLongestIdle();
        try
        {
            return await capacity.WaitAsync(options.CapacityWait, disposed.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void EvictLongestIdle()
    {
        VersionPool? victim = null;
        var oldest = long.MaxValue;
        foreach (var pool in pools.Values)
        {
            if (pool.OldestIdleTimestamp() is { } idleSince && idleSince < oldest)
            {
                (victim, oldest) = (pool, idleSince);
            }
        }

        victim?.EvictOne();
    }

    private async Task StartAheadAsync(ExpectedCall call)
    {
        Interlocked.Increment(ref startingAhead);
        try
        {
            await PoolOf(call.Specification).ExpectAsync(call);
        }
        finally
        {
            Interlocked.Decrement(ref startingAhead);
        }
    }

    private void Sweep()
    {
        if (Interlocked.Exchange(ref sweeping, 1) == 1)
        {
            return;
        }

        var now = time.GetTimestamp();
        lock (expecting)
        {
            while (Volatile.Read(ref startingAhead) < StartsAheadMax && expectedCalls.TakeDue(now) is { } call)
            {
                _ = StartAheadAsync(call);
            }
        }

        List<ExecutionEnvironment>? buffer = null;
        foreach (var (specification, pool) in pools)
        {
            pool.Sweep(now, buffer ??= []);
            if (pool.TryForget())
            {
                pools.TryRemove(KeyValuePair.Create(specification, pool));
            }
        }

        Volatile.Write(ref sweeping, 0);
    }
}

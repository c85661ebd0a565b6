using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
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
public sealed class EnvironmentPool : IAsyncDisposable
{
    private static readonly Error NodeFull = new(
        ErrorCode.AccountConcurrencyExceeded,
        "Rate Exceeded.",
        Reason: "ConcurrentInvocationLimitExceeded");

    private readonly ConcurrentDictionary<EnvironmentSpecification, VersionPool> pools = new();
    private readonly ConcurrentDictionary<Task, byte> stopping = new();
    private readonly IEnvironmentStarter starter;
    private readonly PoolOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim capacity;
    private readonly CancellationTokenSource disposed = new();
    private readonly ITimer sweepTimer;
    private readonly ConcurrentDictionary<VersionPool, byte> waiting = new();
    private readonly ITimer patienceTimer;
    private int sweeping;
    private int patienceArmed;

    internal EnvironmentPool(IEnvironmentStarter starter, PoolOptions options, TimeProvider time)
    {
        this.starter = starter;
        this.options = options;
        this.time = time;
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

    internal long Timestamp => time.GetTimestamp();

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
    }

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

    internal async Task<StartedEnvironment> StartAsync(EnvironmentSpecification specification)
    {
        // Off the thread that serves sockets: what starts a process may block.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (!await ReserveAsync())
        {
            return new StartedEnvironment(null, Error: NodeFull);
        }

        var started = await starter.StartAsync(specification, disposed.Token);
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
            : pools.GetOrAdd(specification, key => new VersionPool(key, this));

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

    private async Task<bool> ReserveAsync()
    {
        if (await capacity.WaitAsync(TimeSpan.Zero))
        {
            return true;
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

    private void Sweep()
    {
        if (pools.IsEmpty || Interlocked.Exchange(ref sweeping, 1) == 1)
        {
            return;
        }

        var now = time.GetTimestamp();
        var idleBefore = now - (long)(options.IdleTimeout.TotalSeconds * time.TimestampFrequency);
        var startedBefore = time.GetUtcNow() - options.AgeMax;
        List<ExecutionEnvironment> buffer = [];
        foreach (var (specification, pool) in pools)
        {
            pool.Sweep(now, idleBefore, startedBefore, buffer);
            if (pool.TryForget())
            {
                pools.TryRemove(KeyValuePair.Create(specification, pool));
            }
        }

        Volatile.Write(ref sweeping, 0);
    }
}

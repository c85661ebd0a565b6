using System.Runtime.CompilerServices;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Pool;
using Lambent.Server.Functions;

namespace Lambent.Server.Dispatch;

/// <summary>
/// Every call of a function goes through here, whoever made it: admit, take an environment, call, record.
/// </summary>
internal sealed class Dispatcher
{
    /// <summary>An environment can end between the lease and the call; then another one is tried.</summary>
    private const int AttemptsMax = 3;

    private static readonly Error DrainingError = new(
        ErrorCode.Draining, "The server is shutting down and takes no new calls. Try again in a moment.");

    private readonly EnvironmentPool pool;
    private readonly ConcurrencyLimiter limiter;
    private readonly ITelemetrySink telemetry;
    private readonly CallTraces traces;
    private readonly TimeProvider time;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int inFlight;
    private volatile bool draining;

    public Dispatcher(
        EnvironmentPool pool,
        ConcurrencyLimiter limiter,
        FunctionDirectory directory,
        ITelemetrySink telemetry,
        CallTraces traces,
        TimeProvider time)
    {
        this.pool = pool;
        this.limiter = limiter;
        this.telemetry = telemetry;
        this.traces = traces;
        this.time = time;
        foreach (var kind in directory.All().Select(function => function.LatestKind).Distinct())
        {
            pool.Expect(kind);
        }

        directory.Changed += changed =>
        {
            var current = directory.Find(changed);
            pool.Retire(
                specification => specification.Function != changed || current?.Uses(specification) == true);
            if (current is not null)
            {
                pool.Expect(current.LatestKind);
            }
        };
    }

    /// <summary>Decides which calls are kept with their events and answers; null: none.</summary>
    public ICallKeeper? Calls { get; init; }

    /// <summary>Calls in flight now, of all accounts.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>
    /// Makes a call. The result is an error when the platform refused it (limits, shutdown), otherwise an outcome,
    /// which the caller disposes.
    /// </summary>
    /// <param name="function">The snapshot the caller routed with.</param>
    /// <param name="specification">What <see cref="FunctionSnapshot.Route"/> chose.</param>
    /// <param name="invocation">The call.</param>
    /// <param name="source">invoke, url or event: who asked.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Result<InvocationOutcome>> InvokeAsync(
        FunctionSnapshot function, EnvironmentSpecification specification, Invocation invocation, string source)
    {
        if (draining)
        {
            return DrainingError;
        }

        if (limiter.Admit(function, out var admission) is { } refused)
        {
            telemetry.Refuse(specification.Function, specification.Version, invocation.InvokedArn);
            return refused;
        }

        if (invocation.Trace.IsNone)
        {
            invocation.Trace = traces.Begin(invocation.Trace.Parent, invocation.RequestId);
        }

        Interlocked.Increment(ref inFlight);
        try
        {
            return await CallAsync(specification, invocation, source);
        }
        finally
        {
            admission.Release();
            if (Interlocked.Decrement(ref inFlight) == 0 && draining)
            {
                drained.TrySetResult();
            }
        }
    }

    /// <summary>Refuses new calls and waits until those in flight have ended, or the limit has passed.</summary>
    public async Task DrainAsync(TimeSpan limit)
    {
        draining = true;
        if (Volatile.Read(ref inFlight) == 0)
        {
            return;
        }

        try
        {
            await drained.Task.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // What still runs is cut off; durable events among it are delivered again after the next start.
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Result<InvocationOutcome>> CallAsync(
        EnvironmentSpecification specification, Invocation invocation, string source)
    {
        for (var attempt = 1; ; attempt++)
        {
            var startedAt = time.GetUtcNow();
            var asked = time.GetTimestamp();
            var lease = await pool.AcquireAsync(specification);
            if (lease.Error is { } error)
            {
                return error;
            }

            if (lease.StartOutcome is { } failed)
            {
                var untilFailure = new CallPhases(invocation.Queued, time.GetElapsedTime(asked));
                return Record(
                    specification, invocation, failed, startedAt, untilFailure, memoryMegabytes: 0, source);
            }

            var environment = lease.Environment!;
            var waited = time.GetElapsedTime(asked);
            startedAt = time.GetUtcNow();
            var outcome = environment.Judge(invocation, await environment.InvokeAsync(invocation));
            var memory = environment.PeakMemoryMegabytes;
            environment.Release(outcome.Duration);

            if (outcome.NeverStarted && attempt < AttemptsMax)
            {
                outcome.Dispose();
                continue;
            }

            outcome.InitDuration = lease.IsCold ? environment.InitDuration : null;
            var phases = Phases(invocation, waited, lease.IsCold ? environment.Phases : default);
            return Record(specification, invocation, outcome, startedAt, phases, memory, source, lease.Use);
        }
    }

    private static CallPhases Phases(Invocation invocation, TimeSpan waited, StartPhases start)
    {
        // A call may get an environment whose start began before it came: then nothing is left for the wait.
        var place = waited - start.Total;
        return new CallPhases(
            invocation.Queued, place > TimeSpan.Zero ? place : TimeSpan.Zero, start.Fetch, start.Start, start.Init);
    }

    private InvocationOutcome Record(
        EnvironmentSpecification specification,
        Invocation invocation,
        InvocationOutcome outcome,
        DateTimeOffset startedAt,
        CallPhases phases,
        int memoryMegabytes,
        string source,
        EnvironmentUse use = EnvironmentUse.OnDemand)
    {
        outcome.MaxMemoryUsedMegabytes = memoryMegabytes;
        var record = new InvocationRecord
        {
            RequestId = invocation.RequestId,
            Function = specification.Function,
            Version = specification.Version,
            EnvironmentId = outcome.EnvironmentId,
            StartedAt = startedAt,
            Duration = outcome.Duration,
            InitDuration = outcome.InitDuration,
            Use = use,
            Phases = phases,
            Outcome = outcome.Kind,
            MemoryMegabytes = specification.MemoryMegabytes,
            MaxMemoryUsedMegabytes = memoryMegabytes,
            Source = source,
            CameFrom = invocation.CameFrom,
            ReplayOf = invocation.ReplayOf,
            Copy = Calls?.Take(specification, invocation, outcome, startedAt),
            Trace = invocation.Trace,
            CodeDigest = specification.Code.Digest,
            InvokedArn = invocation.InvokedArn,
        };
        telemetry.Record(record);
        if (invocation.WantsLogTail)
        {
            outcome.LogTail = ComposeTail(record, outcome.LogTail);
        }

        return outcome;
    }

    private static byte[] ComposeTail(InvocationRecord record, byte[]? output)
    {
        byte[] text =
        [
            .. Encoding.UTF8.GetBytes(ReportLines.Start(record.RequestId, record.Version)),
            .. output ?? [],
            .. Encoding.UTF8.GetBytes(ReportLines.End(record.RequestId)),
            .. Encoding.UTF8.GetBytes(ReportLines.Report(record)),
        ];
        return text.Length <= Limits.LogTailBytes ? text : text[^Limits.LogTailBytes..];
    }
}

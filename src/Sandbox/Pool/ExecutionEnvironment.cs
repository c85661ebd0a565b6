using Lambent.Kernel.Environments;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Channels;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>One environment that is ready for calls. Its counters are guarded by its version's pool.</summary>
public sealed class ExecutionEnvironment
{
    private readonly IEnvironmentChannel channel;
    private static readonly TimeSpan MemorySamplePeriod = TimeSpan.FromSeconds(1);

    /// <summary>Beside a call this long, reading a file of the kernel is nothing.</summary>
    private static readonly TimeSpan LongCall = TimeSpan.FromMilliseconds(20);

    private readonly SandboxProcess process;
    private readonly TimeProvider time;
    private readonly Action retire;
    private long memorySampledTimestamp;
    private int peakMemoryMegabytes;

    internal ExecutionEnvironment(
        EnvironmentSpecification specification,
        SandboxProcess process,
        IEnvironmentChannel channel,
        StartPhases phases,
        TimeProvider time)
    {
        Specification = specification;
        this.process = process;
        this.channel = channel;
        this.time = time;
        retire = () => Home.Retire(this);
        StartedAt = time.GetUtcNow();
        Phases = phases;
    }

    public string Id => process.EnvironmentId;

    public EnvironmentSpecification Specification { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>What its start took.</summary>
    public StartPhases Phases { get; }

    /// <summary>Start of the process and load of the code.</summary>
    public TimeSpan InitDuration => Phases.Total;

    /// <summary>Sampled, so that a short call does not pay for reading a file of the kernel.</summary>
    public int PeakMemoryMegabytes
    {
        get
        {
            var now = time.GetTimestamp();
            if (memorySampledTimestamp == 0 || time.GetElapsedTime(memorySampledTimestamp, now) > MemorySamplePeriod)
            {
                memorySampledTimestamp = now;
                peakMemoryMegabytes = (int)(process.PeakMemoryBytes / (1024 * 1024));
            }

            return peakMemoryMegabytes;
        }
    }

    /// <summary>Processors that its calls can use together; a fraction where they are held to one.</summary>
    internal double CoresMax { get; init; } = 1;

    /// <summary>The pool it belongs to; set before its first lease.</summary>
    internal VersionPool Home { get; set; } = null!;

    internal int InFlight { get; set; }

    internal long CallCount { get; set; }

    internal long IdleSinceTimestamp { get; set; }

    /// <summary>One of those that are kept whatever the idle policy says.</summary>
    internal bool Provisioned { get; set; }

    /// <summary>Started before a call asked for it: its first call does not wait and is not cold.</summary>
    internal bool StartedAhead { get; set; }

    /// <summary>When it stops unless a call came, for one started ahead of a predicted call; otherwise 0.</summary>
    internal long ExpectedUntilTimestamp { get; set; }

    /// <summary>From when on its replacement is started, so that its end costs no call a cold start.</summary>
    internal long ReplaceFromTimestamp { get; set; }

    /// <summary>From when on it takes no new calls.</summary>
    internal long TooOldFromTimestamp { get; set; }

    /// <summary>Set once it may take no new call; it is stopped when the last one ended.</summary>
    internal bool Retired { get; set; }

    /// <summary>It outgrew its memory and is being killed: the next call must not get it while it dies.</summary>
    internal bool Outgrown { get; private set; }

    internal Task Closed => channel.Closed;

    /// <summary>Makes one call; the caller holds a lease.</summary>
    public ValueTask<InvocationOutcome> InvokeAsync(Invocation invocation) =>
        channel.InvokeAsync(invocation, Specification.Timeout);

    /// <summary>Null where it cannot be measured.</summary>
    internal ProcessorUse? ReadProcessorUse() => process.ReadProcessorUse();

    /// <summary>
    /// What the call's outcome is, after a look at the memory: whoever outgrew it is ended at once, but on a crowded
    /// machine the call may have been quicker than its end.
    /// </summary>
    public InvocationOutcome Judge(Invocation invocation, InvocationOutcome outcome)
    {
        const int Killed = 137;
        if (outcome.Duration < LongCall || !outcome.IsSuccess || !process.EndIfOutgrown())
        {
            return outcome;
        }

        Outgrown = true;
        var ended = OutcomeErrors.Exited(invocation.RequestId, new SandboxExit(Killed, OutOfMemory: true));
        (ended.EnvironmentId, ended.Duration) = (outcome.EnvironmentId, outcome.Duration);
        (ended.LogTail, ended.StreamsEnded) = (outcome.LogTail, outcome.StreamsEnded);
        outcome.Dispose();
        return ended;
    }

    /// <summary>Its replacement did not start: tried again half-way to its end, unless that is too near.</summary>
    internal void RetryReplacement(long nowTimestamp, long timestampFrequency)
    {
        var left = TooOldFromTimestamp - nowTimestamp;
        ReplaceFromTimestamp = left > timestampFrequency ? nowTimestamp + (left / 2) : long.MaxValue;
    }

    /// <summary>Gives the lease back after the call's outcome was received.</summary>
    public void Release(TimeSpan duration) => Home.Release(this, duration);

    /// <summary>Ends overdue calls, after it was retired: it is killed with them and must take no new ones.</summary>
    internal void SweepDeadlines(long nowTimestamp) => channel.SweepDeadlines(nowTimestamp, retire);

    internal async Task StopAsync()
    {
        await channel.DisposeAsync();
        await process.DisposeAsync();
    }
}

using Lambent.Kernel.Environments;
using Lambent.Kernel.Scaling;
using Lambent.Sandbox.Isolation;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// Measures what the calls of a version use where several may share an environment, and keeps how many do. The sweep
/// does all of it: a call pays nothing. A few environments stand for all, because reading an environment's processor
/// time costs some tenths of a millisecond.
/// </summary>
/// <remarks>
/// <see cref="Count"/> and <see cref="Observe"/> under the lock of the version's pool; the others by the sweep alone.
/// </remarks>
internal sealed class ShareMeter(EnvironmentSpecification specification, TimeProvider time)
{
    private const int MeteredMax = 4;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FullNodePause = TimeSpan.FromMinutes(1);

    private readonly List<Metered> metered = [];
    private EnvironmentShare share = new(specification.Concurrency);
    private long countedTimestamp;
    private long windowBeganTimestamp;
    private long fullTimestamp;

    /// <summary>Calls at a time in one environment.</summary>
    public int Places => share.Places;

    /// <summary>
    /// Adds up the calls in flight since the last time, and takes new environments into the measurement.
    /// </summary>
    public void Count(IReadOnlyCollection<ExecutionEnvironment> environments, long nowTimestamp)
    {
        var elapsed = countedTimestamp == 0 ? TimeSpan.Zero : time.GetElapsedTime(countedTimestamp, nowTimestamp);
        countedTimestamp = nowTimestamp;
        metered.RemoveAll(one => one.Environment.Retired);
        foreach (var one in metered)
        {
            one.Count(elapsed);
        }

        foreach (var environment in environments)
        {
            if (metered.Count >= MeteredMax)
            {
                break;
            }

            if (environment.InFlight > 0 && metered.TrueForAll(one => one.Environment != environment))
            {
                metered.Add(new Metered(environment));
            }
        }
    }

    /// <summary>What was used in the window that ended now; null while it lasts.</summary>
    public MeasuredUse? Measure(long nowTimestamp)
    {
        foreach (var one in metered)
        {
            one.Begin();
        }

        if (windowBeganTimestamp == 0)
        {
            windowBeganTimestamp = nowTimestamp;
        }

        if (time.GetElapsedTime(windowBeganTimestamp, nowTimestamp) < Window
            || TimeSpan.FromTicks(metered.Sum(one => one.CallTime.Ticks)) < EnvironmentShare.EvidenceMin)
        {
            return null;
        }

        windowBeganTimestamp = nowTimestamp;
        var use = new MeasuredUse(default, default, 0, default, default, CoresMax: 0);
        foreach (var one in metered)
        {
            use = one.End(use);
        }

        // Others have their turn when these had no calls.
        metered.RemoveAll(one => one.WasIdle);
        return use;
    }

    /// <summary>
    /// Decides anew. Without a use there is no room for more environments: for a while, calls share as far as their
    /// owner allows.
    /// </summary>
    /// <returns>Whether <see cref="Places"/> is another number than <paramref name="current"/>.</returns>
    public bool Observe(MeasuredUse? use, int current)
    {
        if (use is null)
        {
            share = new EnvironmentShare(specification.Concurrency);
            fullTimestamp = time.GetTimestamp();
        }
        else if (fullTimestamp == 0 || time.GetElapsedTime(fullTimestamp) > FullNodePause)
        {
            share = share.Observe(use.Value);
        }

        return share.Places != current;
    }

    /// <summary>One environment, and where its counters stood when the window began.</summary>
    private sealed class Metered(ExecutionEnvironment environment)
    {
        private ProcessorUse? before;
        private TimeSpan busyTime;
        private long callCountBefore;
        private int callsMax;
        private int peakMegabytesBefore;

        public ExecutionEnvironment Environment => environment;

        public TimeSpan CallTime { get; private set; }

        public bool WasIdle { get; private set; }

        public void Count(TimeSpan elapsed)
        {
            var calls = environment.InFlight;
            if (calls > 0 && before is not null)
            {
                CallTime += elapsed * calls;
                busyTime += elapsed;
                callsMax = Math.Max(callsMax, calls);
            }
        }

        public void Begin()
        {
            if (before is null)
            {
                callCountBefore = environment.CallCount;
                peakMegabytesBefore = environment.PeakMemoryMegabytes;
                before = environment.ReadProcessorUse();
            }
        }

        /// <summary>Adds the window's use, and begins the next window.</summary>
        public MeasuredUse End(MeasuredUse sum)
        {
            var now = environment.ReadProcessorUse();
            var peakMegabytes = environment.PeakMemoryMegabytes;
            var callCount = environment.CallCount;
            var memoryShare = peakMegabytes > peakMegabytesBefore
                ? (double)peakMegabytes / environment.Specification.MemoryMegabytes
                : 0;
            if (now is { } after && before is { } began)
            {
                sum = new MeasuredUse(
                    sum.CallTime + CallTime,
                    sum.BusyTime + busyTime,
                    sum.CallCount + (callCount - callCountBefore),
                    sum.ProcessorTime + NotNegative(after.Used - began.Used),
                    sum.WaitingTime + NotNegative(after.Waited - began.Waited),
                    environment.CoresMax,
                    Math.Max(sum.MemoryShare, memoryShare),
                    memoryShare > sum.MemoryShare ? callsMax : sum.CallsAtMemoryShare);
            }

            WasIdle = busyTime == TimeSpan.Zero;
            (before, CallTime, busyTime) = (now, TimeSpan.Zero, TimeSpan.Zero);
            (callCountBefore, peakMegabytesBefore, callsMax) = (callCount, peakMegabytes, 0);
            return sum;
        }

        /// <summary>A thread that ended takes its account with it.</summary>
        private static TimeSpan NotNegative(TimeSpan duration) => duration > TimeSpan.Zero ? duration : TimeSpan.Zero;
    }
}

using Lambent.Kernel.Scaling.Control;
using Lambent.Sandbox.Pool;

namespace Lambent.Server.Scaling;

/// <summary>What is known of one version's calls and environments, from one look at it to the next.</summary>
internal sealed class MeasuredFunction
{
    private readonly Lock gate = new();
    private ExecutionTime execution;
    private VersionLoad load;
    private double lookedAtSeconds;
    private FunctionUse use;

    /// <summary>What its calls take and need.</summary>
    public FunctionUse Use
    {
        get
        {
            lock (gate)
            {
                return use;
            }
        }
    }

    /// <summary>
    /// Takes a look in; the result is how many calls arrived since the one before, and how many of them found no place.
    /// </summary>
    public (long Arrived, long Missed) Observe(VersionLoad now, double nowSeconds)
    {
        lock (gate)
        {
            // Counters begin anew when nothing of the version was here for a while.
            var isSame = now.Arrived >= load.Arrived && now.Ended >= load.Ended;
            var arrived = now.Arrived - (isSame ? load.Arrived : 0);
            var missed = now.Missed - (isSame ? load.Missed : 0);
            execution = execution.Observe(
                nowSeconds - lookedAtSeconds,
                now.Ended - (isSame ? load.Ended : 0),
                (now.EndedTime - (isSame ? load.EndedTime : TimeSpan.Zero)).TotalSeconds,
                now.Longest.TotalSeconds);
            (load, lookedAtSeconds) = (now, nowSeconds);
            use = new FunctionUse
            {
                ExecutionSeconds = execution.MeanSeconds,
                TailSeconds = execution.TailSeconds,
                TypicalSeconds = now.Typical.TotalSeconds,
                StartSeconds = now.StartTime > TimeSpan.Zero ? now.StartTime.TotalSeconds : use.StartSeconds,
                CallsPerEnvironment = now.CallsPerEnvironment,
                CoresPerCall = now.ProcessorTimePerCall > TimeSpan.Zero && execution.MeanSeconds > 0
                    ? now.ProcessorTimePerCall.TotalSeconds / execution.MeanSeconds
                    : use.CoresPerCall,
                EnvironmentMegabytes = now.MemoryMegabytes > 0 ? now.MemoryMegabytes : use.EnvironmentMegabytes,
            };
            return (arrived, missed);
        }
    }
}

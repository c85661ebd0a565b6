using Lambent.Kernel.Environments;
using Lambent.Kernel.Scaling;

namespace Lambent.Sandbox.Pool;

/// <summary>
/// How long one version's idle environments are kept: by the policy from its history, or the fixed time. Guarded by
/// the lock of the version's pool.
/// </summary>
/// <param name="policy">Asked when the history is there, and holds the fixed time.</param>
/// <param name="history">Null when idle times are not predicted.</param>
/// <param name="specification">What an environment is given.</param>
/// <param name="time">What timestamps mean.</param>
internal sealed class IdleKeeping(
    KeepAlivePolicy policy, DemandHistory? history, EnvironmentSpecification specification, TimeProvider time)
{
    private long idleSinceTimestamp;
    private long decidedForTimestamp = -1;
    private KeepAliveDecision decision;
    private long keepFurtherUntilTimestamp;
    private TimeSpan keepFurther;

    /// <summary>When the last call ended of a version that has none now.</summary>
    public long IdleSinceTimestamp => idleSinceTimestamp;

    /// <summary>One environment more is in use, now this many.</summary>
    public void Rise(int busy)
    {
        if (history is not null)
        {
            var now = Elapsed(time.GetTimestamp());
            lock (history)
            {
                history.Rise(busy, now);
            }
        }
    }

    /// <summary>One environment fewer is in use, until now this many.</summary>
    public void Fall(int busy, long timestamp)
    {
        if (busy == 1)
        {
            idleSinceTimestamp = timestamp;
        }

        if (history is not null)
        {
            lock (history)
            {
                history.Fall(busy, Elapsed(timestamp));
            }
        }
    }

    /// <summary>Whether an environment that serves no call has been kept long enough.</summary>
    /// <param name="environment">An idle one that is not provisioned.</param>
    /// <param name="versionIsIdle">Whether the version has no call at all.</param>
    /// <param name="nowTimestamp">Now.</param>
    /// <param name="expected">When the next call is expected, if one is to be started ahead of it.</param>
    public bool IsOver(
        ExecutionEnvironment environment, bool versionIsIdle, long nowTimestamp, out ExpectedCall? expected)
    {
        expected = null;
        if (environment.ExpectedUntilTimestamp != 0 && environment.CallCount == 0)
        {
            return nowTimestamp >= environment.ExpectedUntilTimestamp;
        }

        var idle = time.GetElapsedTime(environment.IdleSinceTimestamp, nowTimestamp);
        if (history is null)
        {
            return idle >= policy.Options.FixedDuration;
        }

        if (idle <= policy.Options.SettlingTime)
        {
            return false;
        }

        if (!versionIsIdle || environment.IdleSinceTimestamp < idleSinceTimestamp)
        {
            return idle >= KeepFurther(history, nowTimestamp);
        }

        Decide(history);
        if (time.GetElapsedTime(idleSinceTimestamp, nowTimestamp) < decision.LetGoAfter)
        {
            return false;
        }

        if (decision.PreWarmAfter is { } ahead)
        {
            expected = new ExpectedCall(
                specification,
                idleSinceTimestamp,
                idleSinceTimestamp + Timestamps(ahead),
                idleSinceTimestamp + Timestamps(decision.StopAfter));
        }

        return true;
    }

    /// <summary>Whether no call came since what was expected was foreseen.</summary>
    public bool StillExpects(ExpectedCall expected)
    {
        if (history is null)
        {
            return false;
        }

        lock (history)
        {
            return history.IdleSince == Elapsed(expected.IdleSinceTimestamp);
        }
    }

    /// <summary>Once per idle time: nothing is learnt while nothing is called.</summary>
    private void Decide(DemandHistory known)
    {
        if (decidedForTimestamp == idleSinceTimestamp)
        {
            return;
        }

        lock (known)
        {
            decision = policy.Decide(known.First, specification.MemoryMegabytes);
        }

        decidedForTimestamp = idleSinceTimestamp;
    }

    /// <summary>Asked for many environments many times a second, so decided once a second.</summary>
    private TimeSpan KeepFurther(DemandHistory known, long nowTimestamp)
    {
        if (nowTimestamp >= keepFurtherUntilTimestamp)
        {
            lock (known)
            {
                keepFurther = policy.DecideFurther(known.Further, specification.MemoryMegabytes).LetGoAfter;
            }

            keepFurtherUntilTimestamp = nowTimestamp + time.TimestampFrequency;
        }

        return keepFurther;
    }

    private TimeSpan Elapsed(long timestamp) => time.GetElapsedTime(0, timestamp);

    private long Timestamps(TimeSpan duration) => (long)(duration.TotalSeconds * time.TimestampFrequency);
}

/// <summary>A call that is expected, for which an environment is started ahead.</summary>
/// <param name="Specification">Of what.</param>
/// <param name="IdleSinceTimestamp">The end of the last call; any call since makes this void.</param>
/// <param name="StartTimestamp">When to start the environment.</param>
/// <param name="UntilTimestamp">When the call is not expected any more.</param>
internal sealed record ExpectedCall(
    EnvironmentSpecification Specification, long IdleSinceTimestamp, long StartTimestamp, long UntilTimestamp);

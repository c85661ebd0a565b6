namespace Lambent.Kernel.Invocations;

/// <summary>
/// Picks calls of one function: so many in a second, spread over it, and each that is slower than all before it in the
/// same minute. Called by many threads at once; what they do to each other is a sample more or less.
/// </summary>
public sealed class CallSampler(int perSecond)
{
    private const long SecondsPerMinute = 60;

    private long second;
    private long offered;
    private long admitted;
    private long keepEvery = 1;
    private long minute;
    private long slowestTicks;

    /// <param name="startedAt">Of the call; stands for the time.</param>
    /// <param name="duration">Of its handler.</param>
    public bool Admit(DateTimeOffset startedAt, TimeSpan duration)
    {
        var now = startedAt.Ticks / TimeSpan.TicksPerSecond;
        var before = Volatile.Read(ref second);
        if (now > before && Interlocked.CompareExchange(ref second, now, before) == before)
        {
            // After a quiet second nothing needs to be thinned out.
            var lastSecond = now == before + 1 ? Volatile.Read(ref offered) : 0;
            Volatile.Write(ref keepEvery, Math.Max(1, (lastSecond + perSecond - 1) / perSecond));
            Volatile.Write(ref offered, 0);
            Volatile.Write(ref admitted, 0);
        }

        var place = Interlocked.Increment(ref offered);
        var isSlowest = IsSlowest(now / SecondsPerMinute, duration.Ticks);
        return (place % Volatile.Read(ref keepEvery) == 0 && Interlocked.Increment(ref admitted) <= perSecond)
            || isSlowest;
    }

    private bool IsSlowest(long now, long ticks)
    {
        if (Volatile.Read(ref minute) != now)
        {
            Volatile.Write(ref minute, now);
            Volatile.Write(ref slowestTicks, 0);
        }

        if (ticks <= Volatile.Read(ref slowestTicks))
        {
            return false;
        }

        Volatile.Write(ref slowestTicks, ticks);
        return true;
    }
}

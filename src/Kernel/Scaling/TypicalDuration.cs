namespace Lambent.Kernel.Scaling;

/// <summary>
/// What calls of a version take when nothing is in their way: follows short durations quickly and long ones slowly, so
/// that it settles near the shortest tenth. A mean would be wrong here, because it feeds on itself: on busy processors
/// calls take longer, longer calls are given environments of their own, and more environments make processors busier.
/// </summary>
public readonly record struct TypicalDuration
{
    private const int FallDivisor = 8;
    private const int RiseDivisor = 128;

    private readonly long ticks;

    private TypicalDuration(long ticks) => this.ticks = ticks;

    /// <summary>Zero before the first call ended.</summary>
    public TimeSpan Value => new(ticks);

    public TypicalDuration Observe(TimeSpan duration)
    {
        var difference = duration.Ticks - ticks;
        return ticks == 0 ? new(duration.Ticks)
            : difference < 0 ? new(Math.Max(1, ticks + (difference / FallDivisor)))
            : new(ticks + (difference / RiseDivisor));
    }
}

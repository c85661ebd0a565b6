namespace Lambent.Kernel.Events.Lanes;

/// <summary>
/// When a line whose events are refused for want of room goes on: it waits twice as long each time, partly by chance,
/// and begins anew after a success. The events stay where they are, so nothing is written for a refusal.
/// </summary>
/// <param name="Refusals">In a row.</param>
/// <param name="PausedUntil">Nothing is taken before.</param>
public readonly record struct LanePace(int Refusals, DateTimeOffset PausedUntil)
{
    public static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(10);

    public bool IsPaused(DateTimeOffset now) => now < PausedUntil;

    /// <param name="now">The time.</param>
    /// <param name="chance">In [0, 1).</param>
    public LanePace Refuse(DateTimeOffset now, double chance)
    {
        if (IsPaused(now))
        {
            // One of several that were under way when the first was refused.
            return this;
        }

        var pause = PauseMin * Math.Pow(2, Math.Min(Refusals, 16));
        pause = pause < PauseMax ? pause : PauseMax;
        return new LanePace(Refusals + 1, now + (pause * (0.5 + (0.5 * chance))));
    }

    /// <summary>An event ran: there is room.</summary>
    public LanePace Run() => Refusals == 0 ? this : default;
}

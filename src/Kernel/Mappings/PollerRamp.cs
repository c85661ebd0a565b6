namespace Lambent.Kernel.Mappings;

/// <summary>
/// How many batches of a mapping may be under way at a time. As on AWS it starts with five and adds up to 300 a minute
/// while there is more to do; fewer after calls were refused or failed, so that a function in trouble is not hurried
/// through the whole queue.
/// </summary>
/// <param name="Start">How many were allowed at <paramref name="StartedAt"/>.</param>
/// <param name="StartedAt">Seconds on a clock that only moves forward.</param>
public readonly record struct PollerRamp(int Start, double StartedAt)
{
    public const int Initial = 5;
    private const double GrowthPerSecond = 300.0 / 60;

    /// <summary>Nothing is left to do: the next rush starts from the beginning.</summary>
    public static PollerRamp Rested(double now) => new(Initial, now);

    public static PollerRamp AfterRefusal(int running, double now) => new(Math.Max(1, running - 1), now);

    public static PollerRamp AfterFailure(int running, double now) => new(Math.Max(1, running / 2), now);

    public int Allowed(double now) =>
        (int)Math.Min(Limits.MappingConcurrencyMax, Start + (Math.Max(0, now - StartedAt) * GrowthPerSecond));

    /// <summary>How many there should be.</summary>
    /// <param name="backlog">Batches that wait.</param>
    /// <param name="running">Batches under way.</param>
    /// <param name="limit">What the mapping and the function's reserved concurrency allow.</param>
    /// <param name="now">Seconds on the same clock.</param>
    public int Target(long backlog, int running, int limit, double now) =>
        (int)Math.Clamp(running + backlog, 0, Math.Min(limit, Allowed(now)));
}

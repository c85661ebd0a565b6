namespace Lambent.Kernel.Scaling.Control;

/// <summary>
/// How fast work arrives, and how that changes: double exponential smoothing (Holt) over short buckets, with a mean
/// over all that was seen while that is little. A bucket which the noise of independent arrivals does not explain is
/// held back: when the next one departs in the same way the rate has made a step and begins anew there; when it does
/// not it was a burst, which is no rate and leaves no trace.
/// </summary>
/// <param name="Level">Arrivals per second as of the last bucket.</param>
/// <param name="Trend">How much more of them each second, per second.</param>
/// <param name="SteadySeconds">Since the last step.</param>
/// <param name="PendingArrivals">In the bucket that is being filled.</param>
/// <param name="PendingSeconds">Of that bucket.</param>
/// <param name="HeldArrivals">In the bucket that is held back.</param>
/// <param name="HeldSeconds">Of that bucket; 0 when none is.</param>
public readonly record struct ArrivalRate(
    double Level,
    double Trend,
    double SteadySeconds,
    double PendingArrivals,
    double PendingSeconds,
    double HeldArrivals,
    double HeldSeconds)
{
    /// <summary>Shortest bucket; longer ones when it is asked less often.</summary>
    public const double BucketSeconds = 0.5;

    private const double LevelSeconds = 6;
    private const double TrendSeconds = 8;

    /// <summary>A trend is believed only when so much time was seen without a step.</summary>
    private const double TrendEvidenceSeconds = 3;

    /// <summary>Standard deviations of a count of independent arrivals beyond which a bucket departs.</summary>
    private const double StepDeviations = 2.5;

    /// <summary>The rate so far ahead of the last bucket; never negative.</summary>
    /// <param name="aheadSeconds">Not negative.</param>
    public double PerSecond(double aheadSeconds = 0) => Math.Max(0, Level + (Trend * aheadSeconds));

    /// <summary>The next state after so many arrivals in so much time. Time without arrivals counts as well.</summary>
    /// <param name="arrivals">Not negative.</param>
    /// <param name="seconds">Since the last time; not negative.</param>
    public ArrivalRate Observe(double arrivals, double seconds)
    {
        var filled = this with
        {
            PendingArrivals = PendingArrivals + Math.Max(0, arrivals),
            PendingSeconds = PendingSeconds + Math.Max(0, seconds),
        };
        return filled.PendingSeconds < BucketSeconds ? filled : filled.Close();
    }

    private ArrivalRate Close()
    {
        var (arrivals, seconds) = (PendingArrivals, PendingSeconds);
        var emptied = this with { PendingArrivals = 0, PendingSeconds = 0 };
        var expected = PerSecond(seconds) * seconds;
        if (!Departs(arrivals, expected))
        {
            return emptied.Smooth(arrivals, seconds) with { HeldArrivals = 0, HeldSeconds = 0 };
        }

        var expectedBefore = PerSecond() * HeldSeconds;
        var sameSide = HeldSeconds > 0 && (arrivals > expected) == (HeldArrivals > expectedBefore);
        if (!sameSide)
        {
            return emptied with { HeldArrivals = arrivals, HeldSeconds = seconds };
        }

        // The later bucket alone when the two differ from each other as well: it is still on its way.
        var agrees = !Departs(arrivals, HeldArrivals * seconds / HeldSeconds);
        var (sum, time) = agrees ? (arrivals + HeldArrivals, seconds + HeldSeconds) : (arrivals, seconds);
        return emptied with
        {
            Level = sum / time, Trend = 0, SteadySeconds = time, HeldArrivals = 0, HeldSeconds = 0,
        };
    }

    private ArrivalRate Smooth(double arrivals, double seconds)
    {
        var forecast = PerSecond(seconds);
        var gain = seconds / (Math.Min(SteadySeconds, LevelSeconds) + seconds);
        var level = forecast + (gain * ((arrivals / seconds) - forecast));
        var trend = SteadySeconds < TrendEvidenceSeconds
            ? Trend
            : Trend + (seconds / (TrendSeconds + seconds) * (((level - Level) / seconds) - Trend));
        return this with { Level = level, Trend = trend, SteadySeconds = SteadySeconds + seconds };
    }

    private static bool Departs(double count, double expected) =>
        Math.Abs(count - expected) > StepDeviations * Math.Sqrt(Math.Max(1, Math.Max(count, expected)));
}

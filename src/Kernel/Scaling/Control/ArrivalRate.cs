namespace Lambent.Kernel.Scaling.Control;

/// <summary>
/// How fast work arrives, and how that changes: double exponential smoothing (Holt) over short buckets, with a mean
/// over all that was seen while that is little. A bucket which the noise of independent arrivals does not explain is
/// held back: a burst, which is no rate, leaves no trace. Buckets in a row that together depart by more than noise
/// are a step: the rate begins anew there.
/// </summary>
/// <param name="Level">Arrivals per second as of the last bucket.</param>
/// <param name="Trend">How much more of them each second, per second.</param>
/// <param name="SteadySeconds">Since the last step.</param>
/// <param name="PendingArrivals">In the bucket that is being filled.</param>
/// <param name="PendingSeconds">Of that bucket.</param>
/// <param name="Run">The last buckets, as far as they departed in the same way.</param>
/// <param name="HeldArrivals">In the last bucket, when it was held back.</param>
public readonly record struct ArrivalRate(
    double Level,
    double Trend,
    double SteadySeconds,
    double PendingArrivals,
    double PendingSeconds,
    ArrivalRun Run,
    double HeldArrivals)
{
    /// <summary>Shortest bucket; longer ones when it is asked less often.</summary>
    public const double BucketSeconds = 0.5;

    private const double LevelSeconds = 6;
    private const double TrendSeconds = 8;

    /// <summary>A trend is believed only when so much time was seen without a step.</summary>
    private const double TrendEvidenceSeconds = 3;

    /// <summary>Standard deviations of a count of independent arrivals beyond which a bucket is held back.</summary>
    private const double BurstDeviations = 2.5;

    /// <summary>The same for a run, of which there are many kinds that chance can make.</summary>
    private const double StepDeviations = 3.5;

    private const double RunSecondsMax = 4;

    /// <summary>Whether nothing arrived that is not in the level yet.</summary>
    public bool IsUpToDate => PendingArrivals <= 0 && HeldArrivals <= 0;

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
        var bucket = new ArrivalRun(PendingArrivals, PerSecond(PendingSeconds) * PendingSeconds, PendingSeconds);
        var emptied = this with { PendingArrivals = 0, PendingSeconds = 0, HeldArrivals = 0 };
        var run = Run.Seconds > 0 && Run.IsAbove == bucket.IsAbove ? Run.And(bucket) : bucket;
        if (run.Seconds > bucket.Seconds && run.Departs(StepDeviations))
        {
            // A trend that the step goes along with was right, but too little.
            // The last bucket alone when it departs from the run as well: the rate is still on its way.
            var mean = run.Arrivals / run.Seconds;
            var on = bucket with { Expected = mean * bucket.Seconds };
            var from = on.Departs(BurstDeviations) ? bucket : run;
            return emptied with
            {
                Level = from.Arrivals / from.Seconds,
                Trend = run.IsAbove == Trend > 0 ? Trend : 0,
                SteadySeconds = from.Seconds,
                Run = default,
            };
        }

        run = run.Seconds > RunSecondsMax ? default : run;
        return bucket.Departs(BurstDeviations)
            ? emptied with { Run = run, HeldArrivals = bucket.Arrivals }
            : emptied.Smooth(bucket.Arrivals, bucket.Seconds) with { Run = run };
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
}

/// <summary>Arrivals of some time against what was expected of it.</summary>
public readonly record struct ArrivalRun(double Arrivals, double Expected, double Seconds)
{
    internal bool IsAbove => Arrivals > Expected;

    internal ArrivalRun And(ArrivalRun next) =>
        new(Arrivals + next.Arrivals, Expected + next.Expected, Seconds + next.Seconds);

    /// <summary>Whether so many deviations of a count of independent arrivals do not explain the difference.</summary>
    internal bool Departs(double deviations) =>
        Math.Abs(Arrivals - Expected) > deviations * Math.Sqrt(Math.Max(1, Math.Max(Arrivals, Expected)));
}

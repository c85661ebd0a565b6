namespace Lambent.Load.Measures;

/// <summary>How many events were executed by when, and what the server held then.</summary>
internal sealed class DrainCurve
{
    private readonly List<(double Seconds, long Executed, long ResidentBytes)> samples = [(0, 0, 0)];

    /// <summary>0 without samples.</summary>
    public long ResidentBytesMax => samples.Max(sample => sample.ResidentBytes);

    /// <param name="seconds">Since the start, no less than the last one's.</param>
    /// <param name="executed">Events since the start.</param>
    /// <param name="residentBytes">Of the server.</param>
    public void Add(double seconds, long executed, long residentBytes) =>
        samples.Add((seconds, executed, residentBytes));

    /// <summary>Events per second between two counts, each reached when the samples around it say so.</summary>
    public double RateBetween(long from, long to) => (to - from) / (SecondsAt(to) - SecondsAt(from));

    /// <summary>What the server held when so many events had been executed.</summary>
    public long ResidentBytesAt(long executed) =>
        samples.Skip(1).FirstOrDefault(sample => sample.Executed >= executed, samples[^1]).ResidentBytes;

    /// <summary>Between two samples events are taken to be executed evenly.</summary>
    private double SecondsAt(long executed)
    {
        var after = samples.FindIndex(sample => sample.Executed >= executed);
        if (after <= 0)
        {
            return after < 0 ? samples[^1].Seconds : 0;
        }

        var (before, end) = (samples[after - 1], samples[after]);
        var share = (double)(executed - before.Executed) / (end.Executed - before.Executed);
        return before.Seconds + (share * (end.Seconds - before.Seconds));
    }
}

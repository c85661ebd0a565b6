namespace Lambent.Kernel.Scaling.Control;

/// <summary>What calls of a function take: a running mean, which says how many are in flight, and a tail.</summary>
/// <param name="MeanSeconds">0 before the first call ended.</param>
/// <param name="TailSeconds">The longest ones of late: rises at once, fades slowly. At least the mean.</param>
/// <param name="Weight">Calls behind the mean: the last <see cref="WeightMin"/>, or more within a time.</param>
public readonly record struct ExecutionTime(double MeanSeconds, double TailSeconds, double Weight)
{
    /// <summary>Calls that are remembered however long ago they were.</summary>
    public const double WeightMin = 50;

    /// <summary>How long more of them are: the more calls a mean is of, the less it moves by chance.</summary>
    private const double MemorySeconds = 20;

    private const double TailFading = 0.05;

    /// <summary>The next state after a window in which calls ended; without any nothing changes.</summary>
    /// <param name="seconds">Its length.</param>
    /// <param name="count">Calls that ended.</param>
    /// <param name="totalSeconds">What they took together.</param>
    /// <param name="longestSeconds">What the longest took.</param>
    public ExecutionTime Observe(double seconds, long count, double totalSeconds, double longestSeconds)
    {
        if (count <= 0)
        {
            return this;
        }

        var kept = Math.Max(Math.Min(Weight, WeightMin), Weight * Math.Exp(-Math.Max(0, seconds) / MemorySeconds));
        var weight = kept + count;
        var mean = MeanSeconds + (count / weight * ((Math.Max(0, totalSeconds) / count) - MeanSeconds));
        var faded = TailSeconds - (TailFading * Math.Max(0, TailSeconds - longestSeconds));
        return new ExecutionTime(mean, Math.Max(mean, Math.Max(longestSeconds, faded)), weight);
    }
}

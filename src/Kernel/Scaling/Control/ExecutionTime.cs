namespace Lambent.Kernel.Scaling.Control;

/// <summary>What calls of a function take: a running mean, which says how many are in flight, and a tail.</summary>
/// <param name="MeanSeconds">0 before the first call ended.</param>
/// <param name="TailSeconds">The longest ones of late: rises at once, fades slowly. At least the mean.</param>
/// <param name="Weight">Calls that stand behind the mean, up to <see cref="WeightMax"/>.</param>
public readonly record struct ExecutionTime(double MeanSeconds, double TailSeconds, double Weight)
{
    /// <summary>Calls by which the past counts against new ones.</summary>
    public const double WeightMax = 50;

    private const double TailFading = 0.05;

    /// <summary>The next state after a window in which calls ended; without any nothing changes.</summary>
    /// <param name="count">Calls that ended.</param>
    /// <param name="totalSeconds">What they took together.</param>
    /// <param name="longestSeconds">What the longest took.</param>
    public ExecutionTime Observe(long count, double totalSeconds, double longestSeconds)
    {
        if (count <= 0)
        {
            return this;
        }

        var weight = Math.Min(WeightMax, Weight) + count;
        var mean = MeanSeconds + (count / weight * ((Math.Max(0, totalSeconds) / count) - MeanSeconds));
        var faded = TailSeconds - (TailFading * Math.Max(0, TailSeconds - longestSeconds));
        return new ExecutionTime(mean, Math.Max(mean, Math.Max(longestSeconds, faded)), Math.Min(WeightMax, weight));
    }
}

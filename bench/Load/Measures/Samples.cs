namespace Lambent.Load.Measures;

/// <summary>Order statistics of a handful of samples.</summary>
internal static class Samples
{
    /// <summary>The middle sample, or the mean of the middle two.</summary>
    public static double Median(IReadOnlyCollection<double> samples)
    {
        var sorted = samples.Order().ToArray();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The smallest sample that at least this share of all does not exceed (nearest rank).</summary>
    /// <param name="samples">At least one.</param>
    /// <param name="share">0 to 1, such as 0.99.</param>
    public static double Percentile(IReadOnlyCollection<double> samples, double share)
    {
        var sorted = samples.Order().ToArray();
        var rank = (int)Math.Ceiling(share * sorted.Length);
        return sorted[Math.Clamp(rank - 1, 0, sorted.Length - 1)];
    }
}

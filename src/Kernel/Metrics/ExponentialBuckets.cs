namespace Lambent.Kernel.Metrics;

/// <summary>
/// A histogram in the buckets that OpenTelemetry has for values of unknown size: bucket i has values above base^i up to
/// base^(i+1), where base is 2^(2^-scale). The scale is the finest at which there are few enough of them.
/// </summary>
/// <param name="Scale">A power of two has 2^scale buckets.</param>
/// <param name="ZeroCount">Values that are 0, or below it, which times are not.</param>
/// <param name="Offset">The number of the first bucket.</param>
/// <param name="Counts">From the first bucket on.</param>
public sealed record ExponentialBuckets(int Scale, long ZeroCount, int Offset, IReadOnlyList<long> Counts)
{
    /// <summary>As many as OpenTelemetry's SDKs have by default.</summary>
    public const int CountMax = 160;

    /// <summary>As fine as <see cref="MetricHistogram"/> is.</summary>
    private const int ScaleMax = 6;

    /// <summary>Values of a bucket of ours go into the one that the middle of it is in.</summary>
    /// <param name="histogram">What was counted.</param>
    /// <param name="unit">What a value is multiplied by.</param>
    public static ExponentialBuckets Of(MetricHistogram histogram, double unit)
    {
        var (zeroes, values) = (0L, new List<(double Value, long Count)>());
        foreach (var (value, count) in histogram.Values())
        {
            if (value > 0)
            {
                values.Add((value * unit, count));
            }
            else
            {
                zeroes += count;
            }
        }

        if (values.Count == 0)
        {
            return new ExponentialBuckets(0, zeroes, 0, []);
        }

        var scale = ScaleMax;
        while (IndexOf(values[^1].Value, scale) - IndexOf(values[0].Value, scale) >= CountMax)
        {
            scale--;
        }

        var first = IndexOf(values[0].Value, scale);
        var counts = new long[IndexOf(values[^1].Value, scale) - first + 1];
        foreach (var (value, count) in values)
        {
            counts[IndexOf(value, scale) - first] += count;
        }

        return new ExponentialBuckets(scale, zeroes, first, counts);
    }

    private static int IndexOf(double value, int scale) =>
        (int)Math.Ceiling(Math.ScaleB(Math.Log2(value), scale)) - 1;
}

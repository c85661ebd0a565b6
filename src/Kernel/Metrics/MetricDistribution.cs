namespace Lambent.Kernel.Metrics;

/// <summary>What was measured of one thing: how often, the sum, the extremes, and the histogram.</summary>
public sealed class MetricDistribution
{
    public long Count { get; internal set; }

    public double Sum { get; internal set; }

    /// <summary>0 when nothing was measured, as the maximum.</summary>
    public double Min { get; internal set; }

    public double Max { get; internal set; }

    public MetricHistogram Histogram { get; } = new();

    /// <summary>Counts a value; what is not a finite number is left out.</summary>
    public void Add(double value, long times = 1)
    {
        if (!double.IsFinite(value) || times <= 0)
        {
            return;
        }

        AddExtremes(value, value);
        Count += times;
        Sum += value * times;
        Histogram.Add(value, times);
    }

    /// <summary>A value of which only the summary is known; it has no percentiles but the extremes.</summary>
    public void AddSummary(long count, double sum, double min, double max)
    {
        if (count > 0)
        {
            AddExtremes(min, max);
            Count += count;
            Sum += sum;
        }
    }

    public void Add(MetricDistribution other)
    {
        if (other.Count > 0)
        {
            AddExtremes(other.Min, other.Max);
            Count += other.Count;
            Sum += other.Sum;
            Histogram.Add(other.Histogram);
        }
    }

    /// <summary>Never outside the extremes, which are exact.</summary>
    public double Percentile(double percent) =>
        Histogram.Count == 0 ? (percent < 50 ? Min : Max) : Math.Clamp(Histogram.Percentile(percent), Min, Max);

    private void AddExtremes(double min, double max)
    {
        Min = Count == 0 ? min : Math.Min(Min, min);
        Max = Count == 0 ? max : Math.Max(Max, max);
    }
}

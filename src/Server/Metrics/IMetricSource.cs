using Lambent.Kernel.Metrics;

namespace Lambent.Server.Metrics;

/// <summary>Something that counts in memory until it is asked what it has.</summary>
internal interface IMetricSource
{
    /// <summary>Gives away what was counted since the last time; never called twice at a time.</summary>
    /// <param name="now">What is measured only now is of this time's minute.</param>
    /// <param name="entries">Taken over, each with the beginning of its minute.</param>
    void Collect(DateTimeOffset now, List<MetricEntry> entries);
}

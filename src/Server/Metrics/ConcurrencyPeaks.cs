using Lambent.Kernel.Metrics;
using Lambent.Server.Dispatch;

namespace Lambent.Server.Metrics;

/// <summary>How many calls of each function were in flight together at the most.</summary>
internal sealed class ConcurrencyPeaks(ConcurrencyLimiter limiter) : IMetricSource
{
    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        var minute = MetricSpans.Floor(now, TimeSpan.FromMinutes(1));
        foreach (var (function, calls, provisioned) in limiter.TakePeaks())
        {
            var cell = new MetricCell();
            cell.Measure(MetricMeasure.Concurrency, calls);
            if (provisioned > 0)
            {
                cell.Measure(MetricMeasure.ProvisionedConcurrency, provisioned);
            }

            entries.Add(new MetricEntry(
                new MetricSeries(function.Account, MetricKind.Function, function.Name), minute, cell));
        }
    }
}

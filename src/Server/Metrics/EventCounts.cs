using Lambent.Kernel.Events;
using Lambent.Kernel.Metrics;
using Lambent.Server.Delivery;

namespace Lambent.Server.Metrics;

/// <summary>How many asynchronous calls of each function were accepted, and how many were given up.</summary>
internal sealed class EventCounts(DeliveryMeter meter) : IMetricSource
{
    private Dictionary<EventLane, (long Accepted, long Failed)> told = [];

    public void Collect(DateTimeOffset now, List<MetricEntry> entries)
    {
        var minute = MetricSpans.Floor(now, TimeSpan.FromMinutes(1));
        var seen = new Dictionary<EventLane, (long Accepted, long Failed)>();
        foreach (var lane in meter.Lanes)
        {
            var target = lane.Target(null);
            if (target.Kind != DeliveryTargetKind.Function)
            {
                continue;
            }

            var figures = meter.Read(lane);
            seen[lane] = (figures.Accepted, figures.Failed);
            var before = told.GetValueOrDefault(lane);
            var accepted = Since(before.Accepted, figures.Accepted);
            var failed = Since(before.Failed, figures.Failed);
            if (accepted + failed > 0)
            {
                var cell = new MetricCell();
                cell.Count(MetricCounter.EventsReceived, accepted);
                cell.Count(MetricCounter.EventsDropped, failed);
                entries.Add(new MetricEntry(
                    new MetricSeries(lane.Account, MetricKind.Function, target.Name), minute, cell));
            }
        }

        told = seen;
    }

    /// <summary>What was forgotten in between begins with nothing.</summary>
    private static long Since(long before, long now) => now >= before ? now - before : now;
}

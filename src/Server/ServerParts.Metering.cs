using Lambent.Server.Dispatch;
using Lambent.Server.Metrics;
using Lambent.Server.Native;
using Lambent.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>What is counted and measured, and what follows from it.</summary>
internal sealed partial class ServerParts
{
    private CallMetrics CallMetrics { get; set; } = null!;

    private ConcurrencyLimiter Limiter { get; set; } = null!;

    private MetricKeeper MetricKeeper { get; set; } = null!;

    public MetricOperations MetricOperations { get; private set; } = null!;

    private MetricReader MetricReader { get; set; } = null!;

    /// <summary>The first sinks of calls; behind them is what is written down.</summary>
    private CallMeter OpenMeter(TelemetryService telemetry, TimeProvider time)
    {
        CallMetrics = new CallMetrics(telemetry.Sink, time);
        MetricKeeper = OwnAsync(new MetricKeeper(
            telemetry.Store.Metrics, time, Loggers.CreateLogger<MetricKeeper>()));
        MetricKeeper.Add(CallMetrics);
        return new CallMeter(CallMetrics);
    }

    /// <summary>After all that is measured.</summary>
    private void OpenMetering(ServerOptions options, StorageParts storage, AccessParts access)
    {
        var rates = new RateBook(storage.Store);
        rates.Load();
        MetricReader = new MetricReader(storage.Telemetry.Store.Metrics, MetricKeeper, rates, options.Time);
        MetricKeeper.Add(new ConcurrencyPeaks(Limiter));
        MetricKeeper.Add(new EventCounts(Delivery.Meter));
        MetricKeeper.Add(new QueueGauges(storage.Store, QueueSignals.Meter!));
        MetricOperations = new MetricOperations(MetricReader, access.Functions.Directory);
    }
}

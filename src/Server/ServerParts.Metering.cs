using Lambent.Server.Dispatch;
using Lambent.Server.Metrics;
using Lambent.Server.Telemetry;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>What is counted and measured, and what follows from it.</summary>
internal sealed partial class ServerParts
{
    private CallMetrics CallMetrics { get; set; } = null!;

    private MetricKeeper MetricKeeper { get; set; } = null!;

    /// <summary>The first sinks of calls; behind them is what is written down.</summary>
    private CallMeter OpenMeter(TelemetryService telemetry, TimeProvider time)
    {
        CallMetrics = new CallMetrics(telemetry.Sink, time);
        MetricKeeper = OwnAsync(new MetricKeeper(
            telemetry.Store.Metrics, time, Loggers.CreateLogger<MetricKeeper>()));
        MetricKeeper.Add(CallMetrics);
        return new CallMeter(CallMetrics);
    }
}

using Lambent.Server.Access;
using Lambent.Server.Aws.CloudWatch;
using Lambent.Server.Aws.Protocols;
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

    public CloudWatchEndpoint CloudWatch { get; private set; } = null!;

    public MetricOperations MetricOperations { get; private set; } = null!;

    private MetricReader MetricReader { get; set; } = null!;

    /// <summary>The first sinks of calls; behind them is what is written down.</summary>
    private CallMeter OpenMeter(TelemetryService telemetry, ServerOptions options)
    {
        CallMetrics = new CallMetrics(telemetry.Sink, options.Time);
        MetricKeeper = OwnAsync(new MetricKeeper(
            telemetry.Store.Metrics, options.Time, Loggers.CreateLogger<MetricKeeper>()));
        MetricKeeper.Add(CallMetrics);
        return new CallMeter(options.KeepsTelemetry ? CallMetrics : new NoTelemetry());
    }

    /// <summary>After all that is measured.</summary>
    private async Task OpenMeteringAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var rates = new RateBook(storage.Store);
        rates.Load();
        MetricReader = new MetricReader(storage.Telemetry.Store.Metrics, MetricKeeper, rates, options.Time);
        var executions = new ExecutionCounts(options.Time);
        ExecutionStarter.Started = executions.Start;
        ExecutionRunner.Ended = executions.End;
        MetricKeeper.Add(executions);
        MetricKeeper.Add(new ConcurrencyPeaks(Limiter));
        MetricKeeper.Add(new EventCounts(Delivery.Meter));
        MetricKeeper.Add(new QueueGauges(storage.Store, QueueSignals.Meter!));
        MetricOperations = new MetricOperations(MetricReader, access.Functions.Directory);
        var token = await MetricsToken.LoadAsync(storage.Store, Folder.Root, cancellation);
        Metrics.DescribeNamed = (http, text) =>
        {
            if (token.IsIn(http.Request.Headers.Authorization))
            {
                MetricKeeper.Exposition.Describe(text);
            }
        };
        OpenAlerts(options, storage, ids);
        OpenExports(options, storage, rates);
        var custom = new CustomMetrics(storage.Telemetry.Store.Metrics);
        MetricKeeper.Add(custom);
        CloudWatch = new CloudWatchEndpoint(
            new SignatureVerifier(
                access.Keys, new SignatureScope(options.Region, CloudWatchEndpoint.Service), options.Time),
            CloudWatchOperations.All(new CloudWatchServices
            {
                Reader = MetricReader,
                Custom = custom,
                Markers = await PageMarkers.LoadAsync(storage.Store, cancellation),
                Region = options.Region,
                Time = options.Time,
            }),
            ids.Next,
            Loggers.CreateLogger<CloudWatchEndpoint>());
    }
}

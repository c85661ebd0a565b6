using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Server.Metrics;
using Lambent.Server.Telemetry;
using Lambent.Server.Telemetry.Exports;
using Lambent.Server.Webhooks;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Where telemetry is sent besides: a loop for each kind and place.</summary>
internal sealed partial class ServerParts
{
    private readonly List<ExportLoop> exports = [];

    private TraceBook TraceBook { get; set; } = null!;

    /// <summary>After all that is sent.</summary>
    private void OpenExports(ServerOptions options, StorageParts storage, RateBook rates)
    {
        var (store, time) = (storage.Telemetry.Store, options.Time);
        if (options.SyslogTarget is { } receiver)
        {
            Begin(meter => new SyslogSender(store.Exports, receiver, Of(options.SyslogAccounts), meter, time));
        }

        if (options.OtlpEndpoint is not { } endpoint)
        {
            return;
        }

        var client = Own(new OtlpClient(
            new OtlpTarget(endpoint, options.OtlpHeaders, OutboundGuard.CreateHandlerForOperator())
            {
                IsGzipped = options.OtlpGzip,
            },
            time));
        var accounts = Of(options.OtlpAccounts);
        if (options.OtlpSignals.Contains(OtlpSignals.Traces))
        {
            Begin(meter => new OtlpTraceSender(store, () => TraceBook, client, accounts, options.Region, meter));
        }

        if (options.OtlpSignals.Contains(OtlpSignals.Logs))
        {
            Begin(meter => new OtlpLogSender(store, client, accounts, options.Region, meter));
        }

        if (options.OtlpSignals.Contains(OtlpSignals.Metrics))
        {
            Rates? RatesAt(DateTimeOffset at) => rates.History.At(at);
            var figures = new OtlpFigures(options.Region, RatesAt);
            Begin(meter => new OtlpMetricSender(
                store, MetricKeeper.FlushAsync, figures, client, accounts, meter, time));
        }

        void Begin(Func<ExportMeter, IExportSender> create)
        {
            var meter = new ExportMeter();
            exports.Add(OwnAsync(ExportLoop.Start(
                create(meter), meter, store.Exports, time, Loggers.CreateLogger<ExportLoop>())));
        }
    }

    private static ExportAccounts Of(IEnumerable<string> accounts) => new([.. accounts.Select(AccountId.Parse)]);
}

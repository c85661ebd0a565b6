using Lambent.Kernel;
using Lambent.Kernel.Metrics;
using Lambent.Protocol.Otlp;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Sends the server's figures on to a collector, each minute once, some seconds after it is over. They wait on disk
/// until the collector has answered, so that neither an outage nor a restart loses or repeats a minute; only a minute
/// whose answer was lost comes twice.
/// </summary>
internal sealed class OtlpMetricSender : IExportSender
{
    private const int CellsPerBatch = 500;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>Calls that began in the last moment of a minute, and have ended by then, count into it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly MetricArrivals arrivals;
    private readonly Func<Task> flush;
    private readonly OtlpFigures figures;
    private readonly OtlpClient client;
    private readonly ExportAccounts accounts;
    private readonly ExportMeter meter;
    private readonly TimeProvider time;
    private readonly string name;
    private DateTimeOffset sealedUntil;

    /// <param name="store">Where they wait.</param>
    /// <param name="flush">Has written down what was counted until now.</param>
    /// <param name="figures">How they are told.</param>
    /// <param name="client">Where to.</param>
    /// <param name="accounts">Whose.</param>
    /// <param name="meter">Told how it gets on.</param>
    /// <param name="time">The clock.</param>
    public OtlpMetricSender(
        TelemetryStore store,
        Func<Task> flush,
        OtlpFigures figures,
        OtlpClient client,
        ExportAccounts accounts,
        ExportMeter meter,
        TimeProvider time)
    {
        (arrivals, this.flush, this.figures, this.client) = (store.Metrics.Arrivals, flush, figures, client);
        (this.accounts, this.meter, this.time) = (accounts, meter, time);
        name = $"otlp metrics {Target}";
        var now = MetricSpans.Floor(time.GetUtcNow(), Minute);
        sealedUntil = new DateTimeOffset(store.Exports.FindOrBegin(name, now.UtcTicks), TimeSpan.Zero);
        arrivals.Begin(sealedUntil);
    }

    public string Signal => OtlpSignals.Metrics;

    public Uri Target => client.Endpoint;

    public async Task<ExportRest> SendNextAsync(CancellationToken stopping)
    {
        await SealAsync();
        var cells = arrivals.Next(sealedUntil, CellsPerBatch);
        if (cells.Count == 0)
        {
            return ExportRest.For(sealedUntil + Minute + Grace - time.GetUtcNow());
        }

        var metrics = figures.Of(cells.Where(cell => accounts.Has(cell.Series.Account)), out var points);
        if (points > 0)
        {
            await client.SendAsync(Signal, OtlpMetricProtobuf.Write(metrics), points, meter, stopping);
        }

        await arrivals.AcknowledgeAsync(cells[^1]);
        return ExportRest.None;
    }

    public void Interrupt()
    {
        // What was not acknowledged is still there.
    }

    public Task EndAsync() => Task.CompletedTask;

    public ExportBacklog Backlog()
    {
        var (count, first) = arrivals.Waiting();

        // What counts into the minute that is not over does not wait yet.
        return first < sealedUntil ? new ExportBacklog(count, first) : default;
    }

    public void Dispose()
    {
        // The client is shared.
    }

    /// <summary>Once a minute: what was counted is written down, and the minutes that are over do not change.</summary>
    private async Task SealAsync()
    {
        var until = MetricSpans.Floor(time.GetUtcNow() - Grace, Minute);
        if (until <= sealedUntil)
        {
            return;
        }

        await flush();
        await arrivals.SealAsync(until, name);
        sealedUntil = until;
        meter.Drop(await arrivals.DropBeforeAsync(until - Limits.MetricMinuteRetention));
    }
}

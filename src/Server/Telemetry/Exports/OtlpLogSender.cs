using Lambent.Kernel.Invocations;
using Lambent.Protocol.Otlp;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Sends log lines on to a collector. A line is sent about a second after it was written: by then the call of most
/// lines has ended, and with it its place in a trace is known. A batch that is not answered is sent again.
/// </summary>
internal sealed class OtlpLogSender : IExportSender
{
    private const int LinesPerBatch = 1_000;

    private static readonly TimeSpan GatherTime = TimeSpan.FromSeconds(1);

    private readonly TelemetryStore store;
    private readonly OtlpClient client;
    private readonly ExportAccounts accounts;
    private readonly string region;
    private readonly ExportMeter meter;
    private readonly ExportPosition position;
    private bool hasGathered;

    /// <param name="store">What is sent.</param>
    /// <param name="client">Where to.</param>
    /// <param name="accounts">Whose.</param>
    /// <param name="region">Of this server.</param>
    /// <param name="meter">Told how it gets on.</param>
    public OtlpLogSender(
        TelemetryStore store, OtlpClient client, ExportAccounts accounts, string region, ExportMeter meter)
    {
        (this.store, this.client, this.accounts, this.region, this.meter) = (store, client, accounts, region, meter);
        position = new ExportPosition(store.Exports, $"otlp logs {Target}", store.Exports.Ends, meter);
    }

    public string Signal => OtlpSignals.Logs;

    public Uri Target => client.Endpoint;

    public async Task<ExportRest> SendNextAsync(CancellationToken stopping)
    {
        position.SkipRemoved();
        var lines = store.Exports.ReadAfter(position.Number, LinesPerBatch);
        if (lines.Count == 0)
        {
            hasGathered = false;
            return ExportRest.UntilWritten;
        }

        if (lines.Count < LinesPerBatch && !hasGathered)
        {
            hasGathered = true;
            return ExportRest.For(GatherTime);
        }

        var entries = lines.Select(line => line.Entry).Where(entry => accounts.Has(entry.Function.Account)).ToList();
        if (entries.Count > 0)
        {
            var message = OtlpLogProtobuf.Write(OtlpLines.Of(entries, FindCalls(entries), region));
            await client.SendAsync(Signal, message, entries.Count, meter, stopping);
        }

        hasGathered = false;
        position.MoveTo(lines[^1].Number);
        await position.SaveAsync();
        return ExportRest.None;
    }

    public void Interrupt()
    {
        // The next batch begins where the last one that was answered ended.
    }

    public Task EndAsync() => position.SaveAsync();

    public ExportBacklog Backlog() => ExportBacklogs.Of(store.Exports, position);

    public void Dispose()
    {
        // The client is shared.
    }

    private IReadOnlyDictionary<string, IReadOnlyList<InvocationRecord>> FindCalls(List<LogEntry> entries) =>
        store.Traces.CallsOf(entries
            .Where(entry => entry.RequestId is not null)
            .Select(entry => (entry.Function.Account, entry.RequestId!))
            .Distinct());
}

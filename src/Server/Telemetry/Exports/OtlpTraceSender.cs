using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Protocol.Otlp;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>
/// Sends traces on to a collector. Of traces that are not sampled nothing is sent. A batch that is not answered is sent
/// again, so a span may come twice.
/// </summary>
internal sealed class OtlpTraceSender : IExportSender
{
    private const int RowsPerBatch = 400;

    private readonly TelemetryStore store;
    private readonly Func<TraceBook> book;
    private readonly OtlpClient client;
    private readonly ExportAccounts accounts;
    private readonly string region;
    private readonly ExportMeter meter;
    private readonly ExportPosition calls;
    private readonly ExportPosition spans;

    /// <param name="store">What is sent.</param>
    /// <param name="book">Knows the states of executions; asked for when the first of them is sent.</param>
    /// <param name="client">Where to.</param>
    /// <param name="accounts">Whose.</param>
    /// <param name="region">Of this server.</param>
    /// <param name="meter">Told how it gets on.</param>
    public OtlpTraceSender(
        TelemetryStore store,
        Func<TraceBook> book,
        OtlpClient client,
        ExportAccounts accounts,
        string region,
        ExportMeter meter)
    {
        (this.store, this.book, this.client, this.accounts) = (store, book, client, accounts);
        (this.region, this.meter) = (region, meter);
        calls = new ExportPosition(store.Exports, $"otlp calls {Target}", store.Traces.CallEnds, meter);
        spans = new ExportPosition(store.Exports, $"otlp spans {Target}", store.Traces.SpanEnds, meter);
    }

    public string Signal => OtlpSignals.Traces;

    public Uri Target => client.Endpoint;

    public async Task<ExportRest> SendNextAsync(CancellationToken stopping)
    {
        calls.SkipRemoved();
        spans.SkipRemoved();
        var nextCalls = store.Traces.CallsAfter(calls.Number, RowsPerBatch);
        var nextSpans = store.Traces.SpansAfter(spans.Number, RowsPerBatch);
        if (nextCalls.Count == 0 && nextSpans.Count == 0)
        {
            return ExportRest.UntilWritten;
        }

        var batch = nextCalls
            .Where(one => one.Call.Trace is { IsNone: false, Parent.IsSampled: true }
                && accounts.Has(one.Call.Function.Account))
            .SelectMany(one => Of(one.Call))
            .Concat(nextSpans
                .Where(one => one.Span is { Parent.IsSampled: true, IsOpen: false }
                    && accounts.Has(one.Span.Owner.Account))
                .SelectMany(one => Of(one.Span)))
            .ToList();
        if (batch.Count > 0)
        {
            var message = OtlpProtobuf.Write(OtlpSpans.Of(batch, region));
            await client.SendAsync(Signal, message, batch.Count, meter, stopping);
        }

        calls.MoveTo(nextCalls.Count > 0 ? nextCalls[^1].Number : calls.Number);
        spans.MoveTo(nextSpans.Count > 0 ? nextSpans[^1].Number : spans.Number);
        await EndAsync();
        return ExportRest.None;
    }

    public void Interrupt()
    {
        // The next batch begins where the last one that was answered ended.
    }

    public async Task EndAsync()
    {
        await calls.SaveAsync();
        await spans.SaveAsync();
    }

    public ExportBacklog Backlog() => ExportBacklogs.Of(store.Traces, calls, spans);

    public void Dispose()
    {
        // The client is shared.
    }

    private static IEnumerable<(TraceSpan Span, InvocationRecord? Call)> Of(InvocationRecord call) =>
        CallSpans.PhasesOf(call).Select(phase => (phase, default(InvocationRecord)))
            .Prepend((CallSpans.Of(call), call));

    private IEnumerable<(TraceSpan Span, InvocationRecord? Call)> Of(TraceSpan span) =>
        (span.Origin == SpanOrigin.Execution ? book().OfExecution(span) : [span])
            .Where(one => !one.IsOpen).Select(one => (one, default(InvocationRecord)));
}

using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry.Exports;

/// <summary>What an export of numbered items has not sent yet.</summary>
internal static class ExportBacklogs
{
    public static ExportBacklog Of(LogExportStore lines, ExportPosition position) =>
        new(position.Waiting, lines.ReadAfter(position.Number, 1) is [var next] ? next.Entry.Time : null);

    public static ExportBacklog Of(TraceStore traces, ExportPosition calls, ExportPosition spans)
    {
        DateTimeOffset? call = traces.CallsAfter(calls.Number, 1) is [var nextCall] ? nextCall.Call.StartedAt : null;
        DateTimeOffset? span = traces.SpansAfter(spans.Number, 1) is [var nextSpan] ? nextSpan.Span.StartedAt : null;
        return new ExportBacklog(calls.Waiting + spans.Waiting, span < call || call is null ? span : call);
    }
}

using System.Text;
using Lambent.Server.Telemetry.Exports;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>How the log stands, for /metrics.</summary>
internal sealed class LogMetrics(
    TelemetryStore store, long bytesMax, Func<SpanIntake?> intake, IReadOnlyList<ExportLoop> exports)
{
    public void Describe(StringBuilder text)
    {
        var counters = store.Counters;
        Write(text, "lambent_telemetry_dropped_total", "counter", "Log lines and call records that were not kept.",
            counters.DroppedCount);
        Write(text, "lambent_log_lines_total", "counter", "Log lines that were accepted.", counters.LinesKept);
        Write(text, "lambent_log_lines_dropped_total", "counter",
            "Log lines beyond a function's or an account's share, or for which there was no room.",
            counters.LinesDropped);
        Write(text, "lambent_telemetry_bytes", "gauge", "Log lines and call records on disk.", store.ReadUsage().Bytes);
        Write(text, "lambent_telemetry_bytes_limit", "gauge", "Above it the oldest are removed.", bytesMax);
        Write(text, "lambent_spans_total", "counter", "Spans that were accepted.", counters.SpansKept);
        Write(text, "lambent_spans_dropped_total", "counter",
            "Spans beyond an account's share, or for which there was no room.", counters.SpansDropped);
        Write(text, "lambent_spans_rejected_total", "counter", "Spans that functions and others sent in vain.",
            intake()?.RejectedCount ?? 0);
        foreach (var export in exports)
        {
            Describe(text, export);
        }
    }

    private static void Describe(StringBuilder text, ExportLoop export)
    {
        var meter = export.Meter;
        WriteOf(text, export, "connected", "gauge", "Whether it can be reached.", meter.IsConnected ? 1 : 0);
        WriteOf(text, export, "sent_total", "counter", "Lines, spans and figures sent.", meter.SentCount);
        WriteOf(text, export, "waiting", "gauge", "Items that wait to be sent.", export.Backlog().Waiting);
        WriteOf(text, export, "rejected_total", "counter", "What the other side did not want.", meter.RejectedCount);
        WriteOf(
            text, export, "dropped_total", "counter", "What was removed before it could be sent.",
            meter.DroppedCount);
    }

    private static void WriteOf(
        StringBuilder text, ExportLoop export, string name, string type, string help, double value)
    {
        var isSyslog = export.Signal == SyslogSender.SignalName;
        var full = $"lambent_{(isSyslog ? "syslog" : "otlp")}_{name}";
        MetricsEndpoint.Describe(text, full, type, help);
        MetricsEndpoint.Sample(text, full, isSyslog ? null : $"signal=\"{export.Signal}\"", value);
    }

    private static void Write(StringBuilder text, string name, string type, string help, double value)
    {
        MetricsEndpoint.Describe(text, name, type, help);
        MetricsEndpoint.Sample(text, name, null, value);
    }
}

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
        DescribeExports(text, "syslog", [.. exports.Where(export => export.Signal == SyslogSender.SignalName)]);
        DescribeExports(text, "otlp", [.. exports.Where(export => export.Signal != SyslogSender.SignalName)]);
    }

    private static void DescribeExports(StringBuilder text, string kind, List<ExportLoop> loops)
    {
        if (loops.Count == 0)
        {
            return;
        }

        Each("connected", "gauge", "Whether it can be reached.", export => export.Meter.IsConnected ? 1 : 0);
        Each("sent_total", "counter", "Lines, spans and figures sent.", export => export.Meter.SentCount);
        Each("waiting", "gauge", "What waits to be sent.", export => export.Backlog().Waiting);
        Each("rejected_total", "counter", "What the other side did not want.", export => export.Meter.RejectedCount);
        Each(
            "dropped_total", "counter", "What was removed before it could be sent.",
            export => export.Meter.DroppedCount);

        void Each(string name, string type, string help, Func<ExportLoop, double> value)
        {
            MetricsEndpoint.Describe(text, $"lambent_{kind}_{name}", type, help);
            foreach (var export in loops)
            {
                MetricsEndpoint.Sample(
                    text, $"lambent_{kind}_{name}", kind == "otlp" ? $"signal=\"{export.Signal}\"" : null,
                    value(export));
            }
        }
    }

    private static void Write(StringBuilder text, string name, string type, string help, double value)
    {
        MetricsEndpoint.Describe(text, name, type, help);
        MetricsEndpoint.Sample(text, name, null, value);
    }
}

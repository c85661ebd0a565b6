using System.Text;
using Lambent.Server.Telemetry.Exports;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>How the log stands, for /metrics.</summary>
internal sealed class LogMetrics(
    TelemetryStore store,
    long bytesMax,
    long storedCallBytesMax,
    Func<long> metricCellsDropped,
    Func<SpanIntake?> intake,
    IReadOnlyList<ExportLoop> exports)
{
    public const string TelemetryBytes = "lambent_telemetry_bytes";
    public const string TelemetryBytesLimit = "lambent_telemetry_bytes_limit";
    public const string StoredCallBytes = "lambent_stored_call_bytes";
    public const string StoredCallBytesLimit = "lambent_stored_call_bytes_limit";
    public const string MetricCellsDropped = "lambent_metric_cells_dropped_total";
    public const string LinesDroppedByReason = "lambent_log_lines_dropped_by_reason_total";
    public const string BytesDropped = "lambent_log_bytes_dropped_total";

    public void Describe(StringBuilder text)
    {
        var counters = store.Counters;
        Write(text, "lambent_telemetry_dropped_total", "counter", "Log lines and call records that were not kept.",
            counters.DroppedCount);
        Write(text, "lambent_log_lines_total", "counter", "Log lines that were accepted.", counters.LinesKept);
        Write(text, "lambent_log_lines_dropped_total", "counter",
            "Log lines beyond an environment's, a function's or an account's share, or for which there was no room.",
            counters.LinesDropped);
        DescribeDrops(text, counters.LogDrops);
        Write(text, "lambent_call_records_dropped_total", "counter", "Call records for which there was no room.",
            counters.RecordsDropped);
        var usage = store.ReadUsage();
        Write(text, TelemetryBytes, "gauge", "Log lines and call records on disk.", usage.Bytes);
        Write(text, TelemetryBytesLimit, "gauge", "Above it the oldest are removed.", bytesMax);
        Write(text, StoredCallBytes, "gauge", "Events and answers of calls on disk.", usage.StoredCallBytes);
        Write(text, StoredCallBytesLimit, "gauge", "Above it the oldest are removed.", storedCallBytesMax);
        Write(text, MetricCellsDropped, "counter", "Figures of a minute that could not be written and were given up.",
            metricCellsDropped());
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

    private static void DescribeDrops(StringBuilder text, LogDrops drops)
    {
        MetricsEndpoint.Describe(text, LinesDroppedByReason, "counter", "The same lines by why they were dropped.");
        foreach (var reason in Enum.GetValues<LogDropReason>())
        {
            MetricsEndpoint.Sample(text, LinesDroppedByReason, Label(reason), drops.LinesFor(reason));
        }

        MetricsEndpoint.Describe(text, BytesDropped, "counter", "Bytes of dropped lines by why.");
        foreach (var reason in Enum.GetValues<LogDropReason>())
        {
            MetricsEndpoint.Sample(text, BytesDropped, Label(reason), drops.BytesFor(reason));
        }
    }

    private static string Label(LogDropReason reason) => $"reason=\"{reason.ToString().ToLowerInvariant()}\"";

    private static void Write(StringBuilder text, string name, string type, string help, double value)
    {
        MetricsEndpoint.Describe(text, name, type, help);
        MetricsEndpoint.Sample(text, name, null, value);
    }
}

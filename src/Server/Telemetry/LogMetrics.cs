using System.Text;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Telemetry;

/// <summary>How the log stands, for /metrics.</summary>
internal sealed class LogMetrics(TelemetryStore store, long bytesMax, Func<SyslogExport?> export)
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
        if (export() is not { } syslog)
        {
            return;
        }

        Write(text, "lambent_syslog_connected", "gauge", "Whether the receiver of syslog can be reached.",
            syslog.IsConnected ? 1 : 0);
        Write(text, "lambent_syslog_sent_total", "counter", "Log lines sent as syslog.", syslog.SentCount);
        Write(text, "lambent_syslog_waiting", "gauge", "Log lines that wait to be sent.", syslog.WaitingCount);
        Write(text, "lambent_syslog_dropped_total", "counter",
            "Log lines that the log's limit removed before they could be sent.", syslog.DroppedCount);
    }

    private static void Write(StringBuilder text, string name, string type, string help, double value)
    {
        MetricsEndpoint.Describe(text, name, type, help);
        MetricsEndpoint.Sample(text, name, null, value);
    }
}

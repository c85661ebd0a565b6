using Lambent.Server.Diagnostics;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Diagnostics;

/// <summary>What the doctor says of what is kept, from the text of /metrics.</summary>
public sealed class TelemetryFindingsTests
{
    [Fact]
    public void Nothing_dropped_and_room_left_is_good()
    {
        var findings = TelemetryFindings.Read("""
            # HELP lambent_telemetry_bytes x
            lambent_telemetry_bytes 1048576
            lambent_telemetry_bytes_limit 1073741824
            lambent_stored_call_bytes 0
            lambent_stored_call_bytes_limit 268435456
            lambent_metric_cells_dropped_total 0
            lambent_log_lines_dropped_by_reason_total{reason="environment"} 0
            """).ToList();

        findings.Select(finding => (finding.Name, finding.Status, finding.Detail)).ShouldBe(
            [
                ("logs", FindingStatus.Good, "ok: 1.0 MiB of 1024.0 MiB"),
                ("stored calls", FindingStatus.Good, "ok: 0.0 MiB of 256.0 MiB"),
                ("log lines", FindingStatus.Good, "none was dropped since the start"),
            ]);
    }

    [Fact]
    public void What_was_dropped_and_what_is_full_is_named_with_its_reason()
    {
        var findings = TelemetryFindings.Read("""
            lambent_telemetry_bytes 900
            lambent_telemetry_bytes_limit 1000
            lambent_stored_call_bytes 990
            lambent_stored_call_bytes_limit 1000
            lambent_metric_cells_dropped_total 3
            lambent_log_lines_dropped_by_reason_total{reason="environment"} 12
            lambent_log_lines_dropped_by_reason_total{reason="function"} 0
            lambent_log_lines_dropped_by_reason_total{reason="queue"} 5
            lambent_log_bytes_dropped_total{reason="environment"} 2097152
            lambent_log_bytes_dropped_total{reason="queue"} 1048576
            """).ToList();

        findings.ShouldAllBe(finding => finding.Status == FindingStatus.Warning && finding.Fix != null);
        findings[0].Detail.ShouldStartWith("near-limit: ");
        findings[1].Detail.ShouldEndWith(", the oldest are being removed");
        findings[2].Detail.ShouldBe(
            "dropped since the start: 12 beyond the share of the environment, 5 that the disk did not keep up with; "
            + "3.0 MiB");
        findings[3].Detail.ShouldBe("3 figures of a minute could not be written");
    }
}

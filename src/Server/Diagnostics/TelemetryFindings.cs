using System.Globalization;
using Lambent.Server.Telemetry;

namespace Lambent.Server.Diagnostics;

/// <summary>What a running server keeps of its calls, and what it had to drop: read from its /metrics.</summary>
internal static class TelemetryFindings
{
    public static IEnumerable<Finding> Read(string metrics)
    {
        var values = Values(metrics);
        yield return Use(
            "logs", values, LogMetrics.TelemetryBytes, LogMetrics.TelemetryBytesLimit,
            "lambent up --log-mb MB, or fewer --log-days");
        yield return Use(
            "stored calls", values, LogMetrics.StoredCallBytes, LogMetrics.StoredCallBytesLimit,
            "lambent up --call-mb MB, or fewer --call-days");
        yield return Dropped(values);
        if (values.GetValueOrDefault(LogMetrics.MetricCellsDropped) is > 0 and var cells)
        {
            yield return new Finding(
                "metrics", FindingStatus.Warning,
                string.Create(CultureInfo.InvariantCulture, $"{cells:0} figures of a minute could not be written"),
                "look at the disk that the data folder is on");
        }
    }

    private static Finding Use(
        string name, Dictionary<string, double> values, string bytesName, string limitName, string fix)
    {
        var (bytes, limit) = (values.GetValueOrDefault(bytesName), values.GetValueOrDefault(limitName));
        var state = limit > 0 ? LimitState.Of(bytes, limit) : LimitState.Ok;
        var detail = string.Create(
            CultureInfo.InvariantCulture,
            $"{state}: {Megabytes(bytes)} of {Megabytes(limit)}"
            + $"{(state == LimitState.AtLimit ? ", the oldest are being removed" : "")}");
        return state == LimitState.Ok
            ? new Finding(name, FindingStatus.Good, detail)
            : new Finding(name, FindingStatus.Warning, detail, fix);
    }

    /// <summary>Lines are dropped so that nobody else is slowed down: a warning, for who looks for one.</summary>
    private static Finding Dropped(Dictionary<string, double> values)
    {
        var reasons = values
            .Where(value => value.Value > 0 && value.Key.StartsWith(
                LogMetrics.LinesDroppedByReason + "{", StringComparison.Ordinal))
            .Select(value => (Reason: value.Key.Split('"')[1], Lines: value.Value))
            .ToList();
        if (reasons.Count == 0)
        {
            return new Finding("log lines", FindingStatus.Good, "none was dropped since the start");
        }

        var bytes = values.Where(value => value.Key.StartsWith(LogMetrics.BytesDropped + "{", StringComparison.Ordinal))
            .Sum(value => value.Value);
        var each = string.Join(", ", reasons.Select(reason => string.Create(
            CultureInfo.InvariantCulture, $"{reason.Lines:0} beyond the share of the {reason.Reason}")));
        return new Finding(
            "log lines", FindingStatus.Warning,
            $"dropped since the start: {each.Replace(
                "beyond the share of the queue", "that the disk did not keep up with", StringComparison.Ordinal)}; "
                + Megabytes(bytes),
            "write less: lambent logs --grep 'of log' shows who does");
    }

    private static Dictionary<string, double> Values(string metrics)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in metrics.Split('\n'))
        {
            var space = line.LastIndexOf(' ');
            if (space > 0 && line[0] != '#' && double.TryParse(
                line.AsSpan(space + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                values[line[..space]] = value;
            }
        }

        return values;
    }

    private static string Megabytes(double bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024 * 1024):0.0} MiB");
}

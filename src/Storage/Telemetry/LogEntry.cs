using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;

namespace Lambent.Storage.Telemetry;

public enum LogEntryKind
{
    /// <summary>The platform's START line.</summary>
    Start,

    /// <summary>What the function wrote.</summary>
    Line,

    /// <summary>The platform's END line.</summary>
    End,

    /// <summary>The platform's REPORT line.</summary>
    Report,
}

/// <summary>One entry of a function's log. Entries with the same content are equal, wherever they stand.</summary>
/// <param name="RequestId">The call it belongs to, or null when outside any.</param>
/// <param name="Text">As written, with its line ends.</param>
public sealed record LogEntry(
    FunctionId Function, string Version, string EnvironmentId, string? RequestId, DateTimeOffset Time,
    LogEntryKind Kind, string Text)
{
    /// <summary>What the line says of its gravity; the platform's lines say nothing.</summary>
    public LineLevel Level { get; init; }

    /// <summary>Names it among all entries of the store, in the order of their times; digits only.</summary>
    public string Id => Position.ToDigits();

    internal TelemetryPosition Position { get; init; }

    public bool Equals(LogEntry? other) =>
        other is not null && Time == other.Time && Kind == other.Kind && Function == other.Function
        && RequestId == other.RequestId && EnvironmentId == other.EnvironmentId && Version == other.Version
        && Text == other.Text && Level == other.Level;

    public override int GetHashCode() => HashCode.Combine(Function, EnvironmentId, RequestId, Time, Kind, Text);

    /// <summary>The platform's lines are not stored: they are made from the record of the call.</summary>
    internal static LogEntry From(InvocationRecord record, LogEntryKind kind) => new(
        record.Function, record.Version, record.EnvironmentId, record.RequestId,
        kind == LogEntryKind.Start ? record.StartedAt : record.StartedAt + record.Duration,
        kind,
        kind switch
        {
            LogEntryKind.Start => ReportLines.Start(record.RequestId, record.Version),
            LogEntryKind.End => ReportLines.End(record.RequestId),
            _ => ReportLines.Report(record),
        });

    internal static LogEntry From(LogLine line) => new(
        line.Function, line.Version, line.EnvironmentId, line.RequestId, line.Time, LogEntryKind.Line, line.Text)
    {
        Level = LineLevels.Read(line.Text),
    };
}

using System.Text;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Logs;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Makes entries of the rows that a query wants. A line is looked at as the bytes that lie in the database; only what
/// is wanted becomes an object.
/// </summary>
internal sealed class EntryTest(TelemetryQuery query, Dictionary<string, long> cleared, FunctionId function)
{
    private readonly byte[]? version = query.Version is { } wanted ? Encoding.UTF8.GetBytes(wanted) : null;
    private readonly LineFilter? filter = query.Filter is { IsEmpty: false } given ? given : null;

    /// <summary>A row of log_lines.</summary>
    public LogEntry? ReadLine(ISqlStatement row, TelemetryPosition position) =>
        IsOf(row, versionColumn: 4, environmentColumn: 5, position)
        && filter?.Matches(row.GetBytes(6), (LineLevel)row.GetNumber(7)) != false
            ? TelemetryRow.ReadLine(row, function) with { Position = position }
            : null;

    /// <summary>A row of invocations, as the kind of line that the position says.</summary>
    public LogEntry? ReadRecord(ISqlStatement row, TelemetryPosition position)
    {
        if (!IsOf(row, versionColumn: 5, environmentColumn: 6, position))
        {
            return null;
        }

        var entry = LogEntry.From(TelemetryRow.ReadInvocation(row, function), position.Kind);
        return filter?.Matches(entry.Text, LineLevel.None) != false ? entry with { Position = position } : null;
    }

    private bool IsOf(ISqlStatement row, int versionColumn, int environmentColumn, TelemetryPosition position)
    {
        if (version is not null && !row.GetBytes(versionColumn).SequenceEqual(version))
        {
            return false;
        }

        if (query.Environments is null && cleared.Count == 0)
        {
            return true;
        }

        var environment = row.GetText(environmentColumn);
        return query.Environments?.Contains(environment) != false
            && !(cleared.TryGetValue(environment, out var until) && position.Time <= until);
    }
}

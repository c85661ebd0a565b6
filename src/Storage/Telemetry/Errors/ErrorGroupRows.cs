using System.Globalization;
using Lambent.Kernel.Access;
using Lambent.Kernel.Errors;
using Lambent.Kernel.Values;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry.Errors;

/// <summary>A row of error_groups.</summary>
/// <param name="Culprits">By the number of the language.</param>
internal sealed record ErrorGroupRow(
    long Id,
    byte[] Family,
    DataObject Culprits,
    ErrorKind Kind,
    string Type,
    string Message,
    string Culprit,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    long Count,
    ErrorGroupState State)
{
    private const int NameFamilyBytes = 4;

    /// <summary>As people and the API name it: a part of the family, and the number of the row.</summary>
    public string Name => $"{Convert.ToHexStringLower(Family.AsSpan(0, NameFamilyBytes))}-{Id}";
}

/// <summary>Groups of errors as rows.</summary>
internal static class ErrorGroupRows
{
    public const string Columns = """
        group_id, family, culprits, kind, type, message, culprit, first_seen, last_seen, count,
        status, changed_at, resolved_function, resolved_version, reopened_by
        """;

    private const long TicksPerHour = TimeSpan.TicksPerHour;

    private static readonly SqlText GetSql = new(
        $"SELECT {Columns} FROM error_groups WHERE account_id = $1 AND group_id = $2");

    private static readonly SqlText StateSql = new("""
        UPDATE error_groups SET status = $1, changed_at = $2, resolved_function = $3, resolved_version = $4,
            reopened_by = $5
        WHERE group_id = $6
        """);

    private static readonly SqlText[] DeleteSql =
    [
        new("DELETE FROM error_hours WHERE group_id = $1"),
        new("DELETE FROM error_versions WHERE group_id = $1"),
        new("DELETE FROM error_samples WHERE group_id = $1"),
        new("DELETE FROM error_groups WHERE group_id = $1"),
    ];

    private static readonly SqlText OldSql = new(
        "SELECT group_id FROM error_groups WHERE last_seen < $1 ORDER BY last_seen LIMIT 200");

    private static readonly SqlText OfAccountSql = new(
        "SELECT group_id FROM error_groups WHERE account_id = $1 LIMIT 200");

    private static readonly SqlText OldHoursSql = new("DELETE FROM error_hours WHERE hour < $1");

    /// <summary>Its number since 1970.</summary>
    public static long HourOf(DateTimeOffset time) => TimeColumn.FromTime(time) / TicksPerHour;

    public static DateTimeOffset TimeOf(long hour) => TimeColumn.ToTime(hour * TicksPerHour);

    /// <summary>The group of an account with a name, or null.</summary>
    public static ErrorGroupRow? Get(ISqlSession session, AccountId account, string name)
    {
        if (!long.TryParse(
            name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(id);
        return rows.Read() && Read(rows) is { } group && group.Name == name ? group : null;
    }

    public static ErrorGroupRow Read(ISqlStatement row) => new(
        row.GetNumber(0),
        row.GetBytes(1).ToArray(),
        (DataObject)DataReader.ReadOwn(row.GetBytes(2)),
        (ErrorKind)row.GetNumber(3),
        row.GetText(4),
        row.GetText(5),
        row.GetText(6),
        TimeColumn.ToTime(row.GetNumber(7)),
        TimeColumn.ToTime(row.GetNumber(8)),
        row.GetNumber(9),
        new ErrorGroupState(
            (ErrorGroupStatus)row.GetNumber(10),
            TimeColumn.ToTime(row.GetNumber(11)),
            row.GetText(12),
            row.GetNumber(13),
            row.GetText(14)));

    public static void SetState(ISqlSession session, long group, ErrorGroupState state)
    {
        using var statement = session.Prepare(StateSql)
            .Bind((long)state.Status)
            .Bind(TimeColumn.FromTime(state.ChangedAt))
            .Bind(state.Function)
            .Bind(state.Version)
            .Bind(state.ReopenedBy)
            .Bind(group);
        statement.Run();
    }

    public static void Delete(ISqlSession session, long group)
    {
        foreach (var sql in DeleteSql)
        {
            using var statement = session.Prepare(sql).Bind(group);
            statement.Run();
        }
    }

    /// <summary>Removes groups that were not seen for long.</summary>
    /// <returns>How many.</returns>
    public static int Prune(ISqlSession session, DateTimeOffset before, DateTimeOffset hoursBefore)
    {
        using (var hours = session.Prepare(OldHoursSql).Bind(HourOf(hoursBefore)))
        {
            hours.Run();
        }

        ErrorAnnouncementRows.Prune(session, hoursBefore);

        using var rows = session.Prepare(OldSql).Bind(TimeColumn.FromTime(before));
        return Delete(session, rows);
    }

    public static int Forget(ISqlSession session, AccountId account)
    {
        ErrorAnnouncementRows.Forget(session, account);
        using var rows = session.Prepare(OfAccountSql).Bind(account.Value);
        return Delete(session, rows);
    }

    private static int Delete(ISqlSession session, ISqlStatement rows)
    {
        var groups = rows.ReadAll(row => row.GetNumber(0));
        groups.ForEach(group => Delete(session, group));
        return groups.Count;
    }
}

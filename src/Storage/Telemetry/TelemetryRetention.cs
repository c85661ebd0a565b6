using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry.Calls;
using Lambent.Storage.Telemetry.Errors;

namespace Lambent.Storage.Telemetry;

/// <summary>Removes rows, a few thousand at a time, so that writing goes on in between.</summary>
internal static class TelemetryRetention
{
    private const int RowsPerStep = 5_000;

    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");

    private static readonly Table[] Tables =
    [
        new("log_lines", "line_id", "time"),
        new("invocations", "invocation_id", "started_at"),
        new("spans", "row_id", "started_at"),
    ];

    private static readonly SqlText PageCountSql = new("PRAGMA page_count");
    private static readonly SqlText FreePagesSql = new("PRAGMA freelist_count");
    private static readonly SqlText PageSizeSql = new("PRAGMA page_size");

    private static readonly SqlText ShortLivedSql = new(
        "SELECT source_id, retention_days FROM sources WHERE retention_days > 0");

    private static readonly SqlText PruneSourceSql = new($"""
        DELETE FROM log_lines WHERE line_id IN (
            SELECT line_id FROM log_lines WHERE source_id = $1 AND time < $2 LIMIT {RowsPerStep})
        """);

    private static readonly SqlText PruneStreamsSql = new(
        "DELETE FROM log_streams WHERE last_time < $1 AND created_at < $1");

    private static readonly SqlText ForgetStreamsSql = new("""
        DELETE FROM log_streams WHERE source_id IN (SELECT source_id FROM sources WHERE account_id = $1)
        """);

    private static readonly SqlText ForgetReleasesSql = new("""
        DELETE FROM releases WHERE source_id IN (SELECT source_id FROM sources WHERE account_id = $1)
        """);

    private static readonly SqlText ForgetSourcesSql = new("DELETE FROM sources WHERE account_id = $1");

    /// <summary>One step of removing what is too old, and the oldest of what is too much.</summary>
    /// <returns>How many rows it removed; 0 when nothing is left to do.</returns>
    public static int Prune(SqliteConnection connection, DateTimeOffset before, long bytesMax, DateTimeOffset now)
    {
        foreach (var (source, days) in ShortLived(connection))
        {
            using var statement = connection.Prepare(PruneSourceSql)
                .Bind(source).Bind(TimeColumn.FromTime(now.AddDays(-days)));
            if (statement.Run() is > 0 and var removed)
            {
                return removed;
            }
        }

        foreach (var table in Tables)
        {
            if (table.DeleteOldest(connection, TimeColumn.FromTime(before)) is > 0 and var removed)
            {
                return removed;
            }
        }

        var oldest = Tables.MinBy(table => table.OldestTime(connection))!;
        if (UsedBytes(connection) - StoredBytes(connection) > bytesMax
            && oldest.DeleteOldest(connection, long.MaxValue) is > 0 and var room)
        {
            return room;
        }

        // Streams of which nothing is left.
        if (oldest.OldestTime(connection) is not long.MaxValue and var first)
        {
            using var statement = connection.Prepare(PruneStreamsSql)
                .Bind(Math.Min(first, TimeColumn.FromTime(before)));
            statement.Run();
        }

        return 0;
    }

    /// <summary>One step of removing stored calls beyond an age and a size, and old groups of errors.</summary>
    /// <returns>How many it removed; 0 when nothing is left to do.</returns>
    public static int PruneCalls(
        SqliteConnection connection, DateTimeOffset before, long bytesMax, DateTimeOffset now) =>
        InTransaction(connection, session => StoredCallRows.Prune(session, before, bytesMax) is > 0 and var removed
            ? removed
            : ErrorGroupRows.Prune(session, now - Limits.ErrorGroupRetention, now - Limits.ErrorHourRetention));

    private static long StoredBytes(SqliteConnection connection)
    {
        using var rows = connection.Prepare(StoredCallRows.BytesSql);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    public static int InTransaction(SqliteConnection connection, Func<ISqlSession, int> step)
    {
        connection.Run(Begin);
        try
        {
            var done = step(new SqliteSession(connection, readOnly: false));
            connection.Run(Commit);
            return done;
        }
        catch when (connection.InTransaction)
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>One step of removing an account's rows.</summary>
    /// <returns>How many rows it removed; 0 when nothing is left to do.</returns>
    public static int Forget(SqliteConnection connection, AccountId account)
    {
        foreach (var table in Tables)
        {
            if (table.DeleteOf(connection, account) is > 0 and var removed)
            {
                return removed;
            }
        }

        var kept = InTransaction(connection, session =>
            StoredCallRows.Forget(session, account.Value) + ErrorGroupRows.Forget(session, account));
        if (kept > 0)
        {
            return kept;
        }

        foreach (var sql in (SqlText[])[ForgetStreamsSql, ForgetReleasesSql, ForgetSourcesSql])
        {
            using var statement = connection.Prepare(sql).Bind(account.Value);
            statement.Run();
        }

        DemandRows.Forget(connection, account);
        DecisionRows.Forget(connection, account);
        MetricRows.Forget(connection, account);
        return 0;
    }

    /// <summary>Pages with content. The file itself keeps its size: freed pages are used again.</summary>
    public static long UsedBytes(SqliteConnection connection) =>
        (connection.QueryNumber("PRAGMA page_count") - connection.QueryNumber("PRAGMA freelist_count")) *
        connection.QueryNumber("PRAGMA page_size");

    public static TelemetryUsage Usage(ISqlSession session)
    {
        var pages = Number(session, PageCountSql) - Number(session, FreePagesSql);
        var oldest = Tables.Min(table => Number(session, table.OldestSql) ?? long.MaxValue);
        var stored = Number(session, StoredCallRows.BytesSql) ?? 0;
        return new TelemetryUsage(
            Math.Max(0, (pages * Number(session, PageSizeSql) - stored) ?? 0),
            oldest == long.MaxValue ? null : TimeColumn.ToTime(oldest))
        {
            StoredCallBytes = stored,
        };
    }

    private static long? Number(ISqlSession session, SqlText sql)
    {
        using var rows = session.Prepare(sql);
        return rows.Read() ? rows.GetNumber(0) : null;
    }

    private static List<(long Source, long Days)> ShortLived(SqliteConnection connection)
    {
        using var rows = connection.Prepare(ShortLivedSql);
        return rows.ReadAll(row => (row.GetNumber(0), row.GetNumber(1)));
    }

    private sealed class Table(string name, string row, string time)
    {
        private readonly SqlText findSql = new($"""
            SELECT COALESCE(MIN(CASE WHEN {time} >= $1 THEN {row} END) - 1, MAX({row}))
            FROM (SELECT {row}, {time} FROM {name} ORDER BY {row} LIMIT {RowsPerStep})
            """);

        private readonly SqlText deleteSql = new($"DELETE FROM {name} WHERE {row} <= $1");

        public SqlText OldestSql { get; } = new($"SELECT {time} FROM {name} ORDER BY {row} LIMIT 1");

        private readonly SqlText deleteOfSql = new($"""
            DELETE FROM {name} WHERE {row} IN (SELECT {row} FROM {name}
            WHERE source_id IN (SELECT source_id FROM sources WHERE account_id = $1) LIMIT {RowsPerStep})
            """);

        /// <summary>
        /// Rows come in the order of their times but for moments, so the oldest are the first. What a program wrote
        /// with a time long past goes when its neighbours go, so that it takes nothing younger with it.
        /// </summary>
        public int DeleteOldest(SqliteConnection connection, long before)
        {
            long last;
            using (var found = connection.Prepare(findSql).Bind(before))
            {
                if (!found.Read() || found.IsNull(0))
                {
                    return 0;
                }

                last = found.GetNumber(0);
            }

            using var statement = connection.Prepare(deleteSql).Bind(last);
            return statement.Run();
        }

        public long OldestTime(SqliteConnection connection)
        {
            using var rows = connection.Prepare(OldestSql);
            return rows.Read() ? rows.GetNumber(0) : long.MaxValue;
        }

        public int DeleteOf(SqliteConnection connection, AccountId account)
        {
            using var statement = connection.Prepare(deleteOfSql).Bind(account.Value);
            return statement.Run();
        }
    }
}

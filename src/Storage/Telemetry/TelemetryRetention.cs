using Lambent.Kernel.Access;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Removes rows, a few thousand at a time, so that writing goes on in between.</summary>
internal static class TelemetryRetention
{
    private const int RowsPerStep = 5_000;

    private static readonly Table[] Tables =
    [
        new("log_lines", "line_id", "time"),
        new("invocations", "invocation_id", "started_at"),
    ];

    private static readonly SqlText ForgetSourcesSql = new("DELETE FROM sources WHERE account_id = $1");

    /// <summary>One step of removing what is too old, and the oldest of what is too much.</summary>
    /// <returns>How many rows it removed; 0 when nothing is left to do.</returns>
    public static int Prune(SqliteConnection connection, DateTimeOffset before, long bytesMax)
    {
        foreach (var table in Tables)
        {
            if (table.DeleteOldest(connection, TimeColumn.FromTime(before)) is > 0 and var removed)
            {
                return removed;
            }
        }

        if (UsedBytes(connection) <= bytesMax)
        {
            return 0;
        }

        var oldest = Tables.MinBy(table => table.OldestTime(connection))!;
        return oldest.DeleteOldest(connection, long.MaxValue);
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

        using var statement = connection.Prepare(ForgetSourcesSql).Bind(account.Value);
        statement.Run();
        DemandRows.Forget(connection, account);
        DecisionRows.Forget(connection, account);
        return 0;
    }

    /// <summary>Pages with content. The file itself keeps its size: freed pages are used again.</summary>
    public static long UsedBytes(SqliteConnection connection) =>
        (connection.QueryNumber("PRAGMA page_count") - connection.QueryNumber("PRAGMA freelist_count")) *
        connection.QueryNumber("PRAGMA page_size");

    private sealed class Table(string name, string row, string time)
    {
        private readonly SqlText findSql = new($"""
            SELECT MAX({row}) FROM (SELECT {row}, {time} FROM {name} ORDER BY {row} LIMIT {RowsPerStep})
            WHERE {time} < $1
            """);

        private readonly SqlText deleteSql = new($"DELETE FROM {name} WHERE {row} <= $1");

        private readonly SqlText oldestSql = new($"SELECT {time} FROM {name} ORDER BY {row} LIMIT 1");

        private readonly SqlText deleteOfSql = new($"""
            DELETE FROM {name} WHERE {row} IN (SELECT {row} FROM {name}
            WHERE source_id IN (SELECT source_id FROM sources WHERE account_id = $1) LIMIT {RowsPerStep})
            """);

        /// <summary>Rows come in the order of their times but for moments, so the oldest are the first.</summary>
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
            using var rows = connection.Prepare(oldestSql);
            return rows.Read() ? rows.GetNumber(0) : long.MaxValue;
        }

        public int DeleteOf(SqliteConnection connection, AccountId account)
        {
            using var statement = connection.Prepare(deleteOfSql).Bind(account.Value);
            return statement.Run();
        }
    }
}

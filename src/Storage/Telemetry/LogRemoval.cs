using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Removes the lines there are of a source, or of one stream of it, some thousand at a time.</summary>
/// <param name="environment">The stream's; null for all.</param>
/// <param name="begin">What is done first.</param>
internal sealed class LogRemoval(long source, string? environment, Action<SqliteConnection> begin)
{
    private const int RowsPerStep = 5_000;

    private static readonly SqlText LastSql = new("SELECT COALESCE(MAX(line_id), 0) FROM log_lines");

    private static readonly SqlText DeleteSql = new($"""
        DELETE FROM log_lines WHERE line_id IN (
            SELECT line_id FROM log_lines INDEXED BY log_lines_by_time
            WHERE source_id = $1 AND line_id <= $2 AND ($3 = '' OR environment_id = $3) LIMIT {RowsPerStep})
        """);

    private long? last;

    /// <returns>How many rows it removed; 0 when nothing is left to do.</returns>
    public int Step(SqliteConnection connection)
    {
        if (last is null)
        {
            begin(connection);
            using var rows = connection.Prepare(LastSql);
            last = rows.Read() ? rows.GetNumber(0) : 0;
        }

        using var statement = connection.Prepare(DeleteSql).Bind(source).Bind(last.Value).Bind(environment ?? "");
        return statement.Run();
    }
}

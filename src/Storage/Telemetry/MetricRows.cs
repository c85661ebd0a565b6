using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Writes cells of metrics. A row is read and added to, so that nothing of before a restart is lost.</summary>
internal static class MetricRows
{
    private const int RowsPerStep = 5_000;

    private static readonly SqlText Begin = new("BEGIN IMMEDIATE");
    private static readonly SqlText Commit = new("COMMIT");

    private static readonly SqlText SeriesSql = new("""
        INSERT INTO metric_series (account_id, kind, name, part, detail, last_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, kind, name, part, detail) DO UPDATE SET last_at = MAX(last_at, excluded.last_at)
        RETURNING series_id
        """);

    private static readonly SqlText GetSql = new(
        "SELECT cell FROM metric_cells WHERE series_id = $1 AND resolution = $2 AND start_at = $3");

    private static readonly SqlText PutSql = new("""
        INSERT INTO metric_cells (series_id, resolution, start_at, cell) VALUES ($1, $2, $3, $4)
        ON CONFLICT (series_id, resolution, start_at) DO UPDATE SET cell = excluded.cell
        """);

    private static readonly SqlText PruneSql = new($"""
        DELETE FROM metric_cells WHERE (series_id, resolution, start_at) IN (
            SELECT series_id, resolution, start_at FROM metric_cells
            WHERE resolution = $1 AND start_at < $2 LIMIT {RowsPerStep})
        """);

    private static readonly SqlText PruneSeriesSql = new("DELETE FROM metric_series WHERE last_at < $1");

    private static readonly SqlText ForgetCellsSql = new("""
        DELETE FROM metric_cells WHERE series_id IN (SELECT series_id FROM metric_series WHERE account_id = $1)
        """);

    private static readonly SqlText ForgetSeriesSql = new("DELETE FROM metric_series WHERE account_id = $1");

    /// <param name="connection">The writer's.</param>
    /// <param name="minutes">What is added.</param>
    /// <param name="arrivals">Where it is counted besides, in the same transaction.</param>
    public static void Add(
        SqliteConnection connection, IReadOnlyList<MetricEntry> minutes, MetricArrivals arrivals)
    {
        connection.Run(Begin);
        try
        {
            foreach (var series in minutes.GroupBy(entry => entry.Series))
            {
                var id = PutSeries(connection, series.Key, series.Max(entry => entry.Start));
                foreach (var resolution in Enum.GetValues<MetricResolution>())
                {
                    var length = MetricSpans.Length(resolution);
                    foreach (var cells in series.GroupBy(entry => MetricSpans.Floor(entry.Start, length)))
                    {
                        Add(connection, id, resolution, cells.Key, cells);
                    }
                }

                arrivals.Add(connection, id, series);
            }

            connection.Run(Commit);
        }
        catch when (connection.InTransaction)
        {
            connection.Execute("ROLLBACK");
            throw;
        }
    }

    /// <summary>A step of removing what is too old.</summary>
    /// <returns>How many rows it removed; 0 when nothing is left to do.</returns>
    public static int Prune(SqliteConnection connection, DateTimeOffset now)
    {
        foreach (var resolution in Enum.GetValues<MetricResolution>())
        {
            using var statement = connection.Prepare(PruneSql)
                .Bind((long)resolution).Bind(TimeColumn.FromTime(now - MetricSpans.Retention(resolution)));
            if (statement.Run() is > 0 and var removed)
            {
                return removed;
            }
        }

        if (MetricArrivals.Prune(connection, now, RowsPerStep) is > 0 and var arrived)
        {
            return arrived;
        }

        using var series = connection.Prepare(PruneSeriesSql)
            .Bind(TimeColumn.FromTime(now - MetricSpans.Retention(MetricResolution.Day)));
        series.Run();
        return 0;
    }

    public static void Forget(SqliteConnection connection, AccountId account)
    {
        foreach (var sql in (SqlText[])[ForgetCellsSql, MetricArrivals.ForgetSql, ForgetSeriesSql])
        {
            using var statement = connection.Prepare(sql).Bind(account.Value);
            statement.Run();
        }
    }

    private static long PutSeries(SqliteConnection connection, MetricSeries series, DateTimeOffset at)
    {
        using var rows = connection.Prepare(SeriesSql)
            .Bind(series.Account.Value)
            .Bind((long)series.Kind)
            .Bind(series.Name)
            .Bind(series.Part)
            .Bind(series.Detail)
            .Bind(TimeColumn.FromTime(at));
        rows.Read();
        return rows.GetNumber(0);
    }

    private static void Add(
        SqliteConnection connection,
        long series,
        MetricResolution resolution,
        DateTimeOffset start,
        IEnumerable<MetricEntry> added)
    {
        var cell = Get(connection, series, resolution, start) ?? new MetricCell();
        foreach (var entry in added)
        {
            cell.Add(entry.Cell);
        }

        using var statement = connection.Prepare(PutSql)
            .Bind(series)
            .Bind((long)resolution)
            .Bind(TimeColumn.FromTime(start))
            .Bind(cell.ToBytes());
        statement.Run();
    }

    private static MetricCell? Get(
        SqliteConnection connection, long series, MetricResolution resolution, DateTimeOffset start)
    {
        using var rows = connection.Prepare(GetSql)
            .Bind(series).Bind((long)resolution).Bind(TimeColumn.FromTime(start));
        return rows.Read() ? MetricCell.Read(rows.GetBytes(0)) : null;
    }
}

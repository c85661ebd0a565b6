using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>Cells of metrics by series and time. What was added can be read when the task completes.</summary>
public sealed class MetricStore
{
    private static readonly SqlText ListSql = new("""
        SELECT account_id, kind, name, part, detail, last_at FROM metric_series
        WHERE account_id = $1 AND kind = $2 AND last_at >= $3 ORDER BY name, part, detail
        """);

    private static readonly SqlText CountSql = new(
        "SELECT COUNT(*) FROM metric_series WHERE account_id = $1 AND kind = $2");

    private static readonly SqlText ReadAllSql = new("""
        SELECT s.account_id, s.name, s.part, s.detail, c.start_at, c.cell, s.series_id
        FROM metric_series s CROSS JOIN metric_cells c ON c.series_id = s.series_id
        WHERE s.kind = $1 AND s.last_at >= $2 AND c.resolution = $3 AND c.start_at >= $2 AND c.start_at < $4
        """);

    private static readonly SqlText ReadAccountSql = new("""
        SELECT s.account_id, s.name, s.part, s.detail, c.start_at, c.cell, s.series_id
        FROM metric_series s CROSS JOIN metric_cells c ON c.series_id = s.series_id
        WHERE s.kind = $1 AND s.last_at >= $2 AND c.resolution = $3 AND c.start_at >= $2 AND c.start_at < $4
            AND s.account_id = $5
        """);

    private static readonly SqlText ReadNameSql = new("""
        SELECT s.account_id, s.name, s.part, s.detail, c.start_at, c.cell, s.series_id
        FROM metric_series s CROSS JOIN metric_cells c ON c.series_id = s.series_id
        WHERE s.kind = $1 AND s.last_at >= $2 AND c.resolution = $3 AND c.start_at >= $2 AND c.start_at < $4
            AND s.account_id = $5 AND s.name = $6
        """);

    private readonly SqliteReaderPool readers;
    private readonly TelemetryWriter writer;
    private readonly TimeProvider time;

    internal MetricStore(SqliteReaderPool readers, TelemetryWriter writer, TimeProvider time)
    {
        (this.readers, this.writer, this.time) = (readers, writer, time);
        Arrivals = new MetricArrivals(readers, writer);
    }

    /// <summary>The same by the minute in which it is sent on, for who sends it on.</summary>
    public MetricArrivals Arrivals { get; }

    /// <summary>
    /// Adds cells of minutes to what is there: to the minute's, and to those of its hour and day. All of them in one
    /// transaction, or none.
    /// </summary>
    /// <exception cref="StoreException">They could not be written.</exception>
    public Task AddAsync(IReadOnlyList<MetricEntry> minutes)
    {
        var isDone = minutes.Count == 0;
        return writer.RunAsync(connection =>
        {
            if (isDone)
            {
                return 0;
            }

            MetricRows.Add(connection, minutes, Arrivals);
            isDone = true;
            return minutes.Count;
        });
    }

    /// <summary>Removes cells that are older than their kind is kept for, and series without any.</summary>
    /// <returns>How many it removed.</returns>
    public Task<long> PruneAsync() => writer.RunAsync(connection => MetricRows.Prune(connection, time.GetUtcNow()));

    /// <summary>Series of an account into which something was written since.</summary>
    public IReadOnlyList<MetricSeries> List(AccountId account, MetricKind kind, DateTimeOffset since) =>
        readers.Read(session =>
        {
            using var rows = session.Prepare(ListSql)
                .Bind(account.Value).Bind((long)kind).Bind(TimeColumn.FromTime(since));
            return rows.ReadAll(row => new MetricSeries(
                account, kind, row.GetText(2), row.GetText(3), row.GetText(4)));
        });

    public long CountSeries(AccountId account, MetricKind kind) => readers.Read(session =>
    {
        using var rows = session.Prepare(CountSql).Bind(account.Value).Bind((long)kind);
        return rows.Read() ? rows.GetNumber(0) : 0;
    });

    /// <summary>Hands over each cell of the spans; in no order.</summary>
    public void Read(MetricSelection selection, IReadOnlyList<MetricSpan> spans, MetricTake take) =>
        readers.Read(session =>
        {
            var known = new Dictionary<long, MetricSeries>();
            foreach (var span in spans)
            {
                Read(session, selection, span, known, take);
            }

            return 0;
        });

    private static void Read(
        ISqlSession session,
        MetricSelection selection,
        MetricSpan span,
        Dictionary<long, MetricSeries> known,
        MetricTake take)
    {
        var sql = selection.Account is null ? ReadAllSql : selection.Name is null ? ReadAccountSql : ReadNameSql;
        using var rows = session.Prepare(sql)
            .Bind((long)selection.Kind)
            .Bind(TimeColumn.FromTime(span.From))
            .Bind((long)span.Resolution)
            .Bind(TimeColumn.FromTime(span.To));
        if (selection.Account is { } account)
        {
            rows.Bind(account.Value);
            if (selection.Name is { } name)
            {
                rows.Bind(name);
            }
        }

        while (rows.Read())
        {
            if (!known.TryGetValue(rows.GetNumber(6), out var series))
            {
                series = known[rows.GetNumber(6)] = new MetricSeries(
                    AccountId.Parse(rows.GetText(0)), selection.Kind, rows.GetText(1), rows.GetText(2),
                    rows.GetText(3));
            }

            if ((selection.Name is null || selection.Name == series.Name)
                && (selection.Part is null || selection.Part == series.Part)
                && (selection.Detail is null || selection.Detail == series.Detail))
            {
                take(series, TimeColumn.ToTime(rows.GetNumber(4)), rows.GetBytes(5));
            }
        }
    }
}

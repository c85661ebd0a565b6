using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Metrics;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>What is to be sent of a series and a minute.</summary>
/// <param name="Series">What it is about.</param>
/// <param name="Minute">Its beginning.</param>
/// <param name="Cell">All that counts into the minute.</param>
/// <param name="SeriesNumber">Of the series' row: within a minute they are in this order.</param>
public sealed record MetricArrival(MetricSeries Series, DateTimeOffset Minute, MetricCell Cell, long SeriesNumber);

/// <summary>
/// Figures of minutes for a collector that is told of each minute once. A call counts into the minute in which it
/// began, however long it lasts, so a minute's cell may change long after it was sent. Therefore what is to be sent is
/// counted besides, in the same transaction: into its own minute, or, when that one is sealed, into the first that is
/// not. A sealed minute never changes; it is kept until it was sent. So the sum of what is sent is what is stored.
/// </summary>
public sealed class MetricArrivals
{
    /// <summary>Removing what nobody fetches leaves this to who counts what was lost.</summary>
    private static readonly TimeSpan PruneMargin = TimeSpan.FromDays(1);

    internal static readonly SqlText ForgetSql = new("""
        DELETE FROM metric_arrivals WHERE series_id IN (SELECT series_id FROM metric_series WHERE account_id = $1)
        """);

    private static readonly SqlText GetSql = new(
        "SELECT cell FROM metric_arrivals WHERE minute_at = $1 AND series_id = $2");

    private static readonly SqlText PutSql = new("""
        INSERT INTO metric_arrivals (minute_at, series_id, cell) VALUES ($1, $2, $3)
        ON CONFLICT (minute_at, series_id) DO UPDATE SET cell = excluded.cell
        """);

    private static readonly SqlText NextSql = new("""
        SELECT s.account_id, s.kind, s.name, s.part, s.detail, a.minute_at, a.cell, a.series_id
        FROM metric_arrivals a JOIN metric_series s ON s.series_id = a.series_id
        WHERE a.minute_at < $1 ORDER BY a.minute_at, a.series_id LIMIT $2
        """);

    private static readonly SqlText SentSql = new(
        "DELETE FROM metric_arrivals WHERE minute_at < $1 OR (minute_at = $1 AND series_id <= $2)");

    private static readonly SqlText OldSql = new("DELETE FROM metric_arrivals WHERE minute_at < $1");

    private static readonly SqlText PruneSql = new("""
        DELETE FROM metric_arrivals WHERE (minute_at, series_id) IN (
            SELECT minute_at, series_id FROM metric_arrivals WHERE minute_at < $1 LIMIT $2)
        """);

    private static readonly SqlText StandingSql = new("SELECT COUNT(*), MIN(minute_at) FROM metric_arrivals");

    private readonly SqliteReaderPool readers;
    private readonly TelemetryWriter writer;

    /// <summary>Null: nobody wants them, and nothing is counted besides.</summary>
    private volatile Sealed? sealedUntil;

    internal MetricArrivals(SqliteReaderPool readers, TelemetryWriter writer) =>
        (this.readers, this.writer) = (readers, writer);

    /// <summary>From now on minutes are counted for who sends them; before anything is.</summary>
    /// <param name="minute">The first that is not sealed.</param>
    public void Begin(DateTimeOffset minute) => sealedUntil = new Sealed(minute);

    /// <summary>
    /// Completes when all minutes before one are sealed: what is written later counts into later minutes.
    /// </summary>
    /// <param name="minute">Not sealed itself.</param>
    /// <param name="name">Of the export, under which it is remembered.</param>
    /// <exception cref="Kernel.Storage.StoreException">It could not be written; they are sealed.</exception>
    public Task SealAsync(DateTimeOffset minute, string name) => writer.RunAsync(connection =>
    {
        // On the writer's thread: what was written until now is in its minutes, what comes is not.
        sealedUntil = new Sealed(minute);
        LogExportStore.PutPosition(connection, name, minute.UtcTicks);
        return 0;
    });

    /// <summary>The first of what is not sent yet, in order, of minutes before one that are sealed.</summary>
    public IReadOnlyList<MetricArrival> Next(DateTimeOffset before, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(NextSql).Bind(TimeColumn.FromTime(before)).Bind(countMax);
        return rows.ReadAll(row => new MetricArrival(
            new MetricSeries(
                AccountId.Parse(row.GetText(0)), (MetricKind)row.GetNumber(1), row.GetText(2), row.GetText(3),
                row.GetText(4)),
            TimeColumn.ToTime(row.GetNumber(5)),
            MetricCell.Read(row.GetBytes(6)) ?? new MetricCell(),
            row.GetNumber(7)));
    });

    /// <summary>Up to here they were sent.</summary>
    /// <exception cref="Kernel.Storage.StoreException">It could not be written: they are sent again.</exception>
    public Task AcknowledgeAsync(MetricArrival last) => writer.RunAsync(connection =>
    {
        using var statement = connection.Prepare(SentSql)
            .Bind(TimeColumn.FromTime(last.Minute)).Bind(last.SeriesNumber);
        statement.Run();
        return 0;
    });

    /// <summary>Gives up what is older than what is kept.</summary>
    /// <returns>How many cells of minutes were lost.</returns>
    public async Task<long> DropBeforeAsync(DateTimeOffset minute)
    {
        // A step is repeated until it returns 0: the second time there is nothing.
        return await writer.RunAsync(connection =>
        {
            using var statement = connection.Prepare(OldSql).Bind(TimeColumn.FromTime(minute));
            return statement.Run();
        });
    }

    /// <summary>How many cells wait, and the minute of the first.</summary>
    public (long Count, DateTimeOffset? First) Waiting() => readers.Read<(long, DateTimeOffset?)>(session =>
    {
        using var rows = session.Prepare(StandingSql);
        return rows.Read() && !rows.IsNull(1)
            ? (rows.GetNumber(0), TimeColumn.ToTime(rows.GetNumber(1)))
            : (0, null);
    });

    internal static int Prune(SqliteConnection connection, DateTimeOffset now, int countMax)
    {
        using var statement = connection.Prepare(PruneSql)
            .Bind(TimeColumn.FromTime(now - Limits.MetricMinuteRetention - PruneMargin)).Bind(countMax);
        return statement.Run();
    }

    /// <summary>Within the transaction that adds them to what is stored.</summary>
    internal void Add(SqliteConnection connection, long series, IGrouping<MetricSeries, MetricEntry> entries)
    {
        // What programs put are no figures of the server: they may send them to their collector themselves.
        if (sealedUntil is not { } until || entries.Key.Kind == MetricKind.Custom)
        {
            return;
        }

        foreach (var minute in entries.GroupBy(entry => entry.Start > until.Minute ? entry.Start : until.Minute))
        {
            var at = TimeColumn.FromTime(minute.Key);
            var cell = Get(connection, at, series) ?? new MetricCell();
            foreach (var entry in minute)
            {
                cell.Add(entry.Cell);
            }

            using var statement = connection.Prepare(PutSql).Bind(at).Bind(series).Bind(cell.ToBytes());
            statement.Run();
        }
    }

    private static MetricCell? Get(SqliteConnection connection, long minute, long series)
    {
        using var rows = connection.Prepare(GetSql).Bind(minute).Bind(series);
        return rows.Read() ? MetricCell.Read(rows.GetBytes(0)) : null;
    }

    /// <param name="Minute">The first that is not sealed.</param>
    private sealed record Sealed(DateTimeOffset Minute);
}

using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>A line with its number; numbers grow with the order of writing.</summary>
public readonly record struct NumberedLine(long Number, LogEntry Entry);

/// <summary>
/// Lines in the order they were written, and how far each export has got. What is not sent yet waits in the log itself,
/// so the buffer of an export is what the log keeps.
/// </summary>
public sealed class LogExportStore
{
    private static readonly SqlText ReadSql = new("""
        SELECT line_id, log_lines.source_id, time, request_id, version, environment_id, text, level,
            account_id, function_name
        FROM log_lines JOIN sources ON sources.source_id = log_lines.source_id
        WHERE line_id > $1 ORDER BY line_id LIMIT $2
        """);

    private static readonly SqlText LastSql = new("SELECT COALESCE(MAX(line_id), 0) FROM log_lines");
    private static readonly SqlText FirstSql = new("SELECT COALESCE(MIN(line_id), 0) FROM log_lines");
    private static readonly SqlText PositionSql = new("SELECT line_id FROM exports WHERE name = $1");

    private static readonly SqlText PutPositionSql = new("""
        INSERT INTO exports (name, line_id) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET line_id = excluded.line_id
        """);

    private readonly SqliteReaderPool readers;
    private readonly TelemetryWriter writer;

    internal LogExportStore(SqliteReaderPool readers, TelemetryWriter writer)
    {
        (this.readers, this.writer) = (readers, writer);
        writer.Written += () => Written?.Invoke();
    }

    /// <summary>There are new lines, or records. Called on the thread that writes: do next to nothing.</summary>
    public event Action? Written;

    /// <summary>Lines after a number, at most so many.</summary>
    public IReadOnlyList<NumberedLine> ReadAfter(long number, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(ReadSql).Bind(number).Bind(countMax);
        return rows.ReadAll(row => new NumberedLine(
            row.GetNumber(0),
            TelemetryRow.ReadLine(row, new FunctionId(AccountId.Parse(row.GetText(8)), row.GetText(9)))));
    });

    /// <summary>The numbers of the first and the last line there are; 0 when there are none.</summary>
    public (long First, long Last) Ends() =>
        readers.Read(session => (Number(session, FirstSql), Number(session, LastSql)));

    /// <summary>How far an export has got; null when it has never begun.</summary>
    public long? FindPosition(string name) => readers.Read(session =>
    {
        using var rows = session.Prepare(PositionSql).Bind(name);
        return rows.Read() ? rows.GetNumber(0) : default(long?);
    });

    /// <summary>
    /// How far an export has got. One that has never begun begins here, and that is remembered although nothing may be
    /// sent for long.
    /// </summary>
    /// <param name="name">The export's.</param>
    /// <param name="last">The number of the last item there is.</param>
    public long FindOrBegin(string name, long last)
    {
        if (FindPosition(name) is { } known)
        {
            return known;
        }

        // Not waited for: what cannot be written now is written with the first batch that is sent.
        _ = PutPositionAsync(name, last);
        return last;
    }

    /// <exception cref="Kernel.Storage.StoreException">It could not be written.</exception>
    public Task PutPositionAsync(string name, long number) => writer.RunAsync(connection =>
    {
        PutPosition(connection, name, number);
        return 0;
    });

    internal static void PutPosition(SqliteConnection connection, string name, long number)
    {
        using var statement = connection.Prepare(PutPositionSql).Bind(name).Bind(number);
        statement.Run();
    }

    private static long Number(ISqlSession session, SqlText sql)
    {
        using var rows = session.Prepare(sql);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }
}

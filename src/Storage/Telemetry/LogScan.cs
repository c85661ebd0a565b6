using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Looks for a text that is rare: reads the whole table as it lies on disk, which takes a third of the time of reading
/// it function by function in the order of time, and puts what was found in order afterwards.
/// </summary>
/// <param name="testOf">What to hold a source's rows to, and their first visible time; null for sources not asked for.
/// </param>
internal sealed class LogScan(
    ISqlSession session, TelemetryQuery query, string needle, Func<long, (EntryTest Test, long From)?> testOf)
{
    /// <summary>Rows that are read in order before: enough for what is not rare.</summary>
    public const int RowsInOrder = 50_000;

    private static readonly SqlText OldestFirst = new(Sql("(time > $4 OR line_id > $5)", "time, line_id"));
    private static readonly SqlText NewestFirst = new(Sql("(time < $4 OR line_id < $5)", "time DESC, line_id DESC"));

    private readonly Dictionary<long, (EntryTest Test, long From)?> tests = [];

    /// <summary>Completes a page that ends before its limit.</summary>
    /// <param name="found">What is in it already.</param>
    /// <param name="token">Where it ends.</param>
    public TelemetryPage<LogEntry> Read(IReadOnlyList<LogEntry> found, string token)
    {
        _ = TelemetryPosition.TryParse(token, out var end);
        var first = query.Since is { } since ? TimeColumn.FromTime(since) : long.MinValue;
        var last = query.Until is { } until ? TimeColumn.FromTime(until) - 1 : long.MaxValue;
        (first, last) = query.NewestFirst ? (first, Math.Min(last, end.Time)) : (Math.Max(first, end.Time), last);
        var wanted = query.Limit - found.Count;
        using var rows = session.Prepare(query.NewestFirst ? NewestFirst : OldestFirst)
            .Bind(needle).Bind(first).Bind(last).Bind(end.Time).Bind(end.Row)
            .Bind(query.Account.Value).Bind(wanted + 1);
        var items = new List<LogEntry>(found);
        var bytes = found.Sum(entry => (long)entry.Text.Length);
        var position = end;
        for (var read = 0; rows.Read(); read++)
        {
            if (read == wanted || bytes > query.BytesMax)
            {
                return new TelemetryPage<LogEntry>(items, position.ToToken());
            }

            position = new TelemetryPosition(rows.GetNumber(2), LogEntryKind.Line, rows.GetNumber(0));
            if (Find(rows.GetNumber(1)) is { } source && position.Time >= source.From
                && source.Test.ReadLine(rows, position) is { } entry)
            {
                items.Add(entry);
                bytes += entry.Text.Length;
            }
        }

        return new TelemetryPage<LogEntry>(items, null);
    }

    private static string Sql(string edge, string order) => $"""
        SELECT * FROM log_lines NOT INDEXED
        WHERE instr(text, $1) > 0 AND time >= $2 AND time <= $3 AND {edge}
            AND source_id IN (SELECT source_id FROM sources WHERE account_id = $6)
        ORDER BY {order} LIMIT $7
        """;

    private (EntryTest Test, long From)? Find(long source)
    {
        if (!tests.TryGetValue(source, out var test))
        {
            tests[source] = test = testOf(source);
        }

        return test;
    }
}

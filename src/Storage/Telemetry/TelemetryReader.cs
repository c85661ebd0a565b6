using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Logs;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Reads pages. Each function's rows come in the order of an index; a page merges as many of them as it takes to fill
/// it, so its cost follows its length and the number of functions, not the size of the log.
/// </summary>
internal static class TelemetryReader
{
    private const string SourceColumns = "source_id, function_name, cleared_at, retention_days";

    private static readonly SqlText SourcesSql = new(
        $"SELECT {SourceColumns} FROM sources WHERE account_id = $1");

    private static readonly SqlText SourceSql = new(
        $"SELECT {SourceColumns} FROM sources WHERE account_id = $1 AND function_name = $2");

    private static readonly SqlText SourcesOfRequestSql = new($"""
        SELECT {SourceColumns} FROM sources WHERE account_id = $1 AND source_id IN (
            SELECT source_id FROM invocations WHERE request_id = $2
            UNION SELECT source_id FROM log_lines WHERE request_id = $2 AND LENGTH(request_id) > 0)
        """);

    private static readonly SqlText ClearedSql = new(
        "SELECT environment_id, cleared_at FROM log_streams WHERE source_id = $1 AND cleared_at > 0");

    private static readonly SqlText OldestSql = new("""
        SELECT (SELECT MIN(time) FROM log_lines WHERE source_id = $1 AND time >= $2),
            (SELECT MIN(started_at) FROM invocations WHERE source_id = $1 AND started_at >= $2)
        """);

    private static readonly TelemetryStatements Starts = new("invocations", "invocation_id", "started_at");

    private static readonly TelemetryStatements Calls = new("invocations", "invocation_id", "started_at")
    {
        Narrow = new("invocations_failed", "outcome <> 0", query => query.FailuresOnly),
    };

    private static readonly TelemetryStatements Ends = new("invocations", "invocation_id", "ended_at");

    private static readonly TelemetryStatements Lines = new("log_lines", "line_id", "time")
    {
        Narrow = new("log_lines_by_level", "level >= 4", query => query.Filter?.Level >= LineLevel.Warn),
    };

    /// <param name="now">Decides what a group's retention hides, although it is still there.</param>
    public static Result<TelemetryPage<LogEntry>> ReadLog(
        ISqlSession session, TelemetryQuery query, DateTimeOffset now)
    {
        var linesOnly = query.Filter?.WantsLinesOnly == true;
        if (!linesOnly || query.RequestId is not null || query.Filter?.Needle is not { } needle)
        {
            return ReadInOrder(session, query, now, linesOnly);
        }

        // Most searches find their page near its beginning. One that does not is for something rare.
        var near = query with { RowsMax = Math.Min(query.RowsMax, LogScan.RowsInOrder) };
        if (ReadInOrder(session, near, now, linesOnly).Failed(out var page, out var failure))
        {
            return failure;
        }

        if (page.NextToken is not { } token || page.Items.Count >= query.Limit || query.RowsMax <= LogScan.RowsInOrder
            || page.Items.Sum(entry => (long)entry.Text.Length) >= query.BytesMax / 2)
        {
            return page;
        }

        var sources = FindSources(session, query).ToDictionary(source => source.Id);
        var scan = new LogScan(session, query, needle, id => sources.TryGetValue(id, out var source)
            ? (new EntryTest(query, Cleared(session, source), source.Function), source.VisibleFrom(now))
            : null);
        return scan.Read(page.Items, token);
    }

    private static Result<TelemetryPage<LogEntry>> ReadInOrder(
        ISqlSession session, TelemetryQuery query, DateTimeOffset now, bool linesOnly) =>
        Read<LogEntry>(
            session,
            query,
            now,
            (range, source) =>
            {
                var test = new EntryTest(query, Cleared(session, source), source.Function);
                return !linesOnly && LogSources.IsFunction(source.Function.Name)
                    ?
                    [
                        range.Open(Starts, source, LogEntryKind.Start, test.ReadRecord),
                        range.Open(Lines, source, LogEntryKind.Line, test.ReadLine),
                        range.Open(Ends, source, LogEntryKind.End, test.ReadRecord),
                        range.Open(Ends, source, LogEntryKind.Report, test.ReadRecord),
                    ]
                    : [range.Open(Lines, source, LogEntryKind.Line, test.ReadLine)];
            },
            entry => entry.Text.Length);

    public static Result<TelemetryPage<InvocationRecord>> ListInvocations(ISqlSession session, TelemetryQuery query) =>
        Read<InvocationRecord>(
            session,
            query,
            null,
            (range, source) =>
            [
                range.Open(
                    Calls, source, LogEntryKind.Start,
                    (row, _) => TelemetryRow.ReadInvocation(row, source.Function)),
            ],
            _ => 0);

    /// <summary>When the first thing was written that a query could still find; null when there is nothing.</summary>
    public static DateTimeOffset? Oldest(ISqlSession session, TelemetryQuery query, DateTimeOffset now)
    {
        var oldest = long.MaxValue;
        foreach (var source in FindSources(session, query with { RequestId = null }))
        {
            using var rows = session.Prepare(OldestSql).Bind(source.Id).Bind(source.VisibleFrom(now));
            rows.Read();
            for (var column = 0; column < 2; column++)
            {
                oldest = rows.IsNull(column) ? oldest : Math.Min(oldest, rows.GetNumber(column));
            }
        }

        return oldest == long.MaxValue ? null : TimeColumn.ToTime(oldest);
    }

    private static Dictionary<string, long> Cleared(ISqlSession session, Source source)
    {
        using var rows = session.Prepare(ClearedSql).Bind(source.Id);
        return rows.ReadAll(row => (row.GetText(0), row.GetNumber(1))).ToDictionary();
    }

    private static Result<TelemetryPage<T>> Read<T>(
        ISqlSession session,
        TelemetryQuery query,
        DateTimeOffset? now,
        Func<Range, Source, TelemetryCursor<T>[]> open,
        Func<T, int> bytesOf)
        where T : class
    {
        if (query.Limit is < 1 or > Limits.ListItemsMax)
        {
            return new Error(
                ErrorCode.InvalidParameter, $"The limit must be between 1 and {Limits.ListItemsMax}.", "limit");
        }

        TelemetryPosition? after = null;
        if (query.PageToken is { } token)
        {
            if (!TelemetryPosition.TryParse(token, out var parsed)
                && !TelemetryPosition.TryParseDigits(token, out parsed))
            {
                return new Error(ErrorCode.InvalidParameter, "The page token is not one of ours.", "pageToken");
            }

            after = parsed;
        }

        var range = new Range(session, query, after, now);
        var cursors = new List<TelemetryCursor<T>>();
        try
        {
            foreach (var source in FindSources(session, query))
            {
                cursors.AddRange(open(range, source));
            }

            return TelemetryCursor<T>.Merge(cursors, query, bytesOf);
        }
        finally
        {
            cursors.ForEach(cursor => cursor.Dispose());
        }
    }

    private static List<Source> FindSources(ISqlSession session, TelemetryQuery query)
    {
        var sql = query.RequestId is not null ? SourcesOfRequestSql : query.Function is null ? SourcesSql : SourceSql;
        using var rows = session.Prepare(sql).Bind(query.Account.Value);
        if (query.RequestId is { } requestId)
        {
            rows.Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
        }
        else if (query.Function is { } name)
        {
            rows.Bind(name);
        }

        var sources = rows.ReadAll(row => new Source(
            row.GetNumber(0), new(query.Account, row.GetText(1)), row.GetNumber(2), row.GetNumber(3)));
        return sources.FindAll(source => query.Function is { } wanted
            ? source.Function.Name == wanted
            : LogSources.IsFunction(source.Function.Name));
    }

    private readonly record struct Source(long Id, FunctionId Function, long ClearedAt, long RetentionDays)
    {
        /// <summary>Of the log, what is older was deleted, or is as good as deleted. Null for what is no log.</summary>
        public long VisibleFrom(DateTimeOffset? now) => now is not { } time
            ? long.MinValue
            : Math.Max(
                ClearedAt > 0 ? ClearedAt + 1 : long.MinValue,
                RetentionDays > 0 ? TimeColumn.FromTime(time.AddDays(-RetentionDays)) : long.MinValue);
    }

    /// <summary>The times a page may have, and from where in the first of them.</summary>
    private sealed class Range(
        ISqlSession session, TelemetryQuery query, TelemetryPosition? after, DateTimeOffset? now)
    {
        public TelemetryCursor<T> Open<T>(
            TelemetryStatements statements,
            Source source,
            LogEntryKind kind,
            Func<ISqlStatement, TelemetryPosition, T?> read)
            where T : class
        {
            var first = query.Since is { } since ? TimeColumn.FromTime(since) : long.MinValue;
            first = Math.Max(first, source.VisibleFrom(now));
            var last = query.Until is { } until ? TimeColumn.FromTime(until) - 1 : long.MaxValue;
            var edge = query.NewestFirst ? long.MaxValue : long.MinValue;
            if (after is { } end)
            {
                if (query.NewestFirst ? end.Time <= last : end.Time >= first)
                {
                    (first, last) = query.NewestFirst ? (first, end.Time) : (end.Time, last);
                    // At the edge's time, kinds before the last item's were all given, those after it not yet.
                    var givenBefore = query.NewestFirst ? kind > end.Kind : kind < end.Kind;
                    var nothing = query.NewestFirst ? long.MinValue : long.MaxValue;
                    edge = kind == end.Kind ? end.Row : givenBefore ? nothing : edge;
                }
            }

            var rows = session.Prepare(statements.Choose(query))
                .Bind(source.Id).Bind(first).Bind(last).Bind(edge);
            if (query.RequestId is { } requestId)
            {
                rows.Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
            }

            return new TelemetryCursor<T>(rows, kind, read);
        }
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Telemetry;

/// <summary>
/// Reads pages. Each function's rows come in the order of an index; a page merges as many of them as it takes to fill
/// it, so its cost follows its length and the number of functions, not the size of the log.
/// </summary>
internal static class TelemetryReader
{
    private static readonly SqlText SourcesSql = new(
        "SELECT source_id, function_name FROM sources WHERE account_id = $1");

    private static readonly SqlText SourceSql = new(
        "SELECT source_id, function_name FROM sources WHERE account_id = $1 AND function_name = $2");

    private static readonly SqlText SourcesOfRequestSql = new("""
        SELECT source_id, function_name FROM sources WHERE account_id = $1 AND source_id IN (
            SELECT source_id FROM invocations WHERE request_id = $2
            UNION SELECT source_id FROM log_lines WHERE request_id = $2 AND LENGTH(request_id) > 0)
        """);

    private static readonly Statements Starts = new("invocations", "invocation_id", "started_at");
    private static readonly Statements Ends = new("invocations", "invocation_id", "ended_at");
    private static readonly Statements Lines = new("log_lines", "line_id", "time");

    public static Result<TelemetryPage<LogEntry>> ReadLog(ISqlSession session, TelemetryQuery query)
    {
        return Read<LogEntry>(session, query, (range, source) =>
        [
            range.Open(Starts, source, LogEntryKind.Start, Derive(LogEntryKind.Start)),
            range.Open(Lines, source, LogEntryKind.Line, TelemetryRow.ReadLine),
            range.Open(Ends, source, LogEntryKind.End, Derive(LogEntryKind.End)),
            range.Open(Ends, source, LogEntryKind.Report, Derive(LogEntryKind.Report)),
        ]);

        static Func<ISqlStatement, FunctionId, LogEntry> Derive(LogEntryKind kind) =>
            (row, function) => LogEntry.From(TelemetryRow.ReadInvocation(row, function), kind);
    }

    public static Result<TelemetryPage<InvocationRecord>> ListInvocations(ISqlSession session, TelemetryQuery query) =>
        Read<InvocationRecord>(session, query, (range, source) =>
            [range.Open(Starts, source, LogEntryKind.Start, TelemetryRow.ReadInvocation)]);

    private static Result<TelemetryPage<T>> Read<T>(
        ISqlSession session, TelemetryQuery query, Func<Range, Source, TelemetryCursor<T>[]> open)
    {
        if (query.Limit is < 1 or > Limits.ListItemsMax)
        {
            return new Error(
                ErrorCode.InvalidParameter, $"The limit must be between 1 and {Limits.ListItemsMax}.", "limit");
        }

        TelemetryPosition? after = null;
        if (query.PageToken is { } token)
        {
            if (!TelemetryPosition.TryParse(token, out var parsed))
            {
                return new Error(ErrorCode.InvalidParameter, "The page token is not one of ours.", "pageToken");
            }

            after = parsed;
        }

        var range = new Range(session, query, after);
        var cursors = new List<TelemetryCursor<T>>();
        try
        {
            foreach (var source in FindSources(session, query))
            {
                cursors.AddRange(open(range, source));
            }

            return TelemetryCursor<T>.Merge(cursors, query.NewestFirst, query.Limit);
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

        var sources = rows.ReadAll(row => new Source(row.GetNumber(0), new(query.Account, row.GetText(1))));
        return query.Function is null ? sources : sources.FindAll(source => source.Function.Name == query.Function);
    }

    private readonly record struct Source(long Id, FunctionId Function);

    /// <summary>The statements over one table by one time: oldest or newest first, of all calls or of one.</summary>
    private sealed class Statements(string table, string row, string time)
    {
        private readonly SqlText[] all =
        [
            Create(table, row, time, newestFirst: false, ofRequest: false),
            Create(table, row, time, newestFirst: true, ofRequest: false),
            Create(table, row, time, newestFirst: false, ofRequest: true),
            Create(table, row, time, newestFirst: true, ofRequest: true),
        ];

        public bool HaveOutcome { get; } = table == "invocations";

        public SqlText Choose(bool newestFirst, bool ofRequest) => all[(newestFirst ? 1 : 0) + (ofRequest ? 2 : 0)];

        /// <summary>Parameters: source, first time, last time, row at the edge, [failures only], [request].</summary>
        private static SqlText Create(string table, string row, string time, bool newestFirst, bool ofRequest)
        {
            var isCalls = table == "invocations";
            var edge = newestFirst ? $"({time} < $3 OR {row} < $4)" : $"({time} > $2 OR {row} > $4)";
            var outcome = isCalls ? "AND ($5 = 0 OR outcome <> 0)" : "";
            var request = !ofRequest ? "" : isCalls
                ? "AND request_id = $6"
                : "AND request_id = $5 AND LENGTH(request_id) > 0";
            var order = newestFirst ? $"{time} DESC, {row} DESC" : $"{time}, {row}";
            // The plus keeps SQLite from searching by time where the request's few rows are wanted.
            var source = ofRequest ? "+source_id" : "source_id";
            return new SqlText($"""
                SELECT * FROM {table}
                WHERE {source} = $1 AND {time} >= $2 AND {time} <= $3 AND {edge} {outcome} {request}
                ORDER BY {order}
                """);
        }
    }

    /// <summary>The times a page may have, and from where in the first of them.</summary>
    private sealed class Range(ISqlSession session, TelemetryQuery query, TelemetryPosition? after)
    {
        public TelemetryCursor<T> Open<T>(
            Statements statements, Source source, LogEntryKind kind, Func<ISqlStatement, FunctionId, T> read)
        {
            var first = query.Since is { } since ? TimeColumn.FromTime(since) : long.MinValue;
            var last = query.Until is { } until ? TimeColumn.FromTime(until) - 1 : long.MaxValue;
            var edge = query.NewestFirst ? long.MaxValue : long.MinValue;
            if (after is { } end && end.Time >= first && end.Time <= last)
            {
                (first, last) = query.NewestFirst ? (first, end.Time) : (end.Time, last);
                // At the edge's time, kinds before the last item's were all given, those after it not yet.
                var givenBefore = query.NewestFirst ? kind > end.Kind : kind < end.Kind;
                var nothing = query.NewestFirst ? long.MinValue : long.MaxValue;
                edge = kind == end.Kind ? end.Row : givenBefore ? nothing : edge;
            }

            var rows = session.Prepare(statements.Choose(query.NewestFirst, query.RequestId is not null))
                .Bind(source.Id).Bind(first).Bind(last).Bind(edge);
            if (statements.HaveOutcome)
            {
                rows.Bind(query.FailuresOnly ? 1 : 0);
            }

            if (query.RequestId is { } requestId)
            {
                rows.Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
            }

            return new TelemetryCursor<T>(rows, source.Function, kind, read);
        }
    }
}

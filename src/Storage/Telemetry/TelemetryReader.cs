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
    private static readonly Statements Calls = new(
        "invocations", "invocation_id", "started_at", "invocations_failed");

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
            [range.Open(Calls, source, LogEntryKind.Start, TelemetryRow.ReadInvocation)]);

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

    /// <summary>The statements over one table by one time.</summary>
    private sealed class Statements
    {
        private readonly string table;
        private readonly string row;
        private readonly string time;
        private readonly string? failuresIndex;
        private readonly Dictionary<(bool OfRequest, bool Failures, bool NewestFirst), SqlText> all = [];

        /// <param name="failuresIndex">The index of failed calls, or null when such are not asked for.</param>
        public Statements(string table, string row, string time, string? failuresIndex = null)
        {
            (this.table, this.row, this.time, this.failuresIndex) = (table, row, time, failuresIndex);
            bool[] both = [false, true];
            foreach (var ofRequest in both)
            {
                foreach (var failures in failuresIndex is null ? [false] : both)
                {
                    foreach (var newestFirst in both)
                    {
                        all[(ofRequest, failures, newestFirst)] = Create(ofRequest, failures, newestFirst);
                    }
                }
            }
        }

        public SqlText Choose(TelemetryQuery query) => all[
            (query.RequestId is not null, query.FailuresOnly && failuresIndex is not null, query.NewestFirst)];

        /// <summary>Parameters: function, first time, last time, row at the edge, and the request.</summary>
        private SqlText Create(bool ofRequest, bool failures, bool newestFirst)
        {
            var index = failures && !ofRequest ? $"INDEXED BY {failuresIndex}" : "";
            // The plus keeps SQLite from searching by function where the few rows of a request are wanted.
            var source = ofRequest ? "+source_id" : "source_id";
            var edge = newestFirst ? $"({time} < $3 OR {row} < $4)" : $"({time} > $2 OR {row} > $4)";
            var request = ofRequest ? "AND request_id = $5 AND LENGTH(request_id) > 0" : "";
            var outcome = failures ? "AND outcome <> 0" : "";
            var order = newestFirst ? $"{time} DESC, {row} DESC" : $"{time}, {row}";
            return new SqlText($"""
                SELECT * FROM {table} {index}
                WHERE {source} = $1 AND {time} >= $2 AND {time} <= $3 AND {edge} {request} {outcome}
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

            var rows = session.Prepare(statements.Choose(query))
                .Bind(source.Id).Bind(first).Bind(last).Bind(edge);
            if (query.RequestId is { } requestId)
            {
                rows.Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
            }

            return new TelemetryCursor<T>(rows, source.Function, kind, read);
        }
    }
}

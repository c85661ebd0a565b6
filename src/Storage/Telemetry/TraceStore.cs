using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;

namespace Lambent.Storage.Telemetry;

/// <summary>What is stored of one trace of one account.</summary>
/// <param name="Calls">Records of calls in it.</param>
/// <param name="Spans">Spans that were kept, also such of other traces as have a link to it.</param>
/// <param name="IsCut">Whether there is more than was read.</param>
public sealed record StoredTrace(
    IReadOnlyList<InvocationRecord> Calls, IReadOnlyList<TraceSpan> Spans, bool IsCut);

/// <summary>A call or a span with its number; numbers grow with the order of writing.</summary>
public readonly record struct NumberedCall(long Number, InvocationRecord Call);

/// <inheritdoc cref="NumberedCall"/>
public readonly record struct NumberedSpan(long Number, TraceSpan Span);

/// <summary>Code that a version of a function had.</summary>
/// <param name="Number">In this store.</param>
/// <param name="Version">$LATEST or a number.</param>
/// <param name="CodeDigest">SHA-256 of its package.</param>
/// <param name="FirstSeenAt">When it was called for the first time.</param>
public sealed record Release(long Number, string Version, string CodeDigest, DateTimeOffset FirstSeenAt);

/// <summary>Reads traces, and what sends them on.</summary>
public sealed class TraceStore
{
    private const string CallColumns = "invocations.*, sources.account_id, sources.function_name";
    private const int CallAccount = TelemetryRow.InvocationColumns;

    private static readonly SqlText CallsSql = new($"""
        SELECT {CallColumns} FROM invocations JOIN sources ON sources.source_id = invocations.source_id
        WHERE trace_id = $1 AND sources.account_id = $2 ORDER BY invocation_id LIMIT $3
        """);

    private static readonly SqlText CallsOfRequestSql = new($"""
        SELECT {CallColumns} FROM invocations JOIN sources ON sources.source_id = invocations.source_id
        WHERE request_id = $1 AND sources.account_id = $2 ORDER BY invocation_id LIMIT $3
        """);

    private static readonly SqlText SpansSql = new($"""
        SELECT {SpanRows.Columns} FROM spans JOIN sources ON sources.source_id = spans.source_id
        WHERE trace_id = $1 AND sources.account_id = $2 ORDER BY row_id LIMIT $3
        """);

    private static readonly SqlText LinkedSql = new($"""
        SELECT {SpanRows.Columns} FROM spans JOIN sources ON sources.source_id = spans.source_id
        WHERE link_trace_id = $1 AND sources.account_id = $2 ORDER BY row_id LIMIT $3
        """);

    private static readonly SqlText OfFunctionSql = new($"""
        SELECT {SpanRows.Columns} FROM spans JOIN sources ON sources.source_id = spans.source_id
        WHERE spans.source_id = (SELECT source_id FROM sources WHERE account_id = $1 AND function_name = $2)
            AND started_at >= $3 ORDER BY started_at DESC LIMIT $4
        """);

    private static readonly SqlText ReleasesSql = new("""
        SELECT release_id, version, code_digest, first_seen_at FROM releases
        WHERE source_id = (SELECT source_id FROM sources WHERE account_id = $1 AND function_name = $2)
        ORDER BY first_seen_at DESC, release_id DESC LIMIT $3
        """);

    private static readonly SqlText CallsOfReleaseSql = new($"""
        SELECT {CallColumns} FROM invocations JOIN sources ON sources.source_id = invocations.source_id
        WHERE invocations.source_id = (SELECT source_id FROM sources WHERE account_id = $1 AND function_name = $2)
            AND started_at >= $3 AND release_id = $4 ORDER BY started_at DESC LIMIT $5
        """);

    private static readonly SqlText CallsAfterSql = new($"""
        SELECT {CallColumns} FROM invocations JOIN sources ON sources.source_id = invocations.source_id
        WHERE invocation_id > $1 ORDER BY invocation_id LIMIT $2
        """);

    private static readonly SqlText SpansAfterSql = new($"""
        SELECT {SpanRows.Columns} FROM spans JOIN sources ON sources.source_id = spans.source_id
        WHERE row_id > $1 ORDER BY row_id LIMIT $2
        """);

    private static readonly SqlText CallEndsSql = new(
        "SELECT COALESCE(MIN(invocation_id), 0), COALESCE(MAX(invocation_id), 0) FROM invocations");

    private static readonly SqlText SpanEndsSql = new(
        "SELECT COALESCE(MIN(row_id), 0), COALESCE(MAX(row_id), 0) FROM spans");

    private readonly SqliteReaderPool readers;

    internal TraceStore(SqliteReaderPool readers) => this.readers = readers;

    /// <summary>A trace, at most <see cref="Limits.TraceSpansMax"/> calls and as many spans of it.</summary>
    public StoredTrace Read(AccountId account, TraceId trace) =>
        readers.Read(session => Read(session, account, trace, withLinked: true));

    /// <summary>Several at once, each without the spans of others that have a link to it.</summary>
    public Dictionary<TraceId, StoredTrace> ReadOwn(AccountId account, IReadOnlyCollection<TraceId> traces) =>
        readers.Read(session => traces.ToDictionary(
            trace => trace, trace => Read(session, account, trace, withLinked: false)));

    private static StoredTrace Read(ISqlSession session, AccountId account, TraceId trace, bool withLinked)
    {
        Span<byte> id = stackalloc byte[TraceId.Bytes];
        trace.Write(id);
        var calls = Calls(session, CallsSql, id, account);
        if (trace.TryToRequest(out var requestId))
        {
            var packed = TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]);
            calls.AddRange(Calls(session, CallsOfRequestSql, packed, account)
                .Where(call => call.Trace.Parent.Trace == trace && !calls.Contains(call)));
        }

        var spans = Spans(session, SpansSql, id, account);
        var isCut = calls.Count >= Limits.TraceSpansMax || spans.Count >= Limits.TraceSpansMax;
        if (withLinked)
        {
            spans.AddRange(Spans(session, LinkedSql, id, account).Where(span => span.Parent.Trace != trace));
        }

        return new StoredTrace(calls, spans, isCut);
    }

    /// <summary>Calls with a request's id: an asynchronous one may have several attempts.</summary>
    public IReadOnlyList<InvocationRecord> CallsOf(AccountId account, string requestId) => readers.Read(session =>
        Calls(
            session,
            CallsOfRequestSql,
            TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]),
            account));

    /// <summary>The same of many requests at once; those without a call that has ended are left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<InvocationRecord>> CallsOf(
        IEnumerable<(AccountId Account, string RequestId)> requests) => readers.Read(session =>
    {
        var found = new Dictionary<string, IReadOnlyList<InvocationRecord>>(StringComparer.Ordinal);
        Span<byte> packed = stackalloc byte[TelemetryRow.PackedIdBytes];
        foreach (var (account, requestId) in requests)
        {
            if (Calls(session, CallsOfRequestSql, TelemetryRow.PackRequestId(requestId, packed), account)
                is { Count: > 0 } calls)
            {
                found[requestId] = calls;
            }
        }

        return found;
    });

    /// <summary>Spans that a function's code sent, the latest first.</summary>
    public IReadOnlyList<TraceSpan> SpansOf(FunctionId function, DateTimeOffset since, int countMax) =>
        readers.Read(session =>
        {
            using var rows = session.Prepare(OfFunctionSql)
                .Bind(function.Account.Value).Bind(function.Name).Bind(TimeColumn.FromTime(since)).Bind(countMax);
            return rows.ReadAll(SpanRows.Read);
        });

    /// <summary>Releases of a function that were called, the latest first.</summary>
    public IReadOnlyList<Release> ReleasesOf(FunctionId function, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(ReleasesSql)
            .Bind(function.Account.Value).Bind(function.Name).Bind(countMax);
        return rows.ReadAll(row => new Release(
            row.GetNumber(0), row.GetText(1), row.GetText(2), TimeColumn.ToTime(row.GetNumber(3))));
    });

    /// <summary>Calls of a release, the latest first.</summary>
    public IReadOnlyList<InvocationRecord> CallsOf(
        FunctionId function, Release release, DateTimeOffset since, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(CallsOfReleaseSql)
            .Bind(function.Account.Value).Bind(function.Name).Bind(TimeColumn.FromTime(since)).Bind(release.Number)
            .Bind(countMax);
        return rows.ReadAll(ReadCall);
    });

    /// <summary>Calls after a number, at most so many, in the order of writing.</summary>
    public IReadOnlyList<NumberedCall> CallsAfter(long number, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(CallsAfterSql).Bind(number).Bind(countMax);
        return rows.ReadAll(row => new NumberedCall(row.GetNumber(0), ReadCall(row)));
    });

    /// <summary>Spans after a number, at most so many, in the order of writing.</summary>
    public IReadOnlyList<NumberedSpan> SpansAfter(long number, int countMax) => readers.Read(session =>
    {
        using var rows = session.Prepare(SpansAfterSql).Bind(number).Bind(countMax);
        return rows.ReadAll(row => new NumberedSpan(row.GetNumber(0), SpanRows.Read(row)));
    });

    /// <summary>The numbers of the first and last call there are; 0 when there are none.</summary>
    public (long First, long Last) CallEnds() => Ends(CallEndsSql);

    /// <summary>The numbers of the first and last span there are; 0 when there are none.</summary>
    public (long First, long Last) SpanEnds() => Ends(SpanEndsSql);

    private (long First, long Last) Ends(SqlText sql) => readers.Read(session =>
    {
        using var rows = session.Prepare(sql);
        return rows.Read() ? (rows.GetNumber(0), rows.GetNumber(1)) : (0, 0);
    });

    private static List<InvocationRecord> Calls(
        ISqlSession session, SqlText sql, ReadOnlySpan<byte> key, AccountId account)
    {
        using var rows = session.Prepare(sql).Bind(key).Bind(account.Value).Bind(Limits.TraceSpansMax);
        return rows.ReadAll(ReadCall);
    }

    private static List<TraceSpan> Spans(
        ISqlSession session, SqlText sql, ReadOnlySpan<byte> trace, AccountId account)
    {
        using var rows = session.Prepare(sql).Bind(trace).Bind(account.Value).Bind(Limits.TraceSpansMax);
        return rows.ReadAll(SpanRows.Read);
    }

    private static InvocationRecord ReadCall(ISqlStatement row) => TelemetryRow.ReadInvocation(
        row, new FunctionId(AccountId.Parse(row.GetText(CallAccount)), row.GetText(CallAccount + 1)));
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Sql;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry.Errors;

namespace Lambent.Storage.Telemetry.Calls;

/// <summary>Reads calls, with their events and answers where they were kept.</summary>
public sealed class CallStore
{
    private const int ReplaysShown = 20;

    private static readonly SqlText SourcesSql = new("""
        SELECT source_id, function_name FROM sources
        WHERE account_id = $1 AND ($2 = '' OR function_name = $2) AND SUBSTR(function_name, 1, 1) <> ':'
        """);

    private static readonly SqlText AttemptsSql = new($"""
        SELECT {CallStatements.Columns}, s.function_name FROM invocations i JOIN sources s ON s.source_id = i.source_id
        WHERE s.account_id = $1 AND i.request_id = $2 ORDER BY i.started_at DESC, i.invocation_id DESC
        """);

    private static readonly SqlText ReplaysSql = new($"""
        SELECT {CallStatements.Columns}, s.function_name FROM invocations i JOIN sources s ON s.source_id = i.source_id
        WHERE s.account_id = $1 AND i.replay_of = $2 AND LENGTH(i.replay_of) > 0
        ORDER BY i.started_at DESC LIMIT {ReplaysShown}
        """);

    private static readonly SqlText OfGroupSql = new($"""
        SELECT {CallStatements.Columns}, s.function_name FROM stored_calls c
            JOIN invocations i ON i.request_id = c.request_id AND i.started_at = c.started_at
            JOIN sources s ON s.source_id = i.source_id
        WHERE s.account_id = $1 AND c.group_id = $2 AND c.group_id > 0
        ORDER BY c.started_at DESC LIMIT $3
        """);

    private static readonly SqlText StoredSql = new("""
        SELECT c.invoked_arn, c.client_context, c.traits, c.input_bytes, c.output_bytes, c.input, c.output, c.group_id,
            s.account_id
        FROM stored_calls c JOIN sources s ON s.source_id = c.source_id
        WHERE s.account_id = $1 AND c.request_id = $2 ORDER BY c.call_id DESC LIMIT 1
        """);

    private static readonly SqlText LinkSql = new("""
        SELECT c.group_id FROM stored_calls c WHERE c.request_id = $1 ORDER BY c.call_id DESC LIMIT 1
        """);

    private static readonly SqlText GroupSql = new(
        $"SELECT {ErrorGroupRows.Columns} FROM error_groups WHERE group_id = $1");

    private static readonly SqlText JobSql = new("""
        SELECT outcome = 0, COUNT(*) FROM invocations
        WHERE came_from = $1 AND LENGTH(replay_of) > 0
            AND source_id IN (SELECT source_id FROM sources WHERE account_id = $2)
        GROUP BY outcome = 0
        """);

    private readonly SqliteReaderPool readers;

    internal CallStore(SqliteReaderPool readers) => this.readers = readers;

    /// <summary>A page of calls, the newest first; its cost follows its length and what is narrowed by.</summary>
    public Result<TelemetryPage<CallEntry>> List(CallQuery query)
    {
        TelemetryPosition? after = null;
        if (query.PageToken is { } token)
        {
            if (!TelemetryPosition.TryParse(token, out var parsed))
            {
                return new Error(ErrorCode.InvalidParameter, "The cursor is not one of ours.", "cursor");
            }

            after = parsed;
        }

        return readers.Read<Result<TelemetryPage<CallEntry>>>(session => query.ErrorGroup is { } group
            ? OfGroup(session, query, group)
            : Merge(session, query, after));
    }

    /// <summary>The call of an account with this request id; null when nothing of it is kept.</summary>
    public CallDetail? Get(AccountId account, string requestId) => readers.Read(session =>
    {
        var attempts = Records(session, AttemptsSql, account, requestId);
        var stored = Stored(session, account, requestId);
        return attempts.Count == 0 && stored is null
            ? null
            : new CallDetail(
                attempts,
                stored,
                [.. Records(session, ReplaysSql, account, requestId).Select(record => Entry(session, record))]);
    });

    /// <summary>How replays ended that were made together.</summary>
    /// <param name="cameFrom">What they are marked with.</param>
    public (long Succeeded, long Failed) CountReplays(AccountId account, string cameFrom) => readers.Read(session =>
    {
        using var rows = session.Prepare(JobSql).Bind(cameFrom).Bind(account.Value);
        var counts = rows.ReadAll(row => (IsSuccess: row.GetNumber(0) == 1, Count: row.GetNumber(1)));
        return (
            counts.Where(count => count.IsSuccess).Sum(count => count.Count),
            counts.Where(count => !count.IsSuccess).Sum(count => count.Count));
    });

    private static TelemetryPage<CallEntry> Merge(ISqlSession session, CallQuery query, TelemetryPosition? after)
    {
        List<(long Id, string Name)> sources;
        using (var rows = session.Prepare(SourcesSql).Bind(query.Account.Value).Bind(query.Function ?? ""))
        {
            sources = rows.ReadAll(row => (row.GetNumber(0), row.GetText(1)));
        }

        var found = new List<(TelemetryPosition Position, InvocationRecord Record)>();
        foreach (var (id, name) in sources)
        {
            using var rows = Open(session, query, id, after);
            found.AddRange(rows.ReadAll(row => (
                new TelemetryPosition(row.GetNumber(2), LogEntryKind.Start, row.GetNumber(0)),
                TelemetryRow.ReadInvocation(row, new FunctionId(query.Account, name)))));

            // Of many functions only the newest of all are wanted.
            if (found.Count > 4 * query.Limit)
            {
                found = Newest(found, query.Limit + 1);
            }
        }

        found = Newest(found, query.Limit + 1);
        var page = found.Take(query.Limit).ToList();
        return new TelemetryPage<CallEntry>(
            [.. page.Select(item => Entry(session, item.Record))],
            found.Count > query.Limit ? page[^1].Position.ToToken() : null);
    }

    private static List<(TelemetryPosition Position, InvocationRecord Record)> Newest(
        List<(TelemetryPosition Position, InvocationRecord Record)> found, int count) =>
        [.. found.OrderByDescending(item => item.Position).Take(count)];

    private static ISqlStatement Open(ISqlSession session, CallQuery query, long source, TelemetryPosition? after)
    {
        var first = query.Since is { } since ? TimeColumn.FromTime(since) : long.MinValue;
        var last = query.Until is { } until ? TimeColumn.FromTime(until) - 1 : long.MaxValue;
        var edge = long.MaxValue;
        if (after is { } end && end.Time <= last)
        {
            (last, edge) = (end.Time, end.Row);
        }

        var rows = session.Prepare(CallStatements.Choose(query))
            .Bind(source).Bind(first).Bind(last).Bind(edge);
        if (query.Version is { } version)
        {
            rows.Bind(version);
        }

        if (query.Source is { } origin)
        {
            rows.Bind(origin);
        }

        if (query.DurationMin is { } duration)
        {
            rows.Bind(duration.Ticks);
        }

        return rows.Bind(query.Limit + 1);
    }

    private static TelemetryPage<CallEntry> OfGroup(ISqlSession session, CallQuery query, string name)
    {
        if (ErrorGroupRows.Get(session, query.Account, name) is not { } group)
        {
            return new TelemetryPage<CallEntry>([], null);
        }

        using var rows = session.Prepare(OfGroupSql).Bind(query.Account.Value).Bind(group.Id).Bind(query.Limit);
        var records = rows.ReadAll(row => TelemetryRow.ReadInvocation(
            row, new FunctionId(query.Account, row.GetText(TelemetryRow.InvocationColumns))));
        return new TelemetryPage<CallEntry>(
            [
                .. records
                    .Where(record => (query.Since is not { } since || record.StartedAt >= since)
                        && (query.Until is not { } until || record.StartedAt < until)
                        && (query.Function is null || record.Function.Name == query.Function))
                    .Select(record => new CallEntry(record, IsStored: true, group.Name)),
            ],
            null);
    }

    private static List<InvocationRecord> Records(
        ISqlSession session, SqlText sql, AccountId account, string requestId)
    {
        using var rows = session.Prepare(sql).Bind(account.Value)
            .Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
        return rows.ReadAll(row => TelemetryRow.ReadInvocation(
            row, new FunctionId(account, row.GetText(TelemetryRow.InvocationColumns))));
    }

    private static CallEntry Entry(ISqlSession session, InvocationRecord record)
    {
        using var rows = session.Prepare(LinkSql).Bind(
            TelemetryRow.PackRequestId(record.RequestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
        return rows.Read()
            ? new CallEntry(record, true, NameOf(session, rows.GetNumber(0)))
            : new CallEntry(record, false, null);
    }

    private static StoredCall? Stored(ISqlSession session, AccountId account, string requestId)
    {
        using var row = session.Prepare(StoredSql).Bind(account.Value)
            .Bind(TelemetryRow.PackRequestId(requestId, stackalloc byte[TelemetryRow.PackedIdBytes]));
        if (!row.Read())
        {
            return null;
        }

        var traits = (CallTraits)row.GetNumber(2);
        var context = row.GetText(1);
        return new StoredCall(
            row.GetText(0),
            context.Length == 0 ? null : context,
            traits.HasFlag(CallTraits.HasInput) ? row.GetBytes(5).ToArray() : default(ReadOnlyMemory<byte>?),
            (int)row.GetNumber(3),
            traits.HasFlag(CallTraits.HasOutput) && !traits.HasFlag(CallTraits.IsStreamed)
                ? row.GetBytes(6).ToArray()
                : default(ReadOnlyMemory<byte>?),
            (int)row.GetNumber(4),
            traits.HasFlag(CallTraits.IsStreamed),
            traits.HasFlag(CallTraits.InputMasked),
            traits.HasFlag(CallTraits.OutputMasked),
            NameOf(session, row.GetNumber(7)));
    }

    private static string? NameOf(ISqlSession session, long group)
    {
        if (group == 0)
        {
            return null;
        }

        using var rows = session.Prepare(GroupSql).Bind(group);
        return rows.Read() ? ErrorGroupRows.Read(rows).Name : null;
    }
}

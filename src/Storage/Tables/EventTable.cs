using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// Accepted events. The one table whose key does not begin with the account: waiting events of all accounts become
/// ready in order of time, and an event is found by the id that the server itself gave.
/// </summary>
internal sealed class EventTable(ISqlSession session) : IEventTable
{
    private const string Columns =
        "event_id, account_id, lane, due_at, document, checksum, payload, payload_checksum";

    private static readonly SqlText AddSql = new("""
        INSERT INTO events (event_id, account_id, lane, state, rank, due_at, document, checksum, payload,
            payload_checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """);

    private static readonly SqlText ChangeSql = new("""
        UPDATE events SET state = $1, rank = $2, due_at = $3, document = $4, checksum = $5 WHERE event_id = $6
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM events WHERE event_id = $1");

    private static readonly SqlText GetSql = new($"SELECT state, {Columns} FROM events WHERE event_id = $1");

    private static readonly SqlText ExistsSql = new("SELECT 1 FROM events WHERE event_id = $1");

    private static readonly SqlText ReadySql = new($"""
        SELECT {Columns} FROM events
        WHERE account_id = $1 AND lane = $2 AND state = 1 AND (rank, event_id) > ($3, $4)
        ORDER BY rank, event_id LIMIT $5
        """);

    private static readonly SqlText CountReadySql = new("""
        SELECT COUNT(*) FROM (
            SELECT 1 FROM events WHERE account_id = $1 AND lane = $2 AND state = 1 LIMIT $3) AS counted
        """);

    private static readonly SqlText DueSql = new("""
        SELECT event_id, account_id, lane FROM events WHERE state = 0 AND due_at <= $1 ORDER BY due_at LIMIT $2
        """);

    private static readonly SqlText PromoteSql = new("UPDATE events SET state = 1 WHERE event_id = $1");

    private static readonly SqlText NextWaitingSql = new(
        "SELECT due_at FROM events WHERE state = 0 ORDER BY due_at LIMIT 1");

    private static readonly SqlText NextLaneSql = new("""
        SELECT account_id, lane FROM events WHERE state = 1 AND (account_id, lane) > ($1, $2)
        ORDER BY account_id, lane LIMIT 1
        """);

    private static readonly SqlText ListSql = new($"""
        SELECT state, {Columns} FROM events
        WHERE account_id = $1 AND event_id > $2 AND ($3 = '' OR lane = $3) AND ($4 < 0 OR state = $4)
        ORDER BY event_id LIMIT $5
        """);

    /// <summary>One for each state, because each is answered from that state's index alone.</summary>
    private static readonly SqlText[] CountsSql = [.. Enumerable.Range(0, 3).Select(state => new SqlText($"""
        SELECT account_id, lane, COUNT(*), MIN(due_at) FROM events
        WHERE state = {state} AND ($1 = '' OR account_id = $1)
        GROUP BY account_id, lane
        """))];

    private static readonly SqlText DeleteDeadSql = new("""
        DELETE FROM events WHERE event_id IN (
            SELECT event_id FROM events WHERE state = 2 AND due_at < $1 ORDER BY due_at LIMIT $2)
        """);

    private static readonly SqlText CountSql = new("SELECT COUNT(*) FROM events");

    private static readonly SqlText DeleteOfSql = new("DELETE FROM events WHERE account_id = $1");

    public void Add(AsyncEvent accepted, EventState state)
    {
        var payload = accepted.Payload.Span;
        var lane = accepted.Lane;
        var document = Document(accepted, lane, out var checksum);
        using var statement = session.Prepare(AddSql)
            .Bind(accepted.Id)
            .Bind(lane.Account.Value)
            .Bind(lane.Key)
            .Bind((long)state)
            .Bind(TimeColumn.FromTime(accepted.Position.Rank))
            .Bind(TimeColumn.FromTime(accepted.DueAt))
            .BindText(document)
            .Bind(checksum)
            .Bind(payload)
            .Bind(RowDocument.Checksum(payload));
        statement.Run();
    }

    public bool Change(AsyncEvent changed, EventState state)
    {
        var document = Document(changed, changed.Lane, out var checksum);
        using var statement = session.Prepare(ChangeSql)
            .Bind((long)state)
            .Bind(TimeColumn.FromTime(changed.Position.Rank))
            .Bind(TimeColumn.FromTime(changed.DueAt))
            .BindText(document)
            .Bind(checksum)
            .Bind(changed.Id);
        return statement.Run() > 0;
    }

    public bool Delete(string id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(id);
        return statement.Run() > 0;
    }

    public StoredEvent? Get(string id)
    {
        using var rows = session.Prepare(GetSql).Bind(id);
        return rows.Read() ? ReadStored(rows) : null;
    }

    public bool Exists(string id)
    {
        using var rows = session.Prepare(ExistsSql).Bind(id);
        return rows.Read();
    }

    public ReadyEvents Ready(EventLane lane, EventPosition after, int limit, long payloadBytesMax)
    {
        using var rows = session.Prepare(ReadySql)
            .Bind(lane.Account.Value)
            .Bind(lane.Key)
            .Bind(TimeColumn.FromTime(after.Rank))
            .Bind(after.Id)
            .Bind(limit);
        var events = new List<AsyncEvent>();
        var payloadBytes = 0L;
        while (payloadBytes < payloadBytesMax && rows.Read())
        {
            var ready = ReadEvent(rows, 0);
            payloadBytes += ready.Payload.Length;
            events.Add(ready);
        }

        return new ReadyEvents(events, events.Count < limit && payloadBytes < payloadBytesMax);
    }

    public int CountReady(EventLane lane, int limit)
    {
        using var rows = session.Prepare(CountReadySql).Bind(lane.Account.Value).Bind(lane.Key).Bind(limit);
        return rows.Read() ? (int)rows.GetNumber(0) : 0;
    }

    public int Promote(DateTimeOffset now, int limit, ISet<EventLane> lanes)
    {
        List<(string Id, EventLane Lane)> due;
        using (var rows = session.Prepare(DueSql).Bind(TimeColumn.FromTime(now)).Bind(limit))
        {
            due = rows.ReadAll(row => (row.GetText(0), ReadLane(row, 1)));
        }

        foreach (var (id, lane) in due)
        {
            session.Run(PromoteSql, id);
            lanes.Add(lane);
        }

        return due.Count;
    }

    public DateTimeOffset? NextWaiting()
    {
        using var rows = session.Prepare(NextWaitingSql);
        return rows.Read() ? TimeColumn.ToTime(rows.GetNumber(0)) : null;
    }

    /// <remarks>From line to line along the index, however many events each has.</remarks>
    public IReadOnlyList<EventLane> ReadyLanes()
    {
        var lanes = new List<EventLane>();
        var (account, key) = ("", "");
        while (true)
        {
            using var rows = session.Prepare(NextLaneSql).Bind(account).Bind(key);
            if (!rows.Read())
            {
                return lanes;
            }

            lanes.Add(ReadLane(rows, 0));
            (account, key) = (lanes[^1].Account.Value, lanes[^1].Key);
        }
    }

    public IReadOnlyList<StoredEvent> List(
        AccountId account, string? laneKey, EventState? state, string afterId, int limit)
    {
        using var rows = session.Prepare(ListSql)
            .Bind(account.Value)
            .Bind(afterId)
            .Bind(laneKey ?? "")
            .Bind(state is { } wanted ? (long)wanted : -1)
            .Bind(limit);
        return rows.ReadAll(ReadStored);
    }

    public IReadOnlyList<LaneCount> Counts(AccountId? account)
    {
        var counts = new List<LaneCount>();
        foreach (var state in Enum.GetValues<EventState>())
        {
            using var rows = session.Prepare(CountsSql[(int)state]).Bind(account?.Value ?? "");
            counts.AddRange(rows.ReadAll(row => new LaneCount(
                ReadLane(row, 0), state, row.GetNumber(2), TimeColumn.ToTime(row.GetNumber(3)))));
        }

        return counts;
    }

    public int DeleteDead(DateTimeOffset before, int limit)
    {
        using var statement = session.Prepare(DeleteDeadSql).Bind(TimeColumn.FromTime(before)).Bind(limit);
        return statement.Run();
    }

    public long Count()
    {
        using var rows = session.Prepare(CountSql);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    private static EventLane ReadLane(ISqlStatement row, int column) =>
        new(AccountId.Parse(row.GetText(column)), row.GetText(column + 1));

    private static StoredEvent ReadStored(ISqlStatement row) =>
        new(ReadEvent(row, 1), (EventState)row.GetNumber(0));

    private static AsyncEvent ReadEvent(ISqlStatement row, int column)
    {
        var document = row.GetBytes(column + 4);
        var checksum = row.GetNumber(column + 5);
        var whole = Checksum(
            document, row.GetBytes(column), row.GetBytes(column + 1), row.GetBytes(column + 2),
            row.GetNumber(column + 3));
        if (checksum != whole && checksum != RowDocument.Checksum(document))
        {
            // Until schema 8 the checksum was that of the document alone.
            throw RowDocument.Damaged("event", "its checksum does not match");
        }

        return RowDocument.Parse(document, DocumentContext.Default.EventDocument).ToEvent(
            row.GetText(column),
            ReadLane(row, column + 1),
            TimeColumn.ToTime(row.GetNumber(column + 3)),
            row.GetCheckedBytes(column + 6, "event payload").ToArray());
    }

    private static byte[] Document(AsyncEvent written, EventLane lane, out long checksum)
    {
        var document = JsonSerializer.SerializeToUtf8Bytes(
            EventDocument.From(written), DocumentContext.Default.EventDocument);
        Span<byte> id = stackalloc byte[Encoding.UTF8.GetMaxByteCount(written.Id.Length)];
        Span<byte> account = stackalloc byte[Encoding.UTF8.GetMaxByteCount(lane.Account.Value.Length)];
        Span<byte> key = stackalloc byte[Encoding.UTF8.GetMaxByteCount(lane.Key.Length)];
        checksum = Checksum(
            document,
            id[..Encoding.UTF8.GetBytes(written.Id, id)],
            account[..Encoding.UTF8.GetBytes(lane.Account.Value, account)],
            key[..Encoding.UTF8.GetBytes(lane.Key, key)],
            TimeColumn.FromTime(written.DueAt));
        return document;
    }

    /// <summary>Of all that makes the event but its payload, which may be large and has its own.</summary>
    private static long Checksum(
        ReadOnlySpan<byte> document,
        ReadOnlySpan<byte> id,
        ReadOnlySpan<byte> account,
        ReadOnlySpan<byte> lane,
        long dueAt)
    {
        var checksum = RowDocument.Checksum(id, RowDocument.Checksum(document));
        checksum = RowDocument.Checksum(lane, RowDocument.Checksum(account, checksum));
        return RowDocument.Checksum(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in dueAt)), checksum);
    }

    public void DeleteOf(AccountId account) => session.Run(DeleteOfSql, account.Value);
}

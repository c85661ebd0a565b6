using Lambent.Kernel.Events;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// Accepted events. The one table whose key does not begin with the account: the delivery of all accounts takes what
/// is due in order of time, and deletes by the id that the server itself gave.
/// </summary>
internal sealed class EventTable(ISqlSession session) : IEventTable
{
    private static readonly SqlText PutSql = new("""
        INSERT INTO events (event_id, account_id, due_at, document, checksum, payload, payload_checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (event_id) DO UPDATE
        SET account_id = excluded.account_id, due_at = excluded.due_at, document = excluded.document,
            checksum = excluded.checksum, payload = excluded.payload, payload_checksum = excluded.payload_checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM events WHERE event_id = $1");

    private static readonly SqlText DueSql = new("""
        SELECT document, checksum, payload, payload_checksum FROM events
        WHERE due_at <= $1 ORDER BY due_at, event_id LIMIT $2
        """);

    private static readonly SqlText NextDueSql = new("SELECT due_at FROM events ORDER BY due_at LIMIT 1");

    private static readonly SqlText ContainsSql = new("SELECT 1 FROM events WHERE event_id = $1");

    private static readonly SqlText CountSql = new("SELECT COUNT(*) FROM events");

    public void Put(AsyncEvent accepted)
    {
        var payload = accepted.Payload.Span;
        using var statement = session.Prepare(PutSql)
            .Bind(accepted.Id)
            .Bind(accepted.Function.Account.Value)
            .Bind(TimeColumn.FromTime(accepted.DueAt))
            .BindDocument(EventDocument.From(accepted), DocumentContext.Default.EventDocument)
            .Bind(payload)
            .Bind(RowDocument.Checksum(payload));
        statement.Run();
    }

    public void Delete(string id) => session.Run(DeleteSql, id);

    public IReadOnlyList<AsyncEvent> Due(DateTimeOffset now, int limit)
    {
        using var rows = session.Prepare(DueSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return rows.ReadAll(ReadEvent);
    }

    public DateTimeOffset? NextDue()
    {
        using var rows = session.Prepare(NextDueSql);
        return rows.Read() ? TimeColumn.ToTime(rows.GetNumber(0)) : null;
    }

    public bool Contains(string id)
    {
        using var rows = session.Prepare(ContainsSql).Bind(id);
        return rows.Read();
    }

    public long Count()
    {
        using var rows = session.Prepare(CountSql);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    private static AsyncEvent ReadEvent(ISqlStatement rows)
    {
        var document = rows.GetDocument(0, DocumentContext.Default.EventDocument);
        return document.ToEvent(rows.GetCheckedBytes(2, "event payload").ToArray());
    }
}

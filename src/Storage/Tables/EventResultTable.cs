using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// How events ended, for as long as somebody may ask. Found, like events, by the id that the server gave.
/// </summary>
internal sealed class EventResultTable(ISqlSession session) : IEventResultTable
{
    private static readonly SqlText PutSql = new("""
        INSERT INTO event_results (event_id, account_id, kept_until, document, checksum, payload, payload_checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (event_id) DO UPDATE
        SET kept_until = excluded.kept_until, document = excluded.document, checksum = excluded.checksum,
            payload = excluded.payload, payload_checksum = excluded.payload_checksum
        """);

    private static readonly SqlText GetSql = new(
        "SELECT document, checksum, payload, payload_checksum FROM event_results WHERE event_id = $1");

    private static readonly SqlText DeleteExpiredSql = new("""
        DELETE FROM event_results WHERE event_id IN (
            SELECT event_id FROM event_results WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2)
        """);

    private static readonly SqlText DeleteOfSql = new("DELETE FROM event_results WHERE account_id = $1");

    public void Put(EventResult result)
    {
        var payload = result.Payload.Span;
        using var statement = session.Prepare(PutSql)
            .Bind(result.Id)
            .Bind(result.Target.Account.Value)
            .Bind(TimeColumn.FromTime(result.KeptUntil))
            .BindDocument(EventResultDocument.From(result), DocumentContext.Default.EventResultDocument)
            .Bind(payload)
            .Bind(RowDocument.Checksum(payload));
        statement.Run();
    }

    public EventResult? Get(string id)
    {
        using var rows = session.Prepare(GetSql).Bind(id);
        return rows.Read()
            ? rows.GetDocument(0, DocumentContext.Default.EventResultDocument)
                .ToResult(rows.GetCheckedBytes(2, "event result").ToArray())
            : null;
    }

    public int DeleteExpired(DateTimeOffset now, int limit)
    {
        using var statement = session.Prepare(DeleteExpiredSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return statement.Run();
    }

    public void DeleteOf(AccountId account) => session.Run(DeleteOfSql, account.Value);
}

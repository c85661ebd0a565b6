using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>Idempotency keys by line.</summary>
internal sealed class EventKeyTable(ISqlSession session) : IEventKeyTable
{
    private static readonly SqlText FindSql = new("""
        SELECT event_id, digest, expires_at FROM event_keys
        WHERE account_id = $1 AND lane = $2 AND key = $3 AND expires_at > $4
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO event_keys (account_id, lane, key, event_id, digest, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, lane, key) DO UPDATE
        SET event_id = excluded.event_id, digest = excluded.digest, expires_at = excluded.expires_at
        """);

    private static readonly SqlText DeleteExpiredSql = new("""
        DELETE FROM event_keys WHERE (account_id, lane, key) IN (
            SELECT account_id, lane, key FROM event_keys WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """);

    private static readonly SqlText DeleteOfSql = new("DELETE FROM event_keys WHERE account_id = $1");

    public EventKey? Find(EventLane lane, string key, DateTimeOffset now)
    {
        using var rows = session.Prepare(FindSql)
            .Bind(lane.Account.Value)
            .Bind(lane.Key)
            .Bind(key)
            .Bind(TimeColumn.FromTime(now));
        return rows.Read()
            ? new EventKey(rows.GetText(0), rows.GetText(1), TimeColumn.ToTime(rows.GetNumber(2)))
            : null;
    }

    public void Put(EventLane lane, string key, EventKey used)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(lane.Account.Value)
            .Bind(lane.Key)
            .Bind(key)
            .Bind(used.EventId)
            .Bind(used.Digest)
            .Bind(TimeColumn.FromTime(used.ExpiresAt));
        statement.Run();
    }

    public int DeleteExpired(DateTimeOffset now, int limit)
    {
        using var statement = session.Prepare(DeleteExpiredSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return statement.Run();
    }

    public void DeleteOf(AccountId account) => session.Run(DeleteOfSql, account.Value);
}

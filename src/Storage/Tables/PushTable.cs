using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class PushTable(ISqlSession session) : IPushTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM push_queues WHERE account_id = $1 AND queue_name = $2");

    private static readonly SqlText ListSql = new(
        "SELECT document, checksum FROM push_queues WHERE account_id = $1 ORDER BY queue_name");

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM push_queues");

    private static readonly SqlText PutSql = new("""
        INSERT INTO push_queues (account_id, queue_name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, queue_name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM push_queues WHERE account_id = $1 AND queue_name = $2");

    private static readonly SqlText ProgressSql = new("""
        SELECT document, checksum, sequence FROM pushed_messages
        WHERE account_id = $1 AND lane_number = $2 AND sequence = $3
        """);

    private static readonly SqlText FindProgressSql = new("""
        SELECT document, checksum, sequence FROM pushed_messages
        WHERE account_id = $1 AND lane_number = $2 AND message_id = $3 LIMIT 1
        """);

    private static readonly SqlText ListProgressSql = new("""
        SELECT document, checksum, sequence FROM pushed_messages
        WHERE account_id = $1 AND lane_number = $2 AND sequence > $3 ORDER BY sequence LIMIT $4
        """);

    private static readonly SqlText PutProgressSql = new("""
        INSERT INTO pushed_messages (account_id, lane_number, sequence, message_id, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, lane_number, sequence) DO UPDATE
        SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteProgressSql = new(
        "DELETE FROM pushed_messages WHERE account_id = $1 AND lane_number = $2 AND sequence = $3");

    private static readonly SqlText ForgetProgressSql = new("""
        DELETE FROM pushed_messages WHERE (account_id, lane_number, sequence) IN (
            SELECT p.account_id, p.lane_number, p.sequence FROM pushed_messages p
            WHERE NOT EXISTS (
                SELECT 1 FROM messages m WHERE m.account_id = p.account_id AND m.lane_number = p.lane_number
                    AND m.sequence = p.sequence)
            LIMIT $1)
        """);

    public PushQueue? Get(QueueId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadQueue(rows) : null;
    }

    public IReadOnlyList<PushQueue> List(AccountId account)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value);
        return rows.ReadAll(ReadQueue);
    }

    public IReadOnlyList<PushQueue> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadQueue);
    }

    public void Put(PushQueue queue)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(queue.Id.Account.Value)
            .Bind(queue.Id.Name)
            .BindDocument(PushQueueDocument.From(queue), DocumentContext.Default.PushQueueDocument);
        statement.Run();
    }

    public void Delete(QueueId id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(id.Account.Value).Bind(id.Name);
        statement.Run();
    }

    public PushProgress? Progress(QueueLane lane, long sequence)
    {
        using var rows = On(ProgressSql, lane).Bind(sequence);
        return rows.Read() ? ReadProgress(rows).Progress : null;
    }

    public (long Sequence, PushProgress Progress)? FindProgress(QueueLane lane, string messageId)
    {
        using var rows = On(FindProgressSql, lane).Bind(messageId);
        return rows.Read() ? ReadProgress(rows) : null;
    }

    public IReadOnlyList<(long Sequence, PushProgress Progress)> ListProgress(QueueLane lane, long after, int limit)
    {
        using var rows = On(ListProgressSql, lane).Bind(after).Bind(limit);
        return rows.ReadAll(ReadProgress);
    }

    public void PutProgress(QueueLane lane, long sequence, PushProgress progress)
    {
        using var statement = On(PutProgressSql, lane)
            .Bind(sequence)
            .Bind(progress.MessageId)
            .BindDocument(PushProgressDocument.From(progress), DocumentContext.Default.PushProgressDocument);
        statement.Run();
    }

    public void DeleteProgress(QueueLane lane, long sequence)
    {
        using var statement = On(DeleteProgressSql, lane).Bind(sequence);
        statement.Run();
    }

    public int ForgetProgress(int limit)
    {
        using var statement = session.Prepare(ForgetProgressSql).Bind(limit);
        return statement.Run();
    }

    private ISqlStatement On(SqlText sql, QueueLane lane) =>
        session.Prepare(sql).Bind(lane.Account.Value).Bind(lane.Number);

    private static PushQueue ReadQueue(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.PushQueueDocument).ToQueue();

    private static (long Sequence, PushProgress Progress) ReadProgress(ISqlStatement rows) => (
        rows.GetNumber(2), rows.GetDocument(0, DocumentContext.Default.PushProgressDocument).ToProgress());
}

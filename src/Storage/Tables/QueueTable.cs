using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class QueueTable(ISqlSession session) : IQueueTable
{
    /// <summary>The row of queue_counters that numbers the account's queues and lanes; no lane has it.</summary>
    private const long NumberCounter = 0;

    private static readonly KnownDocuments<Queue> Known = new();

    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM queues WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM queues
        WHERE account_id = $1 AND name > $2 AND name >= $3 AND name < $4
        ORDER BY name LIMIT $5
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO queues (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM queues WHERE account_id = $1 AND name = $2");

    private static readonly SqlText DiscardSql = new("""
        INSERT INTO discarded_lanes (account_id, lane_number) VALUES ($1, $2)
        ON CONFLICT (account_id, lane_number) DO NOTHING
        """);

    private static readonly SqlText DiscardedSql = new(
        "SELECT account_id, lane_number FROM discarded_lanes ORDER BY account_id, lane_number LIMIT 1");

    private static readonly SqlText LowestSql = new("""
        SELECT sequence FROM messages WHERE account_id = $1 AND lane_number = $2
        ORDER BY sequence LIMIT 1 OFFSET $3
        """);

    private static readonly SqlText RemoveStatesSql = new(
        "DELETE FROM messages WHERE account_id = $1 AND lane_number = $2 AND sequence < $3");

    private static readonly SqlText RemoveContentsSql = new(
        "DELETE FROM message_contents WHERE account_id = $1 AND lane_number = $2 AND sequence < $3");

    private static readonly SqlText RemoveGroupsSql = new("""
        DELETE FROM message_groups WHERE account_id = $1 AND lane_number = $2 AND group_id IN (
            SELECT group_id FROM message_groups WHERE account_id = $1 AND lane_number = $2
            ORDER BY group_id LIMIT $3)
        """);

    private static readonly SqlText ForgetLaneSql = new(
        "DELETE FROM discarded_lanes WHERE account_id = $1 AND lane_number = $2");

    private static readonly SqlText ForgetCounterSql = new(
        "DELETE FROM queue_counters WHERE account_id = $1 AND lane_number = $2");

    private static readonly SqlText PutTaskSql = new("""
        INSERT INTO move_tasks (account_id, queue_name, started_at, task_id, active, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (account_id, queue_name, started_at, task_id) DO UPDATE
        SET active = excluded.active, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText TasksSql = new("""
        SELECT document, checksum FROM move_tasks WHERE account_id = $1 AND queue_name = $2
        ORDER BY started_at DESC, task_id DESC LIMIT $3
        """);

    private static readonly SqlText ActiveTasksSql = new(
        "SELECT document, checksum FROM move_tasks WHERE active = 1 ORDER BY account_id, queue_name");

    public Queue? Get(QueueId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadQueue(rows) : null;
    }

    public IReadOnlyList<Queue> List(AccountId account, string prefix, string? after, int limit)
    {
        // Names are ASCII, so every name with the prefix sorts before the prefix with a character above it.
        using var rows = session.Prepare(ListSql)
            .Bind(account.Value)
            .Bind(after ?? "")
            .Bind(prefix)
            .Bind(prefix + '\u007F')
            .Bind(limit);
        return rows.ReadAll(ReadQueue);
    }

    public void Put(Queue queue)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(queue.Id.Account.Value)
            .Bind(queue.Id.Name)
            .BindDocument(QueueDocument.From(queue), DocumentContext.Default.QueueDocument);
        statement.Run();
    }

    public void Delete(QueueId id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(id.Account.Value).Bind(id.Name);
        statement.Run();
    }

    public long NextNumber(AccountId account) => QueueCounter.Take(session, new QueueLane(account, NumberCounter), 1);

    public void Discard(QueueLane lane) => RunOn(DiscardSql, lane);

    public QueueLane? Discarded()
    {
        using var rows = session.Prepare(DiscardedSql);
        return rows.Read() ? new QueueLane(AccountId.Parse(rows.GetText(0)), rows.GetNumber(1)) : null;
    }

    public int RemoveSome(QueueLane lane, int limit)
    {
        var end = SequenceAt(lane, limit) ?? long.MaxValue;
        RemoveBelow(RemoveContentsSql, lane, end);
        var removed = RemoveBelow(RemoveStatesSql, lane, end);
        using (var groups = session.Prepare(RemoveGroupsSql).Bind(lane.Account.Value).Bind(lane.Number).Bind(limit))
        {
            removed += groups.Run();
        }

        if (removed == 0)
        {
            RunOn(ForgetLaneSql, lane);
            RunOn(ForgetCounterSql, lane);
        }

        return removed;
    }

    public void PutTask(MoveTask task)
    {
        using var statement = session.Prepare(PutTaskSql)
            .Bind(task.Source.Account.Value)
            .Bind(task.Source.Name)
            .Bind(TimeColumn.FromTime(task.StartedAt))
            .Bind(task.Id)
            .Bind(task.IsActive ? 1 : 0)
            .BindDocument(MoveTaskDocument.From(task), DocumentContext.Default.MoveTaskDocument);
        statement.Run();
    }

    public IReadOnlyList<MoveTask> Tasks(QueueId source, int limit)
    {
        using var rows = session.Prepare(TasksSql).Bind(source.Account.Value).Bind(source.Name).Bind(limit);
        return rows.ReadAll(ReadTask);
    }

    public IReadOnlyList<MoveTask> ActiveTasks()
    {
        using var rows = session.Prepare(ActiveTasksSql);
        return rows.ReadAll(ReadTask);
    }

    private long? SequenceAt(QueueLane lane, int offset)
    {
        using var rows = session.Prepare(LowestSql).Bind(lane.Account.Value).Bind(lane.Number).Bind(offset);
        return rows.Read() ? rows.GetNumber(0) : null;
    }

    private int RemoveBelow(SqlText sql, QueueLane lane, long end)
    {
        using var statement = session.Prepare(sql).Bind(lane.Account.Value).Bind(lane.Number).Bind(end);
        return statement.Run();
    }

    private void RunOn(SqlText sql, QueueLane lane)
    {
        using var statement = session.Prepare(sql).Bind(lane.Account.Value).Bind(lane.Number);
        statement.Run();
    }

    private static Queue ReadQueue(ISqlStatement rows)
    {
        var json = rows.GetCheckedBytes(0, "queue");
        var checksum = rows.GetNumber(1);
        if (Known.Find(json, checksum) is { } known)
        {
            return known;
        }

        var queue = rows.GetDocument(0, DocumentContext.Default.QueueDocument).ToQueue();
        Known.Keep(json, checksum, queue);
        return queue;
    }

    private static MoveTask ReadTask(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.MoveTaskDocument).ToTask();
}

/// <summary>Numbers that are never given twice, durable with the transaction that took them.</summary>
internal static class QueueCounter
{
    private static readonly SqlText TakeSql = new("""
        INSERT INTO queue_counters (account_id, lane_number, last_value) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, lane_number) DO UPDATE SET last_value = queue_counters.last_value + excluded.last_value
        RETURNING last_value
        """);

    /// <returns>The first of <paramref name="count"/> numbers in a row.</returns>
    public static long Take(ISqlSession session, QueueLane lane, int count)
    {
        using var rows = session.Prepare(TakeSql).Bind(lane.Account.Value).Bind(lane.Number).Bind(count);
        rows.Read();
        var last = rows.GetNumber(0);
        while (rows.Read())
        {
        }

        return last - count + 1;
    }
}

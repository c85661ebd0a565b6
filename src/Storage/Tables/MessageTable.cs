using System.Text;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>
/// Messages by lane. A time of 0 in received_at and first_received_at stands for never, an empty group for none.
/// </summary>
internal sealed class MessageTable(ISqlSession session) : IMessageTable
{
    private const string Columns =
        "sequence, visible_at, sent_at, retained_from, received_at, first_received_at, receive_count, group_id";

    private static readonly SqlText AddStateSql = new("""
        INSERT INTO messages (visible_at, sent_at, retained_from, received_at, first_received_at, receive_count,
            group_id, account_id, lane_number, sequence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """);

    private static readonly SqlText AddRankedStateSql = new("""
        INSERT INTO messages (visible_at, sent_at, retained_from, received_at, first_received_at, receive_count,
            group_id, account_id, lane_number, sequence, priority)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """);

    private static readonly SqlText AddContentSql = new("""
        INSERT INTO message_contents (account_id, lane_number, sequence, document, checksum, body, body_checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """);

    private static readonly SqlText FindSql = new(
        $"SELECT {Columns} FROM messages WHERE account_id = $1 AND lane_number = $2 AND sequence = $3");

    private static readonly SqlText ContentSql = new("""
        SELECT document, checksum, body, body_checksum FROM message_contents
        WHERE account_id = $1 AND lane_number = $2 AND sequence = $3
        """);

    private static readonly SqlText ChangeSql = new("""
        UPDATE messages SET visible_at = $1, received_at = $2, first_received_at = $3, receive_count = $4
        WHERE account_id = $5 AND lane_number = $6 AND sequence = $7
        """);

    private static readonly SqlText DeleteReceivedSql = new("""
        DELETE FROM messages WHERE account_id = $1 AND lane_number = $2 AND sequence = $3 AND receive_count = $4
        """);

    private static readonly SqlText DeleteStateSql = new(
        "DELETE FROM messages WHERE account_id = $1 AND lane_number = $2 AND sequence = $3");

    private static readonly SqlText DeleteContentSql = new(
        "DELETE FROM message_contents WHERE account_id = $1 AND lane_number = $2 AND sequence = $3");

    private static readonly SqlText VisibleSql = new($"""
        SELECT {Columns} FROM messages WHERE account_id = $1 AND lane_number = $2 AND visible_at <= $3
        ORDER BY visible_at, sequence LIMIT $4
        """);

    private static readonly SqlText VisibleOfPrioritySql = new($"""
        SELECT {Columns} FROM messages
        WHERE account_id = $1 AND lane_number = $2 AND priority = $3 AND priority > 0 AND visible_at <= $4
        ORDER BY visible_at, sequence LIMIT $5
        """);

    private static readonly SqlText OfGroupSql = new($"""
        SELECT {Columns} FROM messages
        WHERE account_id = $1 AND lane_number = $2 AND group_id = $3 AND group_id <> ''
        ORDER BY sequence LIMIT $4
        """);

    private static readonly SqlText OldestSql = new(
        $"SELECT {Columns} FROM messages WHERE account_id = $1 AND lane_number = $2 ORDER BY sequence LIMIT $3");

    private static readonly SqlText AfterSql = new($"""
        SELECT {Columns}, priority FROM messages WHERE account_id = $1 AND lane_number = $2 AND sequence > $3
        ORDER BY sequence LIMIT $4
        """);

    private static readonly SqlText AfterInGroupSql = new($"""
        SELECT {Columns}, priority FROM messages
        WHERE account_id = $1 AND lane_number = $2 AND sequence > $3 AND group_id = $4 AND group_id <> ''
        ORDER BY sequence LIMIT $5
        """);

    private static readonly SqlText SharesSql = new("""
        SELECT group_id, priority,
            SUM(CASE WHEN visible_at <= $1 THEN 1 ELSE 0 END),
            SUM(CASE WHEN visible_at > $1 AND received_at <> 0 THEN 1 ELSE 0 END),
            SUM(CASE WHEN visible_at > $1 AND received_at = 0 THEN 1 ELSE 0 END),
            MIN(sent_at), COALESCE(MIN(CASE WHEN visible_at > $1 THEN visible_at END), 0)
        FROM messages WHERE account_id = $2 AND lane_number = $3 AND retained_from > $4
        GROUP BY group_id, priority ORDER BY COUNT(*) DESC, group_id, priority LIMIT $5
        """);

    private static readonly SqlText NextVisibleSql = new("""
        SELECT visible_at FROM messages WHERE account_id = $1 AND lane_number = $2 AND visible_at > $3
        ORDER BY visible_at LIMIT 1
        """);

    private static readonly SqlText CountSql = new("""
        SELECT COALESCE(SUM(CASE WHEN visible_at <= $1 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN visible_at > $1 AND received_at <> 0 THEN 1 ELSE 0 END), 0),
            COALESCE(SUM(CASE WHEN visible_at > $1 AND received_at = 0 THEN 1 ELSE 0 END), 0)
        FROM messages WHERE account_id = $2 AND lane_number = $3 AND retained_from > $4
        """);

    private static readonly SqlText InFlightSql = new("""
        SELECT COUNT(*) FROM messages
        WHERE account_id = $1 AND lane_number = $2 AND visible_at > $3 AND received_at <> 0
        """);

    private static readonly SqlText GroupsSql = new("""
        SELECT group_id FROM message_groups WHERE account_id = $1 AND lane_number = $2 AND available_at <= $3
        ORDER BY available_at, group_id LIMIT $4
        """);

    private static readonly SqlText PutGroupSql = new("""
        INSERT INTO message_groups (account_id, lane_number, group_id, available_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, lane_number, group_id) DO UPDATE SET available_at = excluded.available_at
        """);

    private static readonly SqlText DeleteGroupSql = new(
        "DELETE FROM message_groups WHERE account_id = $1 AND lane_number = $2 AND group_id = $3");

    private static readonly SqlText NextGroupSql = new("""
        SELECT available_at FROM message_groups WHERE account_id = $1 AND lane_number = $2 AND available_at > $3
        ORDER BY available_at LIMIT 1
        """);

    private static readonly SqlText FindSentSql = new("""
        SELECT message_id, sequence FROM sent_messages
        WHERE account_id = $1 AND queue_number = $2 AND key = $3 AND counts_until > $4
        """);

    private static readonly SqlText PutSentSql = new("""
        INSERT INTO sent_messages (account_id, queue_number, key, message_id, sequence, counts_until)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, queue_number, key) DO UPDATE SET message_id = excluded.message_id,
            sequence = excluded.sequence, counts_until = excluded.counts_until
        """);

    private static readonly SqlText ForgetSentSql = new("""
        DELETE FROM sent_messages WHERE (account_id, queue_number, key) IN (
            SELECT account_id, queue_number, key FROM sent_messages WHERE counts_until <= $1
            ORDER BY counts_until LIMIT $2)
        """);

    public long TakeSequences(QueueLane lane, int count) => QueueCounter.Take(session, lane, count);

    public void Add(QueueLane lane, MessageState state, MessageContent content)
    {
        WriteState(state.Priority is null ? AddStateSql : AddRankedStateSql, lane, state);
        var body = Encoding.UTF8.GetBytes(content.Body);
        using var statement = On(AddContentSql, lane)
            .Bind(state.Sequence)
            .BindDocument(MessageDocument.From(content), DocumentContext.Default.MessageDocument)
            .Bind(body)
            .Bind(RowDocument.Checksum(body));
        statement.Run();
    }

    public MessageState? Find(QueueLane lane, long sequence)
    {
        using var rows = On(FindSql, lane).Bind(sequence);
        return rows.Read() ? ReadState(rows) : null;
    }

    public MessageContent Content(QueueLane lane, long sequence)
    {
        using var rows = On(ContentSql, lane).Bind(sequence);
        if (!rows.Read())
        {
            throw new InvalidOperationException($"Message {sequence} of lane {lane.Number} has no content.");
        }

        var document = rows.GetDocument(0, DocumentContext.Default.MessageDocument);
        return document.ToContent(Encoding.UTF8.GetString(rows.GetCheckedBytes(2, "message body")));
    }

    public void Change(QueueLane lane, MessageState state)
    {
        using var statement = session.Prepare(ChangeSql)
            .Bind(TimeColumn.FromTime(state.VisibleAt))
            .Bind(OrNever(state.ReceivedAt))
            .Bind(OrNever(state.FirstReceivedAt))
            .Bind(state.ReceiveCount)
            .Bind(lane.Account.Value)
            .Bind(lane.Number)
            .Bind(state.Sequence);
        statement.Run();
    }

    public void Delete(QueueLane lane, long sequence)
    {
        using var state = On(DeleteStateSql, lane).Bind(sequence);
        state.Run();
        DeleteContent(lane, sequence);
    }

    public bool DeleteReceived(QueueLane lane, long sequence, int receiveCount)
    {
        using var state = On(DeleteReceivedSql, lane).Bind(sequence).Bind(receiveCount);
        if (state.Run() == 0)
        {
            return false;
        }

        DeleteContent(lane, sequence);
        return true;
    }

    public IReadOnlyList<MessageState> Visible(QueueLane lane, DateTimeOffset now, int limit)
    {
        using var rows = On(VisibleSql, lane).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return rows.ReadAll(ReadState);
    }

    public IReadOnlyList<MessageState> Visible(QueueLane lane, int priority, DateTimeOffset now, int limit)
    {
        using var rows = On(VisibleOfPrioritySql, lane)
            .Bind(RankOf(priority))
            .Bind(TimeColumn.FromTime(now))
            .Bind(limit);
        return rows.ReadAll(row => ReadState(row) with { Priority = priority });
    }

    public IReadOnlyList<MessageState> OfGroup(QueueLane lane, string groupId, int limit)
    {
        using var rows = On(OfGroupSql, lane).Bind(groupId).Bind(limit);
        return rows.ReadAll(ReadState);
    }

    public IReadOnlyList<MessageState> Oldest(QueueLane lane, int limit)
    {
        using var rows = On(OldestSql, lane).Bind(limit);
        return rows.ReadAll(ReadState);
    }

    public IReadOnlyList<MessageState> After(QueueLane lane, string? groupId, long after, int limit)
    {
        using var rows = On(groupId is null ? AfterSql : AfterInGroupSql, lane).Bind(after);
        if (groupId is not null)
        {
            rows.Bind(groupId);
        }

        return rows.Bind(limit).ReadAll(row => ReadState(row) with { Priority = PriorityOf(row.GetNumber(8)) });
    }

    public IReadOnlyList<MessageShare> Shares(
        QueueLane lane, DateTimeOffset now, DateTimeOffset retainedAfter, int limit)
    {
        using var rows = session.Prepare(SharesSql)
            .Bind(TimeColumn.FromTime(now))
            .Bind(lane.Account.Value)
            .Bind(lane.Number)
            .Bind(TimeColumn.FromTime(retainedAfter))
            .Bind(limit);
        return rows.ReadAll(row => new MessageShare(
            row.GetText(0) is { Length: > 0 } group ? group : null,
            PriorityOf(row.GetNumber(1)),
            new MessageCounts(row.GetNumber(2), row.GetNumber(3), row.GetNumber(4)),
            TimeColumn.ToTime(row.GetNumber(5)),
            OrNull(row.GetNumber(6))));
    }

    public DateTimeOffset? NextVisible(QueueLane lane, DateTimeOffset now) => ReadTime(NextVisibleSql, lane, now);

    public MessageCounts Count(QueueLane lane, DateTimeOffset now, DateTimeOffset retainedAfter)
    {
        using var rows = session.Prepare(CountSql)
            .Bind(TimeColumn.FromTime(now))
            .Bind(lane.Account.Value)
            .Bind(lane.Number)
            .Bind(TimeColumn.FromTime(retainedAfter));
        rows.Read();
        return new MessageCounts(rows.GetNumber(0), rows.GetNumber(1), rows.GetNumber(2));
    }

    public long CountInFlight(QueueLane lane, DateTimeOffset now)
    {
        using var rows = On(InFlightSql, lane).Bind(TimeColumn.FromTime(now));
        rows.Read();
        return rows.GetNumber(0);
    }

    public IReadOnlyList<string> AvailableGroups(QueueLane lane, DateTimeOffset now, int limit)
    {
        using var rows = On(GroupsSql, lane).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return rows.ReadAll(row => row.GetText(0));
    }

    public void SetGroup(QueueLane lane, string groupId, DateTimeOffset? availableAt)
    {
        if (availableAt is not { } time)
        {
            using var removal = On(DeleteGroupSql, lane).Bind(groupId);
            removal.Run();
            return;
        }

        using var statement = On(PutGroupSql, lane).Bind(groupId).Bind(TimeColumn.FromTime(time));
        statement.Run();
    }

    public DateTimeOffset? NextGroup(QueueLane lane, DateTimeOffset now) => ReadTime(NextGroupSql, lane, now);

    public SentMessage? FindSent(AccountId account, long queueNumber, string key, DateTimeOffset now)
    {
        using var rows = session.Prepare(FindSentSql)
            .Bind(account.Value)
            .Bind(queueNumber)
            .Bind(key)
            .Bind(TimeColumn.FromTime(now));
        return rows.Read() ? new SentMessage(rows.GetText(0), rows.GetNumber(1)) : null;
    }

    public void PutSent(AccountId account, long queueNumber, string key, SentMessage sent, DateTimeOffset until)
    {
        using var statement = session.Prepare(PutSentSql)
            .Bind(account.Value)
            .Bind(queueNumber)
            .Bind(key)
            .Bind(sent.Id)
            .Bind(sent.Sequence)
            .Bind(TimeColumn.FromTime(until));
        statement.Run();
    }

    public int ForgetSent(DateTimeOffset now, int limit)
    {
        using var statement = session.Prepare(ForgetSentSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return statement.Run();
    }

    private ISqlStatement On(SqlText sql, QueueLane lane) =>
        session.Prepare(sql).Bind(lane.Account.Value).Bind(lane.Number);

    private void WriteState(SqlText sql, QueueLane lane, MessageState state)
    {
        using var statement = session.Prepare(sql)
            .Bind(TimeColumn.FromTime(state.VisibleAt))
            .Bind(TimeColumn.FromTime(state.SentAt))
            .Bind(TimeColumn.FromTime(state.RetainedFrom))
            .Bind(OrNever(state.ReceivedAt))
            .Bind(OrNever(state.FirstReceivedAt))
            .Bind(state.ReceiveCount)
            .Bind(state.GroupId ?? "")
            .Bind(lane.Account.Value)
            .Bind(lane.Number)
            .Bind(state.Sequence);
        if (ReferenceEquals(sql, AddRankedStateSql))
        {
            statement.Bind(RankOf(state.Priority!.Value));
        }

        statement.Run();
    }

    /// <summary>The column, in which 0 stands for none.</summary>
    private static int RankOf(int priority) => priority + 1;

    private static int? PriorityOf(long rank) => rank == 0 ? null : (int)rank - 1;

    private void DeleteContent(QueueLane lane, long sequence)
    {
        using var content = On(DeleteContentSql, lane).Bind(sequence);
        content.Run();
    }

    private DateTimeOffset? ReadTime(SqlText sql, QueueLane lane, DateTimeOffset now)
    {
        using var rows = On(sql, lane).Bind(TimeColumn.FromTime(now));
        return rows.Read() ? TimeColumn.ToTime(rows.GetNumber(0)) : null;
    }

    private static MessageState ReadState(ISqlStatement rows) => new()
    {
        Sequence = rows.GetNumber(0),
        VisibleAt = TimeColumn.ToTime(rows.GetNumber(1)),
        SentAt = TimeColumn.ToTime(rows.GetNumber(2)),
        RetainedFrom = TimeColumn.ToTime(rows.GetNumber(3)),
        ReceivedAt = OrNull(rows.GetNumber(4)),
        FirstReceivedAt = OrNull(rows.GetNumber(5)),
        ReceiveCount = (int)rows.GetNumber(6),
        GroupId = rows.GetText(7) is { Length: > 0 } group ? group : null,
    };

    private static long OrNever(DateTimeOffset? time) => time is { } known ? TimeColumn.FromTime(known) : 0;

    private static DateTimeOffset? OrNull(long column) => column == 0 ? null : TimeColumn.ToTime(column);
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class ScheduleTable(ISqlSession session) : IScheduleTable
{
    /// <summary>Above every character of a name, so that names with a prefix end before it.</summary>
    private const char AfterNames = '\u007F';

    private static readonly SqlText GetSql = new("""
        SELECT document, checksum FROM schedules WHERE account_id = $1 AND group_name = $2 AND name = $3
        """);

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM schedules
        WHERE account_id = $1 AND group_name >= $2 AND group_name <= $3 AND (group_name, name) > ($4, $5)
            AND name >= $6 AND name < $7 AND enabled >= $8 AND enabled <= $9
        ORDER BY group_name, name LIMIT $10
        """);

    private static readonly SqlText CountSql = new("SELECT COUNT(*) FROM schedules WHERE account_id = $1");

    private static readonly SqlText PutSql = new("""
        INSERT INTO schedules (account_id, group_name, name, enabled, due_at, document, checksum)
        VALUES ($1, $2, $3, $4, NULLIF($5, -1), $6, $7)
        ON CONFLICT (account_id, group_name, name) DO UPDATE SET enabled = excluded.enabled,
            due_at = excluded.due_at, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM schedules WHERE account_id = $1 AND group_name = $2 AND name = $3");

    private static readonly SqlText DueSql = new(
        "SELECT document, checksum FROM schedules WHERE due_at <= $1 ORDER BY due_at LIMIT $2");

    private static readonly SqlText NextDueSql = new(
        "SELECT due_at FROM schedules WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1");

    private static readonly SqlText UpcomingSql = new("""
        SELECT document, checksum FROM schedules WHERE account_id = $1 AND due_at IS NOT NULL
        ORDER BY due_at LIMIT $2
        """);

    private static readonly SqlText GetGroupSql = new(
        "SELECT document, checksum FROM schedule_groups WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListGroupsSql = new("""
        SELECT document, checksum FROM schedule_groups
        WHERE account_id = $1 AND name > $2 AND name >= $3 AND name < $4 ORDER BY name LIMIT $5
        """);

    private static readonly SqlText PutGroupSql = new("""
        INSERT INTO schedule_groups (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteGroupSql = new(
        "DELETE FROM schedule_groups WHERE account_id = $1 AND name = $2");

    private static readonly SqlText AddMissedSql = new("""
        INSERT INTO missed_occurrences
            (account_id, group_name, name, first_at, last_at, count, reason, noted_at, detail)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (account_id, group_name, name, first_at) DO UPDATE
        SET last_at = excluded.last_at, count = excluded.count, reason = excluded.reason,
            noted_at = excluded.noted_at, detail = excluded.detail
        """);

    private static readonly SqlText ForgetMissedSql = new("""
        DELETE FROM missed_occurrences WHERE account_id = $1 AND group_name = $2 AND name = $3 AND first_at <= (
            SELECT first_at FROM missed_occurrences WHERE account_id = $1 AND group_name = $2 AND name = $3
            ORDER BY first_at DESC LIMIT 1 OFFSET $4)
        """);

    private static readonly SqlText MissedSql = new("""
        SELECT first_at, last_at, count, reason, detail FROM missed_occurrences
        WHERE account_id = $1 AND group_name = $2 AND name = $3 ORDER BY first_at DESC LIMIT $4
        """);

    private static readonly SqlText MissedOfAccountSql = new("""
        SELECT first_at, last_at, count, reason, detail, group_name, name FROM missed_occurrences
        WHERE account_id = $1 ORDER BY first_at DESC, group_name, name LIMIT $2
        """);

    private static readonly SqlText DeleteMissedSql = new(
        "DELETE FROM missed_occurrences WHERE account_id = $1 AND group_name = $2 AND name = $3");

    private static readonly SqlText FindTokenSql = new("""
        SELECT digest, answer FROM schedule_tokens WHERE account_id = $1 AND token = $2 AND counts_until > $3
        """);

    private static readonly SqlText PutTokenSql = new("""
        INSERT INTO schedule_tokens (account_id, token, digest, answer, counts_until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, token) DO UPDATE
        SET digest = excluded.digest, answer = excluded.answer, counts_until = excluded.counts_until
        """);

    private static readonly SqlText ForgetTokensSql = new("DELETE FROM schedule_tokens WHERE counts_until <= $1");

    public Schedule? Get(ScheduleId id)
    {
        using var rows = On(GetSql, id);
        return rows.Read() ? ReadSchedule(rows) : null;
    }

    public IReadOnlyList<Schedule> List(AccountId account, ScheduleFilter filter, int limit)
    {
        using var rows = session.Prepare(ListSql)
            .Bind(account.Value)
            .Bind(filter.Group ?? "")
            .Bind(filter.Group ?? $"{AfterNames}")
            .Bind(filter.After?.Group ?? "")
            .Bind(filter.After?.Name ?? "")
            .Bind(filter.Prefix)
            .Bind(filter.Prefix + AfterNames)
            .Bind(filter.IsEnabled == true ? 1 : 0)
            .Bind(filter.IsEnabled == false ? 0 : 1)
            .Bind(limit);
        return rows.ReadAll(ReadSchedule);
    }

    public long Count(AccountId account)
    {
        using var rows = session.Prepare(CountSql).Bind(account.Value);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    public void Put(Schedule schedule)
    {
        using var statement = On(PutSql, schedule.Id)
            .Bind(schedule.Settings.IsEnabled ? 1 : 0)
            .Bind(schedule.DueAt is { } due ? TimeColumn.FromTime(due) : -1)
            .BindDocument(ScheduleDocument.From(schedule), DocumentContext.Default.ScheduleDocument);
        statement.Run();
    }

    public void Delete(ScheduleId id)
    {
        using (var statement = On(DeleteSql, id))
        {
            statement.Run();
        }

        using var missed = On(DeleteMissedSql, id);
        missed.Run();
    }

    public IReadOnlyList<Schedule> Due(DateTimeOffset now, int limit)
    {
        using var rows = session.Prepare(DueSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return rows.ReadAll(ReadSchedule);
    }

    public DateTimeOffset? NextDue()
    {
        using var rows = session.Prepare(NextDueSql);
        return rows.Read() ? TimeColumn.ToTime(rows.GetNumber(0)) : null;
    }

    public IReadOnlyList<Schedule> Upcoming(AccountId account, int limit)
    {
        using var rows = session.Prepare(UpcomingSql).Bind(account.Value).Bind(limit);
        return rows.ReadAll(ReadSchedule);
    }

    public ScheduleGroup? GetGroup(ScheduleGroupId id)
    {
        using var rows = session.Prepare(GetGroupSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadGroup(rows) : null;
    }

    public IReadOnlyList<ScheduleGroup> ListGroups(AccountId account, string prefix, string? after, int limit)
    {
        using var rows = session.Prepare(ListGroupsSql)
            .Bind(account.Value)
            .Bind(after ?? "")
            .Bind(prefix)
            .Bind(prefix + AfterNames)
            .Bind(limit);
        return rows.ReadAll(ReadGroup);
    }

    public void PutGroup(ScheduleGroup group)
    {
        using var statement = session.Prepare(PutGroupSql)
            .Bind(group.Id.Account.Value)
            .Bind(group.Id.Name)
            .BindDocument(ScheduleGroupDocument.From(group), DocumentContext.Default.ScheduleGroupDocument);
        statement.Run();
    }

    public void DeleteGroup(ScheduleGroupId id)
    {
        using var statement = session.Prepare(DeleteGroupSql).Bind(id.Account.Value).Bind(id.Name);
        statement.Run();
    }

    public void AddMissed(ScheduleId id, MissedOccurrences missed, DateTimeOffset now)
    {
        using (var statement = On(AddMissedSql, id)
            .Bind(TimeColumn.FromTime(missed.FirstAt))
            .Bind(TimeColumn.FromTime(missed.LastAt))
            .Bind(missed.Count)
            .Bind(missed.Reason.ToString())
            .Bind(TimeColumn.FromTime(now))
            .Bind(missed.Detail))
        {
            statement.Run();
        }

        using var forget = On(ForgetMissedSql, id).Bind(Limits.ScheduleMissedKept);
        forget.Run();
    }

    public IReadOnlyList<MissedOccurrences> Missed(ScheduleId id, int limit)
    {
        using var rows = On(MissedSql, id).Bind(limit);
        return rows.ReadAll(ReadMissed);
    }

    public IReadOnlyList<(ScheduleId Id, MissedOccurrences Missed)> Missed(AccountId account, int limit)
    {
        using var rows = session.Prepare(MissedOfAccountSql).Bind(account.Value).Bind(limit);
        return rows.ReadAll(row => (new ScheduleId(account, row.GetText(5), row.GetText(6)), ReadMissed(row)));
    }

    public UsedToken? FindToken(AccountId account, string token, DateTimeOffset now)
    {
        using var rows = session.Prepare(FindTokenSql)
            .Bind(account.Value).Bind(token).Bind(TimeColumn.FromTime(now));
        return rows.Read() ? new UsedToken(rows.GetText(0), rows.GetText(1)) : null;
    }

    public void PutToken(AccountId account, string token, UsedToken used, DateTimeOffset until)
    {
        using var statement = session.Prepare(PutTokenSql)
            .Bind(account.Value)
            .Bind(token)
            .Bind(used.Digest)
            .Bind(used.Answer)
            .Bind(TimeColumn.FromTime(until));
        statement.Run();
    }

    public void ForgetTokens(DateTimeOffset now)
    {
        using var statement = session.Prepare(ForgetTokensSql).Bind(TimeColumn.FromTime(now));
        statement.Run();
    }

    private ISqlStatement On(SqlText sql, ScheduleId id) =>
        session.Prepare(sql).Bind(id.Account.Value).Bind(id.Group).Bind(id.Name);

    private static Schedule ReadSchedule(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.ScheduleDocument).ToSchedule();

    private static ScheduleGroup ReadGroup(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.ScheduleGroupDocument).ToGroup();

    private static MissedOccurrences ReadMissed(ISqlStatement rows) => new(
        TimeColumn.ToTime(rows.GetNumber(0)),
        TimeColumn.ToTime(rows.GetNumber(1)),
        rows.GetNumber(2),
        Enum.Parse<MissReason>(rows.GetText(3)),
        rows.IsNull(4) ? null : rows.GetText(4));
}

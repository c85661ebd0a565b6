using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class ExecutionTable(ISqlSession session) : IExecutionTable
{
    private const long Never = -1;

    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM executions WHERE account_id = $1 AND machine = $2 AND name = $3");

    private static readonly SqlText ListOfMachineSql = new("""
        SELECT document, checksum FROM executions
        WHERE account_id = $1 AND machine = $2 AND ($3 < 0 OR status = $3) AND (started_at, execution_key) < ($4, $5)
        ORDER BY started_at DESC, execution_key DESC LIMIT $6
        """);

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM executions
        WHERE account_id = $1 AND ($2 < 0 OR status = $2) AND (started_at, execution_key) < ($3, $4)
        ORDER BY started_at DESC, execution_key DESC LIMIT $5
        """);

    // The condition that holds for all of these statuses is that of the index with the few that are not as usual.
    private static readonly SqlText ListUnusualOfMachineSql = new("""
        SELECT document, checksum FROM executions
        WHERE account_id = $1 AND machine = $2 AND status = $3 AND status <> 1
            AND (started_at, execution_key) < ($4, $5)
        ORDER BY started_at DESC, execution_key DESC LIMIT $6
        """);

    private static readonly SqlText ListUnusualSql = new("""
        SELECT document, checksum FROM executions
        WHERE account_id = $1 AND status = $2 AND status <> 1 AND (started_at, execution_key) < ($3, $4)
        ORDER BY started_at DESC, execution_key DESC LIMIT $5
        """);

    private static readonly SqlText CountUnusualSql = new("""
        SELECT COUNT(*) FROM executions WHERE account_id = $1 AND machine = $2 AND status = $3 AND status <> 1
        """);

    private static readonly SqlText CountSql = new("""
        SELECT COUNT(*) FROM executions WHERE account_id = $1 AND machine = $2 AND status = $3
        """);

    private static readonly SqlText AddSql = new("""
        INSERT INTO executions (account_id, machine, name, execution_key, activity, status, started_at, stopped_at,
            wake_at, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8, -1), NULLIF($9, -1), $10, $11)
        """);

    private static readonly SqlText ChangeSql = new("""
        UPDATE executions SET activity = $1, status = $2, stopped_at = NULLIF($3, -1), wake_at = NULLIF($4, -1),
            document = $5, checksum = $6
        WHERE account_id = $7 AND machine = $8 AND name = $9
        """);

    private static readonly SqlText WakeSql = new("""
        UPDATE executions SET wake_at = $1
        WHERE account_id = $2 AND machine = $3 AND name = $4 AND activity = 2 AND (wake_at IS NULL OR wake_at > $1)
        """);

    private static readonly SqlText WakeActiveSql = new(
        "UPDATE executions SET activity = 2, wake_at = $1 WHERE activity = 1");

    private static readonly SqlText DueSql = new("""
        SELECT document, checksum FROM executions WHERE activity = 2 AND wake_at <= $1 ORDER BY wake_at LIMIT $2
        """);

    private static readonly SqlText NextDueSql = new("""
        SELECT wake_at FROM executions WHERE activity = 2 AND wake_at IS NOT NULL ORDER BY wake_at LIMIT 1
        """);

    private static readonly SqlText StoppedBeforeSql = new("""
        SELECT document, checksum FROM executions WHERE stopped_at < $1 ORDER BY stopped_at LIMIT $2
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM executions WHERE account_id = $1 AND machine = $2 AND name = $3");

    private static readonly SqlText DeleteJournalSql = new(
        "DELETE FROM journal WHERE account_id = $1 AND execution_key = $2");

    private static readonly SqlText DeletePinsSql = new(
        "DELETE FROM object_pins WHERE account_id = $1 AND execution_key = $2");

    private static readonly SqlText DeletePinsOfSql = new("DELETE FROM object_pins WHERE account_id = $1");

    private static readonly SqlText DeleteOfSql = new("DELETE FROM executions WHERE account_id = $1");

    private static readonly SqlText DeleteJournalsOfSql = new("DELETE FROM journal WHERE account_id = $1");

    private readonly ExecutionAttributeRows attributes = new(session);

    public ExecutionRecord? Get(ExecutionId id)
    {
        using var rows = Bind(session.Prepare(GetSql), id);
        return rows.Read() ? Read(rows) : null;
    }

    public IReadOnlyList<ExecutionRecord> List(AccountId account, ExecutionFilter filter, int limit)
    {
        if (filter.Where is { Count: > 0 })
        {
            return attributes.List(account, filter, limit);
        }

        var isUnusual = filter.Status is not (null or ExecutionStatus.Succeeded);
        var statement = session.Prepare((filter.Machine, isUnusual) switch
        {
            (null, false) => ListSql,
            (null, true) => ListUnusualSql,
            (_, false) => ListOfMachineSql,
            _ => ListUnusualOfMachineSql,
        }).Bind(account.Value);
        if (filter.Machine is { } machine)
        {
            statement.Bind(machine);
        }

        using var rows = statement
            .Bind(filter.Status is { } status ? (long)status : -1)
            .Bind(filter.Before is { } before ? TimeColumn.FromTime(before) : long.MaxValue)
            .Bind(filter.BeforeKey ?? "")
            .Bind(limit);
        return rows.ReadAll(Read);
    }

    public long Count(AccountId account, string machine, ExecutionStatus status)
    {
        using var rows = session.Prepare(status == ExecutionStatus.Succeeded ? CountSql : CountUnusualSql)
            .Bind(account.Value).Bind(machine).Bind((long)status);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    public void Add(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt)
    {
        using var statement = Bind(session.Prepare(AddSql), record.Id)
            .Bind(record.Key)
            .Bind((long)activity)
            .Bind((long)record.Status)
            .Bind(TimeColumn.FromTime(record.StartedAt))
            .Bind(Number(record.StoppedAt))
            .Bind(Number(wakeAt))
            .BindDocument(ExecutionDocument.From(record), DocumentContext.Default.ExecutionDocument);
        statement.Run();
        if (record.Attributes.Count > 0)
        {
            attributes.Set(record);
        }
    }

    public void SetAttributes(ExecutionRecord record) => attributes.Set(record);

    public void Change(ExecutionRecord record, ExecutionActivity activity, DateTimeOffset? wakeAt)
    {
        using var statement = Bind(
            session.Prepare(ChangeSql)
                .Bind((long)activity)
                .Bind((long)record.Status)
                .Bind(Number(record.StoppedAt))
                .Bind(Number(wakeAt))
                .BindDocument(ExecutionDocument.From(record), DocumentContext.Default.ExecutionDocument),
            record.Id);
        statement.Run();
    }

    public void Wake(ExecutionId id, DateTimeOffset at)
    {
        using var statement = Bind(session.Prepare(WakeSql).Bind(TimeColumn.FromTime(at)), id);
        statement.Run();
    }

    public void WakeActive(DateTimeOffset at)
    {
        using var statement = session.Prepare(WakeActiveSql).Bind(TimeColumn.FromTime(at));
        statement.Run();
    }

    public IReadOnlyList<ExecutionRecord> Due(DateTimeOffset now, int limit)
    {
        using var rows = session.Prepare(DueSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return rows.ReadAll(Read);
    }

    public DateTimeOffset? NextDue()
    {
        using var rows = session.Prepare(NextDueSql);
        return rows.Read() ? TimeColumn.ToTime(rows.GetNumber(0)) : null;
    }

    public IReadOnlyList<ExecutionRecord> StoppedBefore(DateTimeOffset before, int limit)
    {
        using var rows = session.Prepare(StoppedBeforeSql).Bind(TimeColumn.FromTime(before)).Bind(limit);
        return rows.ReadAll(Read);
    }

    public void Delete(ExecutionRecord record)
    {
        using var journal = session.Prepare(DeleteJournalSql).Bind(record.Id.Account.Value).Bind(record.Key);
        journal.Run();
        attributes.Delete(record);
        using var pins = session.Prepare(DeletePinsSql).Bind(record.Id.Account.Value).Bind(record.Key);
        pins.Run();
        using var statement = Bind(session.Prepare(DeleteSql), record.Id);
        statement.Run();
    }

    public void DeleteOf(AccountId account)
    {
        session.Run(DeleteJournalsOfSql, account.Value);
        attributes.DeleteOf(account);
        session.Run(DeletePinsOfSql, account.Value);
        session.Run(DeleteOfSql, account.Value);
    }

    private static long Number(DateTimeOffset? time) => time is { } known ? TimeColumn.FromTime(known) : Never;

    private static ISqlStatement Bind(ISqlStatement statement, ExecutionId id) =>
        statement.Bind(id.Account.Value).Bind(id.Machine).Bind(id.Name);

    private static ExecutionRecord Read(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.ExecutionDocument).ToRecord();
}

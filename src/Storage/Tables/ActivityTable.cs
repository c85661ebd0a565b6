using Lambent.Kernel.Access;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class ActivityTable(ISqlSession session) : IActivityTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM activities WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListSql = new("""
        SELECT name, document, checksum FROM activities WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO activities (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM activities WHERE account_id = $1 AND name = $2");

    private static readonly SqlText AddTaskSql = new("""
        INSERT INTO activity_tasks (account_id, activity, at, machine, execution, task)
        VALUES ($1, $2, $3, $4, $5, $6)
        """);

    private static readonly SqlText TasksSql = new("""
        SELECT at, machine, execution, task FROM activity_tasks WHERE account_id = $1 AND activity = $2
        ORDER BY at, machine, execution, task LIMIT $3
        """);

    private static readonly SqlText CountTasksSql = new(
        "SELECT COUNT(*) FROM activity_tasks WHERE account_id = $1 AND activity = $2");

    private static readonly SqlText DeleteTaskSql = new("""
        DELETE FROM activity_tasks
        WHERE account_id = $1 AND activity = $2 AND at = $3 AND machine = $4 AND execution = $5 AND task = $6
        """);

    public Activity? Get(AccountId account, string name)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(name);
        return rows.Read()
            ? rows.GetDocument(0, DocumentContext.Default.ActivityDocument).ToActivity(account, name)
            : null;
    }

    public IReadOnlyList<Activity> List(AccountId account, string after, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(after).Bind(limit);
        return rows.ReadAll(row =>
            row.GetDocument(1, DocumentContext.Default.ActivityDocument).ToActivity(account, row.GetText(0)));
    }

    public void Put(Activity activity)
    {
        using var statement = session.Prepare(PutSql).Bind(activity.Account.Value).Bind(activity.Name)
            .BindDocument(ActivityDocument.From(activity), DocumentContext.Default.ActivityDocument);
        statement.Run();
    }

    public void Delete(AccountId account, string name)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(name);
        statement.Run();
    }

    public void AddTask(ActivityTask task)
    {
        using var statement = On(AddTaskSql, task);
        statement.Run();
    }

    public IReadOnlyList<ActivityTask> Tasks(AccountId account, string activity, int limit)
    {
        using var rows = session.Prepare(TasksSql).Bind(account.Value).Bind(activity).Bind(limit);
        return rows.ReadAll(row => new ActivityTask(
            activity,
            new ExecutionId(account, row.GetText(1), row.GetText(2)),
            row.GetNumber(3),
            TimeColumn.ToTime(row.GetNumber(0))));
    }

    public long CountTasks(AccountId account, string activity)
    {
        using var rows = session.Prepare(CountTasksSql).Bind(account.Value).Bind(activity);
        return rows.Read() ? rows.GetNumber(0) : 0;
    }

    public void DeleteTask(ActivityTask task)
    {
        using var statement = On(DeleteTaskSql, task);
        statement.Run();
    }

    private ISqlStatement On(SqlText sql, ActivityTask task) => session.Prepare(sql)
        .Bind(task.Execution.Account.Value)
        .Bind(task.Activity)
        .Bind(TimeColumn.FromTime(task.At))
        .Bind(task.Execution.Machine)
        .Bind(task.Execution.Name)
        .Bind(task.Number);
}

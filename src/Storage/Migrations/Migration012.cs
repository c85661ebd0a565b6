namespace Lambent.Storage.Migrations;

/// <summary>
/// Executions that run or went wrong are found without those that succeeded, which are nearly all: what does so is not
/// in these indexes.
/// </summary>
internal static class Migration012
{
    public static Migration UnusualExecutions { get; } = new(12, "executions that have not succeeded", dialect => $"""
        CREATE INDEX executions_by_status ON executions (account_id, machine, status, started_at, execution_key)
            WHERE status <> 1;
        CREATE INDEX executions_of_account_by_status ON executions (account_id, status, started_at, execution_key)
            WHERE status <> 1;
        """);
}

namespace Lambent.Storage.Migrations;

/// <summary>
/// State machines and their executions. A journal's rows lie under a key that is in order of time, so what is appended
/// lies together.
/// </summary>
internal static class Migration009
{
    public static Migration Workflows { get; } = new(9, "workflows", dialect => $"""
        CREATE TABLE state_machines (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE state_machine_revisions (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            revision {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name, revision)
        ){dialect.TableOptions};

        CREATE TABLE executions (
            account_id {dialect.Text} NOT NULL,
            machine {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            execution_key {dialect.Text} NOT NULL,
            activity {dialect.Number} NOT NULL,
            status {dialect.Number} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            stopped_at {dialect.Number},
            wake_at {dialect.Number},
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, machine, name)
        ){dialect.TableOptions};
        CREATE INDEX executions_by_start ON executions (account_id, machine, started_at, execution_key);
        CREATE INDEX executions_of_account_by_start ON executions (account_id, started_at, execution_key);
        CREATE INDEX executions_by_wake ON executions (wake_at) WHERE activity = 2 AND wake_at IS NOT NULL;
        CREATE INDEX executions_active ON executions (execution_key) WHERE activity = 1;
        CREATE INDEX executions_by_stop ON executions (stopped_at) WHERE stopped_at IS NOT NULL;

        CREATE TABLE journal (
            account_id {dialect.Text} NOT NULL,
            execution_key {dialect.Text} NOT NULL,
            first {dialect.Number} NOT NULL,
            last {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, execution_key, first)
        ){dialect.TableOptions};

        CREATE TABLE activities (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE activity_tasks (
            account_id {dialect.Text} NOT NULL,
            activity {dialect.Text} NOT NULL,
            at {dialect.Number} NOT NULL,
            machine {dialect.Text} NOT NULL,
            execution {dialect.Text} NOT NULL,
            task {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, activity, at, machine, execution, task)
        ){dialect.ClusteredOptions};
        """);
}

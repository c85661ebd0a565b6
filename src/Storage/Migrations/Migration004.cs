namespace Lambent.Storage.Migrations;

/// <summary>
/// Schedules. The index by time is outside the account's order: one loop takes what is due of all accounts.
/// </summary>
internal static class Migration004
{
    public static Migration Schedules { get; } = new(4, "schedules", dialect => $"""
        CREATE TABLE schedule_groups (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE schedules (
            account_id {dialect.Text} NOT NULL,
            group_name {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            enabled {dialect.Number} NOT NULL,
            due_at {dialect.Number},
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, group_name, name)
        ){dialect.TableOptions};
        CREATE INDEX schedules_by_time ON schedules (due_at) WHERE due_at IS NOT NULL;
        CREATE INDEX schedules_of_account_by_time ON schedules (account_id, due_at) WHERE due_at IS NOT NULL;

        CREATE TABLE missed_occurrences (
            account_id {dialect.Text} NOT NULL,
            group_name {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            first_at {dialect.Number} NOT NULL,
            last_at {dialect.Number} NOT NULL,
            count {dialect.Number} NOT NULL,
            reason {dialect.Text} NOT NULL,
            detail {dialect.Text},
            noted_at {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, group_name, name, first_at)
        ){dialect.ClusteredOptions};

        CREATE TABLE schedule_tokens (
            account_id {dialect.Text} NOT NULL,
            token {dialect.Text} NOT NULL,
            digest {dialect.Text} NOT NULL,
            answer {dialect.Text} NOT NULL,
            counts_until {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, token)
        ){dialect.ClusteredOptions};
        CREATE INDEX schedule_tokens_by_end ON schedule_tokens (counts_until);
        """);
}

namespace Lambent.Storage.Migrations;

/// <summary>
/// Queues. A message is two rows: what changes with each receive is small and ordered, and its content is written once.
/// Two indexes outside the account's order are for the server's own cleaning.
/// </summary>
internal static class Migration002
{
    public static Migration Queues { get; } = new(2, "queues", dialect => $"""
        CREATE TABLE queues (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE queue_counters (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            last_value {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane_number)
        ){dialect.ClusteredOptions};

        CREATE TABLE messages (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            sequence {dialect.Number} NOT NULL,
            visible_at {dialect.Number} NOT NULL,
            sent_at {dialect.Number} NOT NULL,
            retained_from {dialect.Number} NOT NULL,
            received_at {dialect.Number} NOT NULL,
            first_received_at {dialect.Number} NOT NULL,
            receive_count {dialect.Number} NOT NULL,
            group_id {dialect.Text} NOT NULL,
            PRIMARY KEY (account_id, lane_number, sequence)
        ){dialect.ClusteredOptions};
        CREATE INDEX messages_by_visibility
            ON messages (account_id, lane_number, visible_at, sequence, received_at, retained_from);
        CREATE INDEX messages_by_group ON messages (account_id, lane_number, group_id, sequence)
            WHERE group_id <> '';

        CREATE TABLE message_contents (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            sequence {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            body {dialect.Bytes} NOT NULL,
            body_checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane_number, sequence)
        ){dialect.TableOptions};

        CREATE TABLE message_groups (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            group_id {dialect.Text} NOT NULL,
            available_at {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane_number, group_id)
        ){dialect.ClusteredOptions};
        CREATE INDEX message_groups_by_time ON message_groups (account_id, lane_number, available_at, group_id);

        CREATE TABLE sent_messages (
            account_id {dialect.Text} NOT NULL,
            queue_number {dialect.Number} NOT NULL,
            key {dialect.Text} NOT NULL,
            message_id {dialect.Text} NOT NULL,
            sequence {dialect.Number} NOT NULL,
            counts_until {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, queue_number, key)
        ){dialect.ClusteredOptions};
        CREATE INDEX sent_messages_by_end ON sent_messages (counts_until);

        CREATE TABLE discarded_lanes (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane_number)
        ){dialect.ClusteredOptions};

        CREATE TABLE move_tasks (
            account_id {dialect.Text} NOT NULL,
            queue_name {dialect.Text} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            task_id {dialect.Text} NOT NULL,
            active {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, queue_name, started_at, task_id)
        ){dialect.TableOptions};
        CREATE INDEX move_tasks_active ON move_tasks (active) WHERE active = 1;
        """);
}

namespace Lambent.Storage.Migrations;

/// <summary>
/// Queues with priorities, and push queues. A priority of 0 is that of messages in queues without any, which the index
/// leaves out: they cost nothing. What is known of a message that is pushed is one row, from its first failure on.
/// </summary>
internal static class Migration007
{
    public static Migration QueueExtras { get; } = new(7, "queue priorities and push", dialect => $"""
        ALTER TABLE messages ADD COLUMN priority {dialect.Number} NOT NULL DEFAULT 0;
        CREATE INDEX messages_by_priority ON messages (account_id, lane_number, priority, visible_at, sequence)
            WHERE priority > 0;

        CREATE TABLE push_queues (
            account_id {dialect.Text} NOT NULL,
            queue_name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, queue_name)
        ){dialect.TableOptions};

        CREATE TABLE pushed_messages (
            account_id {dialect.Text} NOT NULL,
            lane_number {dialect.Number} NOT NULL,
            sequence {dialect.Number} NOT NULL,
            message_id {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane_number, sequence)
        ){dialect.TableOptions};
        CREATE INDEX pushed_messages_by_id ON pushed_messages (account_id, lane_number, message_id);
        """);
}

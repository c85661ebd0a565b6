namespace Lambent.Storage.Migrations;

/// <summary>
/// Events stand in lines by target, in a state, by rank; what is left of them when they ended; and leases. Events that
/// are there already are waiting ones: the first look at the clock makes them ready.
/// </summary>
internal static class Migration003
{
    public static Migration Delivery { get; } = new(3, "delivery", dialect => $"""
        ALTER TABLE events ADD COLUMN lane {dialect.Text} NOT NULL DEFAULT '';
        ALTER TABLE events ADD COLUMN state {dialect.Number} NOT NULL DEFAULT 0;
        ALTER TABLE events ADD COLUMN rank {dialect.Number} NOT NULL DEFAULT 0;
        UPDATE events SET lane = 'function/' || {dialect.JsonText("document", "function")}, rank = due_at;
        DROP INDEX events_by_due_time;
        CREATE INDEX events_ready ON events (account_id, lane, rank, event_id, due_at) WHERE state = 1;
        CREATE INDEX events_waiting ON events (due_at, account_id, lane) WHERE state = 0;
        CREATE INDEX events_dead ON events (due_at, account_id, lane) WHERE state = 2;

        CREATE TABLE event_results (
            event_id {dialect.Text} NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            kept_until {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            payload {dialect.Bytes} NOT NULL,
            payload_checksum {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX event_results_by_end ON event_results (kept_until);

        CREATE TABLE event_keys (
            account_id {dialect.Text} NOT NULL,
            lane {dialect.Text} NOT NULL,
            key {dialect.Text} NOT NULL,
            event_id {dialect.Text} NOT NULL,
            digest {dialect.Text} NOT NULL,
            expires_at {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, lane, key)
        ){dialect.ClusteredOptions};
        CREATE INDEX event_keys_by_end ON event_keys (expires_at);

        CREATE TABLE leases (
            name {dialect.Text} NOT NULL PRIMARY KEY,
            holder {dialect.Text} NOT NULL,
            epoch {dialect.Number} NOT NULL,
            expires_at {dialect.Number} NOT NULL
        ){dialect.ClusteredOptions};
        """);
}

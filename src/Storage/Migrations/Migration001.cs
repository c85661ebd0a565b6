namespace Lambent.Storage.Migrations;

/// <summary>
/// The first schema. Keys begin with the account, but for access keys, which are how an account is found, events
/// (see EventTable) and the server's own settings.
/// </summary>
internal static class Migration001
{
    public static Migration Tables { get; } = new(1, "tables", dialect => $"""
        CREATE TABLE accounts (
            account_id {dialect.Text} NOT NULL PRIMARY KEY,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL
        ){dialect.TableOptions};

        CREATE TABLE access_keys (
            access_key_id {dialect.Text} NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX access_keys_by_account ON access_keys (account_id, access_key_id);

        CREATE TABLE functions (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE function_versions (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            version {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name, version),
            FOREIGN KEY (account_id, name) REFERENCES functions (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE layer_versions (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            version {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name, version)
        ){dialect.TableOptions};

        CREATE TABLE layer_counters (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            last_version {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE events (
            event_id {dialect.Text} NOT NULL PRIMARY KEY,
            account_id {dialect.Text} NOT NULL,
            due_at {dialect.Number} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            payload {dialect.Bytes} NOT NULL,
            payload_checksum {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        CREATE INDEX events_by_due_time ON events (due_at, event_id);

        CREATE TABLE blobs (
            account_id {dialect.Text} NOT NULL,
            bucket {dialect.Text} NOT NULL,
            key {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, bucket, key)
        ){dialect.TableOptions};

        CREATE TABLE settings (
            name {dialect.Text} NOT NULL PRIMARY KEY,
            value {dialect.Bytes} NOT NULL,
            checksum {dialect.Number} NOT NULL
        ){dialect.TableOptions};
        """);
}

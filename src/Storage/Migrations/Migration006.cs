namespace Lambent.Storage.Migrations;

/// <summary>
/// Webhooks, and which deliveries already made an event. A token finds its webhook before it is known whose it is.
/// </summary>
internal static class Migration006
{
    public static Migration Webhooks { get; } = new(6, "webhooks", dialect => $"""
        CREATE TABLE webhooks (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            token {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};
        CREATE UNIQUE INDEX webhooks_by_token ON webhooks (token) WHERE token <> '';

        CREATE TABLE webhook_deliveries (
            token {dialect.Text} NOT NULL,
            delivery_id {dialect.Text} NOT NULL,
            event_id {dialect.Text} NOT NULL,
            counts_until {dialect.Number} NOT NULL,
            PRIMARY KEY (token, delivery_id)
        ){dialect.ClusteredOptions};
        CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (counts_until);
        """);
}

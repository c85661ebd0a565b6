namespace Lambent.Storage.Migrations;

/// <summary>Alerts, how they stand, and their changes of state in order.</summary>
internal static class Migration013
{
    public static Migration Alerts { get; } = new(13, "alerts", dialect => $"""
        CREATE TABLE alerts (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name)
        ){dialect.TableOptions};

        CREATE TABLE alert_changes (
            account_id {dialect.Text} NOT NULL,
            name {dialect.Text} NOT NULL,
            change_id {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, name, change_id)
        ){dialect.TableOptions};
        """);
}

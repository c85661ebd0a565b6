namespace Lambent.Storage.Migrations;

/// <summary>When functions were called before, which decides how long their environments are kept.</summary>
internal static class TelemetryMigration004
{
    public static Migration Demand { get; } = new(4, "demand histories", dialect => $"""
        CREATE TABLE demand_histories (
            account_id {dialect.Text} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            history {dialect.Bytes} NOT NULL,
            updated_at {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, function_name, version)
        ){dialect.TableOptions};
        """);
}

namespace Lambent.Storage.Migrations;

/// <summary>What the scale controllers decided, so that it can be explained after a restart.</summary>
internal static class TelemetryMigration005
{
    public static Migration Decisions { get; } = new(5, "scaling decisions", dialect => $"""
        CREATE TABLE scaling_decisions (
            account_id {dialect.Text} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            version {dialect.Text} NOT NULL,
            source_kind {dialect.Text} NOT NULL,
            source_name {dialect.Text} NOT NULL,
            number {dialect.Number} NOT NULL,
            decided_at {dialect.Number} NOT NULL,
            record {dialect.Bytes} NOT NULL,
            PRIMARY KEY (account_id, function_name, version, source_kind, source_name, number)
        ){dialect.TableOptions};
        CREATE INDEX scaling_decisions_by_time ON scaling_decisions (decided_at);
        CREATE INDEX scaling_decisions_by_source ON scaling_decisions (account_id, source_name);
        """);
}

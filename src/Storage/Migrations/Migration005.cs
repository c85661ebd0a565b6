namespace Lambent.Storage.Migrations;

/// <summary>Event source mappings: few, and looked at by what they connect.</summary>
internal static class Migration005
{
    public static Migration Mappings { get; } = new(5, "event source mappings", dialect => $"""
        CREATE TABLE event_source_mappings (
            account_id {dialect.Text} NOT NULL,
            mapping_id {dialect.Text} NOT NULL,
            queue_name {dialect.Text} NOT NULL,
            function_name {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, mapping_id)
        ){dialect.TableOptions};
        CREATE INDEX event_source_mappings_by_queue
            ON event_source_mappings (account_id, queue_name, mapping_id);
        CREATE INDEX event_source_mappings_by_function
            ON event_source_mappings (account_id, function_name, mapping_id);
        """);
}

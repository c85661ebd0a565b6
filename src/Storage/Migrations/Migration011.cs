namespace Lambent.Storage.Migrations;

/// <summary>
/// By which attributes executions are found. The key is in the order in which a list shows them, so that a page of
/// those with one value is a piece of it.
/// </summary>
internal static class Migration011
{
    public static Migration ExecutionAttributes { get; } = new(11, "execution attributes", dialect => $"""
        CREATE TABLE execution_attributes (
            account_id {dialect.Text} NOT NULL,
            attribute {dialect.Text} NOT NULL,
            value {dialect.Text} NOT NULL,
            started_at {dialect.Number} NOT NULL,
            execution_key {dialect.Text} NOT NULL,
            machine {dialect.Text} NOT NULL,
            execution {dialect.Text} NOT NULL,
            PRIMARY KEY (account_id, attribute, value, started_at, execution_key)
        ){dialect.ClusteredOptions};
        CREATE INDEX execution_attributes_of ON execution_attributes (account_id, execution_key);
        """);
}

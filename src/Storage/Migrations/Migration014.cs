namespace Lambent.Storage.Migrations;

/// <summary>Logins to the dashboard.</summary>
internal static class Migration014
{
    public static Migration BrowserSessions { get; } = new(14, "browser sessions", dialect => $"""
        CREATE TABLE browser_sessions (
            account_id {dialect.Text} NOT NULL,
            session_id {dialect.Text} NOT NULL,
            document {dialect.Text} NOT NULL,
            checksum {dialect.Number} NOT NULL,
            PRIMARY KEY (account_id, session_id)
        ){dialect.TableOptions};
        """);
}

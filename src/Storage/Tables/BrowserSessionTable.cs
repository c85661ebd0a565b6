using Lambent.Kernel.Access;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class BrowserSessionTable(ISqlSession session) : IBrowserSessionTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM browser_sessions WHERE account_id = $1 AND session_id = $2");

    private static readonly SqlText ListSql = new(
        "SELECT document, checksum FROM browser_sessions WHERE account_id = $1 ORDER BY session_id");

    private static readonly SqlText PutSql = new("""
        INSERT INTO browser_sessions (account_id, session_id, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, session_id) DO UPDATE
        SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM browser_sessions WHERE account_id = $1 AND session_id = $2");

    private static readonly SqlText DeleteOfSql = new("DELETE FROM browser_sessions WHERE account_id = $1");

    public BrowserSession? Get(AccountId account, string id)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(id);
        return rows.Read() ? ReadSession(rows) : null;
    }

    public IReadOnlyList<BrowserSession> List(AccountId account)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value);
        return rows.ReadAll(ReadSession);
    }

    public void Put(BrowserSession browser)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(browser.Account.Value)
            .Bind(browser.Id)
            .BindDocument(BrowserSessionDocument.From(browser), DocumentContext.Default.BrowserSessionDocument);
        statement.Run();
    }

    public void Delete(AccountId account, string id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(id);
        statement.Run();
    }

    public void DeleteOf(AccountId account) => session.Run(DeleteOfSql, account.Value);

    private static BrowserSession ReadSession(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.BrowserSessionDocument).ToSession();
}

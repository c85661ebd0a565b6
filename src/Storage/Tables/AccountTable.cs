using Lambent.Kernel.Access;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class AccountTable(ISqlSession session) : IAccountTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM accounts WHERE account_id = $1");

    private static readonly SqlText PutSql = new("""
        INSERT INTO accounts (account_id, document, checksum) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM accounts WHERE account_id = $1");

    private static readonly SqlText ListSql = new("SELECT document, checksum FROM accounts ORDER BY account_id");

    private static readonly SqlText HasFunctionsSql = new("SELECT 1 FROM functions WHERE account_id = $1 LIMIT 1");

    private static readonly SqlText GetKeySql = new(
        "SELECT document, checksum FROM access_keys WHERE access_key_id = $1");

    private static readonly SqlText PutKeySql = new("""
        INSERT INTO access_keys (access_key_id, account_id, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (access_key_id) DO UPDATE
        SET account_id = excluded.account_id, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteKeySql = new("DELETE FROM access_keys WHERE access_key_id = $1");

    private static readonly SqlText DeleteKeysSql = new("DELETE FROM access_keys WHERE account_id = $1");

    private static readonly SqlText ListKeysSql = new(
        "SELECT document, checksum FROM access_keys WHERE account_id = $1 ORDER BY access_key_id");

    public Account? Get(AccountId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Value);
        return rows.Read() ? ReadAccount(rows) : null;
    }

    public void Put(Account account)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(account.Id.Value)
            .BindDocument(AccountDocument.From(account), DocumentContext.Default.AccountDocument);
        statement.Run();
    }

    public void Delete(AccountId id)
    {
        using (var functions = session.Prepare(HasFunctionsSql).Bind(id.Value))
        {
            if (functions.Read())
            {
                throw new InvalidOperationException($"Account {id} still has functions; delete them before it.");
            }
        }

        session.Run(DeleteKeysSql, id.Value);
        session.Run(DeleteSql, id.Value);
    }

    public IReadOnlyList<Account> List()
    {
        using var rows = session.Prepare(ListSql);
        return rows.ReadAll(ReadAccount);
    }

    public AccessKey? GetKey(string accessKeyId)
    {
        using var rows = session.Prepare(GetKeySql).Bind(accessKeyId);
        return rows.Read() ? ReadKey(rows) : null;
    }

    public void PutKey(AccessKey key)
    {
        using var statement = session.Prepare(PutKeySql)
            .Bind(key.Id)
            .Bind(key.Account.Value)
            .BindDocument(AccessKeyDocument.From(key), DocumentContext.Default.AccessKeyDocument);
        statement.Run();
    }

    public void DeleteKey(string accessKeyId) => session.Run(DeleteKeySql, accessKeyId);

    public IReadOnlyList<AccessKey> ListKeys(AccountId account)
    {
        using var rows = session.Prepare(ListKeysSql).Bind(account.Value);
        return rows.ReadAll(ReadKey);
    }

    private static Account ReadAccount(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.AccountDocument).ToAccount();

    private static AccessKey ReadKey(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.AccessKeyDocument).ToKey();
}

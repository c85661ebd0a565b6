using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class BucketTable(ISqlSession session) : IBucketTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM buckets WHERE account_id = $1 AND name = $2");

    private static readonly SqlText PutSql = new("""
        INSERT INTO buckets (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM buckets WHERE account_id = $1 AND name = $2");

    private static readonly SqlText CountSql = new("SELECT count(*) FROM buckets WHERE account_id = $1");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM buckets WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    public Bucket? Get(AccountId account, string name)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(name);
        return rows.Read() ? ReadBucket(rows) : null;
    }

    public void Put(Bucket bucket)
    {
        using var statement = session.Prepare(PutSql).Bind(bucket.Account.Value).Bind(bucket.Name);
        statement.BindDocument(BucketDocument.From(bucket), DocumentContext.Default.BucketDocument).Run();
    }

    public void Delete(AccountId account, string name)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(name);
        statement.Run();
    }

    public int Count(AccountId account)
    {
        using var rows = session.Prepare(CountSql).Bind(account.Value);
        return rows.Read() ? (int)rows.GetNumber(0) : 0;
    }

    public IReadOnlyList<Bucket> List(AccountId account, string after, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(after).Bind(limit);
        return rows.ReadAll(ReadBucket);
    }

    private static Bucket ReadBucket(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.BucketDocument).ToBucket();
}

using Lambent.Kernel.Access;
using Lambent.Kernel.Packages;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class BlobTable(ISqlSession session) : IBlobTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM blobs WHERE account_id = $1 AND bucket = $2 AND key = $3");

    private static readonly SqlText BucketExistsSql = new(
        "SELECT 1 FROM blobs WHERE account_id = $1 AND bucket = $2 LIMIT 1");

    private static readonly SqlText PutSql = new("""
        INSERT INTO blobs (account_id, bucket, key, document, checksum) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, bucket, key) DO UPDATE
        SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM blobs WHERE account_id = $1 AND bucket = $2 AND key = $3");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM blobs
        WHERE account_id = $1 AND bucket = $2 AND key > $3 ORDER BY key LIMIT $4
        """);

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM blobs");

    public Blob? Get(AccountId account, string bucket, string key)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(bucket).Bind(key);
        return rows.Read() ? ReadBlob(rows) : null;
    }

    public bool BucketExists(AccountId account, string bucket)
    {
        using var rows = session.Prepare(BucketExistsSql).Bind(account.Value).Bind(bucket);
        return rows.Read();
    }

    public void Put(Blob blob)
    {
        using var statement = session.Prepare(PutSql).Bind(blob.Account.Value).Bind(blob.Bucket).Bind(blob.Key);
        statement.BindDocument(BlobDocument.From(blob), DocumentContext.Default.BlobDocument).Run();
    }

    public void Delete(AccountId account, string bucket, string key)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(bucket).Bind(key);
        statement.Run();
    }

    public IReadOnlyList<Blob> List(AccountId account, string bucket, string? afterKey, int limit)
    {
        using var rows = session.Prepare(ListSql)
            .Bind(account.Value).Bind(bucket).Bind(afterKey ?? "").Bind(limit);
        return rows.ReadAll(ReadBlob);
    }

    public IEnumerable<Blob> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadBlob);
    }

    private static Blob ReadBlob(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.BlobDocument).ToBlob();
}

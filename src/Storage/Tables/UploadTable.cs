using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>Uploads that are under way, and the parts of those and of the objects that they became.</summary>
internal sealed class UploadTable(ISqlSession session) : IUploadTable
{
    private static readonly SqlText GetSql = new("""
        SELECT document, checksum FROM uploads WHERE account_id = $1 AND bucket = $2 AND key = $3 AND upload = $4
        """);

    private static readonly SqlText PutSql = new("""
        INSERT INTO uploads (account_id, bucket, key, upload, begun_at, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM uploads WHERE account_id = $1 AND bucket = $2 AND key = $3 AND upload = $4");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM uploads
        WHERE account_id = $1 AND bucket = $2 AND key >= $3 AND (key > $4 OR (key = $4 AND upload > $5))
        ORDER BY key, upload LIMIT $6
        """);

    private static readonly SqlText StaleSql = new(
        "SELECT document, checksum FROM uploads WHERE begun_at < $1 ORDER BY begun_at LIMIT $2");

    private static readonly SqlText PutPartSql = new("""
        INSERT INTO object_parts (account_id, upload, number, digest, document, checksum)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, upload, number) DO UPDATE
        SET digest = excluded.digest, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText GetPartSql = new(
        "SELECT document, checksum FROM object_parts WHERE account_id = $1 AND upload = $2 AND number = $3");

    private static readonly SqlText PartsSql = new("""
        SELECT document, checksum FROM object_parts
        WHERE account_id = $1 AND upload = $2 AND number > $3 ORDER BY number LIMIT $4
        """);

    private static readonly SqlText DeletePartSql = new(
        "DELETE FROM object_parts WHERE account_id = $1 AND upload = $2 AND number = $3");

    private static readonly SqlText DeletePartsSql = new(
        "DELETE FROM object_parts WHERE account_id = $1 AND upload = $2");

    public Upload? Get(ObjectName name, string id)
    {
        using var rows = Bind(session.Prepare(GetSql), name, id);
        return rows.Read() ? ReadUpload(rows) : null;
    }

    public void Put(Upload upload)
    {
        using var statement = Bind(session.Prepare(PutSql), upload.Name, upload.Id)
            .Bind(TimeColumn.FromTime(upload.BegunAt));
        statement.BindDocument(UploadDocument.From(upload), DocumentContext.Default.UploadDocument).Run();
    }

    public void Delete(Upload upload)
    {
        using var statement = Bind(session.Prepare(DeleteSql), upload.Name, upload.Id);
        statement.Run();
    }

    public IReadOnlyList<Upload> List(
        AccountId account, string bucket, string prefix, string afterKey, string afterId, int limit)
    {
        using var rows = session.Prepare(ListSql)
            .Bind(account.Value).Bind(bucket).Bind(prefix).Bind(afterKey).Bind(afterId).Bind(limit);
        return rows.ReadAll(ReadUpload);
    }

    public IReadOnlyList<Upload> Stale(DateTimeOffset before, int limit)
    {
        using var rows = session.Prepare(StaleSql).Bind(TimeColumn.FromTime(before)).Bind(limit);
        return rows.ReadAll(ReadUpload);
    }

    public void PutPart(UploadPart part)
    {
        using var statement = session.Prepare(PutPartSql)
            .Bind(part.Account.Value).Bind(part.Upload).Bind(part.Number).Bind(part.Content.Digest);
        statement.BindDocument(UploadPartDocument.From(part), DocumentContext.Default.UploadPartDocument).Run();
    }

    public UploadPart? GetPart(AccountId account, string upload, int number)
    {
        using var rows = session.Prepare(GetPartSql).Bind(account.Value).Bind(upload).Bind(number);
        return rows.Read() ? ReadPart(rows) : null;
    }

    public IReadOnlyList<UploadPart> Parts(AccountId account, string upload, int after, int limit)
    {
        using var rows = session.Prepare(PartsSql).Bind(account.Value).Bind(upload).Bind(after).Bind(limit);
        return rows.ReadAll(ReadPart);
    }

    public void DeletePart(AccountId account, string upload, int number)
    {
        using var statement = session.Prepare(DeletePartSql).Bind(account.Value).Bind(upload).Bind(number);
        statement.Run();
    }

    public void DeleteParts(AccountId account, string upload)
    {
        using var statement = session.Prepare(DeletePartsSql).Bind(account.Value).Bind(upload);
        statement.Run();
    }

    private static ISqlStatement Bind(ISqlStatement statement, ObjectName name, string id) =>
        statement.Bind(name.Account.Value).Bind(name.Bucket).Bind(name.Key).Bind(id);

    private static Upload ReadUpload(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.UploadDocument).ToUpload();

    private static UploadPart ReadPart(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.UploadPartDocument).ToPart();
}

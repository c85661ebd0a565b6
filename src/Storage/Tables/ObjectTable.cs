using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

/// <summary>Objects by name, and who needs which content. Keys are in the order of their bytes.</summary>
internal sealed class ObjectTable(ISqlSession session) : IObjectTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM objects WHERE account_id = $1 AND bucket = $2 AND key = $3");

    private static readonly SqlText PutSql = new("""
        INSERT INTO objects (account_id, bucket, key, digest, document, checksum) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, bucket, key) DO UPDATE
        SET digest = excluded.digest, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM objects WHERE account_id = $1 AND bucket = $2 AND key = $3");

    private static readonly SqlText ListFromSql = new("""
        SELECT document, checksum FROM objects
        WHERE account_id = $1 AND bucket = $2 AND key >= $3 ORDER BY key LIMIT $4
        """);

    private static readonly SqlText ListBetweenSql = new("""
        SELECT document, checksum FROM objects
        WHERE account_id = $1 AND bucket = $2 AND key >= $3 AND key < $4 ORDER BY key LIMIT $5
        """);

    private static readonly SqlText ListAfterSql = new("""
        SELECT document, checksum FROM objects
        WHERE account_id = $1 AND bucket = $2 AND key > $3 ORDER BY key LIMIT $4
        """);

    private static readonly SqlText ListWithinSql = new("""
        SELECT document, checksum FROM objects
        WHERE account_id = $1 AND bucket = $2 AND key > $3 AND key < $4 ORDER BY key LIMIT $5
        """);

    private static readonly SqlText UsedSql = new("""
        SELECT 1 WHERE EXISTS (SELECT 1 FROM objects WHERE digest = $1)
        OR EXISTS (SELECT 1 FROM object_parts WHERE digest = $1)
        OR EXISTS (SELECT 1 FROM object_pins WHERE digest = $1)
        """);

    private static readonly SqlText PinSql = new("""
        INSERT INTO object_pins (account_id, execution_key, digest) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, execution_key, digest) DO NOTHING
        """);

    private static readonly SqlText UnpinSql = new(
        "DELETE FROM object_pins WHERE account_id = $1 AND execution_key = $2");

    public StoredObject? Get(ObjectName name)
    {
        using var rows = Bind(session.Prepare(GetSql), name);
        return rows.Read() ? ReadObject(rows) : null;
    }

    public void Put(StoredObject stored)
    {
        using var statement = Bind(session.Prepare(PutSql), stored.Name).Bind(stored.Content?.Digest);
        statement.BindDocument(ObjectDocument.From(stored), DocumentContext.Default.ObjectDocument).Run();
    }

    public void Delete(ObjectName name)
    {
        using var statement = Bind(session.Prepare(DeleteSql), name);
        statement.Run();
    }

    public IReadOnlyList<StoredObject> List(
        AccountId account, string bucket, string from, bool isAfter, string? before, int limit)
    {
        var sql = (isAfter, before) switch
        {
            (false, null) => ListFromSql,
            (false, _) => ListBetweenSql,
            (true, null) => ListAfterSql,
            _ => ListWithinSql,
        };
        var statement = session.Prepare(sql).Bind(account.Value).Bind(bucket).Bind(from);
        if (before is not null)
        {
            statement.Bind(before);
        }

        using var rows = statement.Bind(limit);
        return rows.ReadAll(ReadObject);
    }

    public bool IsContentUsed(string digest)
    {
        using var rows = session.Prepare(UsedSql).Bind(digest);
        return rows.Read();
    }

    public void Pin(AccountId account, string executionKey, string digest)
    {
        using var statement = session.Prepare(PinSql).Bind(account.Value).Bind(executionKey).Bind(digest);
        statement.Run();
    }

    public void Unpin(AccountId account, string executionKey)
    {
        using var statement = session.Prepare(UnpinSql).Bind(account.Value).Bind(executionKey);
        statement.Run();
    }

    private static ISqlStatement Bind(ISqlStatement statement, ObjectName name) =>
        statement.Bind(name.Account.Value).Bind(name.Bucket).Bind(name.Key);

    private static StoredObject ReadObject(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.ObjectDocument).ToObject();
}

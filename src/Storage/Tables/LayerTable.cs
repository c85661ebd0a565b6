using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class LayerTable(ISqlSession session) : ILayerTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM layer_versions WHERE account_id = $1 AND name = $2 AND version = $3");

    private static readonly SqlText PutSql = new("""
        INSERT INTO layer_versions (account_id, name, version, document, checksum) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, name, version) DO UPDATE
        SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new(
        "DELETE FROM layer_versions WHERE account_id = $1 AND name = $2 AND version = $3");

    private static readonly SqlText NextVersionSql = new("""
        INSERT INTO layer_counters (account_id, name, last_version) VALUES ($1, $2, 1)
        ON CONFLICT (account_id, name) DO UPDATE SET last_version = layer_counters.last_version + 1
        RETURNING last_version
        """);

    private static readonly SqlText ListVersionsSql = new("""
        SELECT document, checksum FROM layer_versions
        WHERE account_id = $1 AND name = $2 AND version < $3 ORDER BY version DESC LIMIT $4
        """);

    private static readonly SqlText ListNewestSql = new("""
        SELECT document, checksum FROM layer_versions AS layer
        WHERE account_id = $1 AND name > $2 AND version =
            (SELECT MAX(version) FROM layer_versions AS newest
             WHERE newest.account_id = layer.account_id AND newest.name = layer.name)
        ORDER BY name LIMIT $3
        """);

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM layer_versions");

    public LayerVersion? Get(AccountId account, string name, long version)
    {
        using var rows = session.Prepare(GetSql).Bind(account.Value).Bind(name).Bind(version);
        return rows.Read() ? ReadLayer(rows) : null;
    }

    public void Put(LayerVersion layer)
    {
        using var statement = session.Prepare(PutSql).Bind(layer.Account.Value).Bind(layer.Name).Bind(layer.Version);
        statement
            .BindDocument(LayerVersionDocument.From(layer), DocumentContext.Default.LayerVersionDocument)
            .Run();
    }

    public void Delete(AccountId account, string name, long version)
    {
        using var statement = session.Prepare(DeleteSql).Bind(account.Value).Bind(name).Bind(version);
        statement.Run();
    }

    public long NextVersion(AccountId account, string name)
    {
        using var rows = session.Prepare(NextVersionSql).Bind(account.Value).Bind(name);
        rows.Read();
        return rows.GetNumber(0);
    }

    public IReadOnlyList<LayerVersion> ListVersions(AccountId account, string name, long? beforeVersion, int limit)
    {
        using var rows = session.Prepare(ListVersionsSql)
            .Bind(account.Value).Bind(name).Bind(beforeVersion ?? long.MaxValue).Bind(limit);
        return rows.ReadAll(ReadLayer);
    }

    public IReadOnlyList<LayerVersion> ListNewest(AccountId account, string? afterName, int limit)
    {
        using var rows = session.Prepare(ListNewestSql).Bind(account.Value).Bind(afterName ?? "").Bind(limit);
        return rows.ReadAll(ReadLayer);
    }

    public IEnumerable<LayerVersion> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadLayer);
    }

    private static LayerVersion ReadLayer(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.LayerVersionDocument).ToLayer();
}

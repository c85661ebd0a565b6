using Lambent.Kernel.Access;
using Lambent.Kernel.Alerts;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class AlertTable(ISqlSession session) : IAlertTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM alerts WHERE account_id = $1 AND name = $2");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM alerts WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM alerts");

    private static readonly SqlText PutSql = new("""
        INSERT INTO alerts (account_id, name, document, checksum) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, name) DO UPDATE SET document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM alerts WHERE account_id = $1 AND name = $2");

    private static readonly SqlText DeleteChangesSql = new(
        "DELETE FROM alert_changes WHERE account_id = $1 AND name = $2");

    private static readonly SqlText AddSql = new("""
        INSERT INTO alert_changes (account_id, name, change_id, document, checksum) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, name, change_id) DO NOTHING
        """);

    private static readonly SqlText TrimSql = new("""
        DELETE FROM alert_changes WHERE account_id = $1 AND name = $2 AND change_id <= (
            SELECT change_id FROM alert_changes WHERE account_id = $1 AND name = $2
            ORDER BY change_id DESC LIMIT 1 OFFSET $3)
        """);

    private static readonly SqlText HistorySql = new("""
        SELECT document, checksum FROM alert_changes WHERE account_id = $1 AND name = $2 AND change_id < $3
        ORDER BY change_id DESC LIMIT $4
        """);

    public Alert? Get(AlertId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadAlert(rows) : null;
    }

    public IReadOnlyList<Alert> List(AccountId account, string? after, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(after ?? "").Bind(limit);
        return rows.ReadAll(ReadAlert);
    }

    public IReadOnlyList<Alert> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadAlert);
    }

    public void Put(Alert alert)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(alert.Rule.Id.Account.Value)
            .Bind(alert.Rule.Id.Name)
            .BindDocument(AlertDocument.From(alert), DocumentContext.Default.AlertDocument);
        statement.Run();
    }

    public void Delete(AlertId id)
    {
        foreach (var sql in (SqlText[])[DeleteSql, DeleteChangesSql])
        {
            using var statement = session.Prepare(sql).Bind(id.Account.Value).Bind(id.Name);
            statement.Run();
        }
    }

    public void Add(AlertId id, AlertChange change, int kept)
    {
        using (var statement = session.Prepare(AddSql)
            .Bind(id.Account.Value)
            .Bind(id.Name)
            .Bind(change.Id)
            .BindDocument(AlertChangeDocument.Of(change), DocumentContext.Default.AlertChangeDocument))
        {
            statement.Run();
        }

        using var trim = session.Prepare(TrimSql).Bind(id.Account.Value).Bind(id.Name).Bind(kept);
        trim.Run();
    }

    public IReadOnlyList<AlertChange> History(AlertId id, string? before, int limit)
    {
        // After every id there is.
        using var rows = session.Prepare(HistorySql)
            .Bind(id.Account.Value).Bind(id.Name).Bind(before ?? "~").Bind(limit);
        return rows.ReadAll(row => row.GetDocument(0, DocumentContext.Default.AlertChangeDocument).ToChange());
    }

    private static Alert ReadAlert(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.AlertDocument).ToAlert();
}

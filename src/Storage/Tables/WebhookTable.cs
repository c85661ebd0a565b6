using Lambent.Kernel.Access;
using Lambent.Kernel.Webhooks;
using Lambent.Storage.Documents;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Tables;

internal sealed class WebhookTable(ISqlSession session) : IWebhookTable
{
    private static readonly SqlText GetSql = new(
        "SELECT document, checksum FROM webhooks WHERE account_id = $1 AND name = $2");

    private static readonly SqlText FindSql = new(
        "SELECT document, checksum FROM webhooks WHERE token = $1 AND token <> ''");

    private static readonly SqlText ListSql = new("""
        SELECT document, checksum FROM webhooks WHERE account_id = $1 AND name > $2 ORDER BY name LIMIT $3
        """);

    private static readonly SqlText AllSql = new("SELECT document, checksum FROM webhooks");

    private static readonly SqlText PutSql = new("""
        INSERT INTO webhooks (account_id, name, token, document, checksum) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (account_id, name) DO UPDATE
        SET token = excluded.token, document = excluded.document, checksum = excluded.checksum
        """);

    private static readonly SqlText DeleteSql = new("DELETE FROM webhooks WHERE account_id = $1 AND name = $2");

    private static readonly SqlText FindDeliverySql = new("""
        SELECT event_id FROM webhook_deliveries WHERE token = $1 AND delivery_id = $2 AND counts_until > $3
        """);

    private static readonly SqlText PutDeliverySql = new("""
        INSERT INTO webhook_deliveries (token, delivery_id, event_id, counts_until) VALUES ($1, $2, $3, $4)
        ON CONFLICT (token, delivery_id) DO UPDATE
        SET event_id = excluded.event_id, counts_until = excluded.counts_until
        """);

    private static readonly SqlText ForgetDeliveriesSql = new("""
        DELETE FROM webhook_deliveries WHERE (token, delivery_id) IN (
            SELECT token, delivery_id FROM webhook_deliveries WHERE counts_until <= $1
            ORDER BY counts_until LIMIT $2)
        """);

    public Webhook? Get(WebhookId id)
    {
        using var rows = session.Prepare(GetSql).Bind(id.Account.Value).Bind(id.Name);
        return rows.Read() ? ReadWebhook(rows) : null;
    }

    public Webhook? FindByToken(string token)
    {
        using var rows = session.Prepare(FindSql).Bind(token);
        return rows.Read() ? ReadWebhook(rows) : null;
    }

    public IReadOnlyList<Webhook> List(AccountId account, string? afterName, int limit)
    {
        using var rows = session.Prepare(ListSql).Bind(account.Value).Bind(afterName ?? "").Bind(limit);
        return rows.ReadAll(ReadWebhook);
    }

    public IReadOnlyList<Webhook> All()
    {
        using var rows = session.Prepare(AllSql);
        return rows.ReadAll(ReadWebhook);
    }

    public void Put(Webhook webhook)
    {
        using var statement = session.Prepare(PutSql)
            .Bind(webhook.Id.Account.Value)
            .Bind(webhook.Id.Name)
            .Bind(webhook.Inbound?.Token ?? "")
            .BindDocument(WebhookDocument.From(webhook), DocumentContext.Default.WebhookDocument);
        statement.Run();
    }

    public void Delete(WebhookId id)
    {
        using var statement = session.Prepare(DeleteSql).Bind(id.Account.Value).Bind(id.Name);
        statement.Run();
    }

    public string? FindDelivery(string token, string deliveryId, DateTimeOffset now)
    {
        using var rows = session.Prepare(FindDeliverySql).Bind(token).Bind(deliveryId).Bind(TimeColumn.FromTime(now));
        return rows.Read() ? rows.GetText(0) : null;
    }

    public void PutDelivery(string token, string deliveryId, string eventId, DateTimeOffset until)
    {
        using var statement = session.Prepare(PutDeliverySql)
            .Bind(token).Bind(deliveryId).Bind(eventId).Bind(TimeColumn.FromTime(until));
        statement.Run();
    }

    public int ForgetDeliveries(DateTimeOffset now, int limit)
    {
        using var statement = session.Prepare(ForgetDeliveriesSql).Bind(TimeColumn.FromTime(now)).Bind(limit);
        return statement.Run();
    }

    private static Webhook ReadWebhook(ISqlStatement rows) =>
        rows.GetDocument(0, DocumentContext.Default.WebhookDocument).ToWebhook();
}

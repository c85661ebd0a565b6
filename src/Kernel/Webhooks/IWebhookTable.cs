using Lambent.Kernel.Access;

namespace Lambent.Kernel.Webhooks;

public interface IWebhookTable
{
    Webhook? Get(WebhookId id);

    /// <summary>The webhook whose address has this token, whoever owns it.</summary>
    Webhook? FindByToken(string token);

    /// <summary>Webhooks of an account in the order of their names, from after <paramref name="afterName"/>.</summary>
    IReadOnlyList<Webhook> List(AccountId account, string? afterName, int limit);

    /// <summary>Every webhook of every account, for the start.</summary>
    IReadOnlyList<Webhook> All();

    void Put(Webhook webhook);

    void Delete(WebhookId id);

    /// <summary>The id of the event that a delivery made, while that is remembered; else null.</summary>
    string? FindDelivery(string token, string deliveryId, DateTimeOffset now);

    void PutDelivery(string token, string deliveryId, string eventId, DateTimeOffset until);

    /// <summary>Forgets deliveries that no longer count.</summary>
    int ForgetDeliveries(DateTimeOffset now, int limit);
}

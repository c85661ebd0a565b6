using Lambent.Kernel.Access;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Tests.Memory;

/// <summary>No webhooks: they are tested on the real store. Accounts without any can be deleted.</summary>
internal sealed class NoWebhooks : IWebhookTable
{
    public Webhook? Get(WebhookId id) => null;

    public Webhook? FindByToken(string token) => null;

    public IReadOnlyList<Webhook> List(AccountId account, string? afterName, int limit) => [];

    public IReadOnlyList<Webhook> All() => [];

    public void Put(Webhook webhook) => throw None();

    public void Delete(WebhookId id) => throw None();

    public string? FindDelivery(string token, string deliveryId, DateTimeOffset now) => null;

    public void PutDelivery(string token, string deliveryId, string eventId, DateTimeOffset until) => throw None();

    public int ForgetDeliveries(DateTimeOffset now, int limit) => 0;

    private static NotSupportedException None() => new("Webhooks are tested on the real store.");
}

using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;

namespace Lambent.Server.Webhooks;

/// <summary>
/// The outbound webhooks of all accounts in memory: whether anybody wants to know of a change is asked for each event
/// that ends, and is nearly always answered with no.
/// </summary>
internal sealed class WebhookDirectory(IStore store)
{
    private readonly Lock changes = new();
    private ImmutableDictionary<AccountId, ImmutableDictionary<string, Webhook>> outbound =
        ImmutableDictionary<AccountId, ImmutableDictionary<string, Webhook>>.Empty;

    public void Load()
    {
        foreach (var account in store.Read(transaction => transaction.Webhooks.All()).GroupBy(one => one.Id.Account))
        {
            Replace(account.Key, account);
        }
    }

    /// <summary>
    /// After a change was committed. Reads what is there, so that the order of calls does not matter.
    /// </summary>
    public void Refresh(AccountId account)
    {
        lock (changes)
        {
            Replace(account, store.Read(transaction => transaction.Webhooks.List(account, null, int.MaxValue)));
        }
    }

    public Webhook? FindOutbound(WebhookId id) =>
        outbound.TryGetValue(id.Account, out var own) ? own.GetValueOrDefault(id.Name) : null;

    /// <summary>Those of an account that want to be told of a change.</summary>
    public IEnumerable<Webhook> Wanting(AccountId account, StateChange change) =>
        outbound.TryGetValue(account, out var own)
            ? own.Values.Where(webhook => webhook.Outbound!.Wants(change))
            : [];

    public IEnumerable<string> OutboundNames(AccountId account) =>
        outbound.TryGetValue(account, out var own) ? own.Keys : [];

    /// <summary>Whether an account has any at all.</summary>
    public bool HasAny(AccountId account) => outbound.ContainsKey(account);

    private void Replace(AccountId account, IEnumerable<Webhook> webhooks)
    {
        var own = webhooks.Where(webhook => webhook.Outbound is not null)
            .ToImmutableDictionary(webhook => webhook.Id.Name, StringComparer.Ordinal);
        outbound = own.IsEmpty ? outbound.Remove(account) : outbound.SetItem(account, own);
    }
}

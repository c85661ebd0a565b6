using System.Collections.Concurrent;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;
using Lambent.Protocol.Signing;

namespace Lambent.Server.Access;

/// <summary>A key that can sign, and who signs with it. Immutable but for the derived keys it keeps.</summary>
internal sealed class AccessKeyEntry(Principal principal, string secret)
{
    public Principal Principal { get; } = principal;

    public SigningKeyRing Keys { get; } = new(secret);

    public bool HasSecret(string other) => secret == other;
}

/// <summary>
/// Every access key in memory, so that verifying a request never reads the store. Brought up to date, account by
/// account, after each committed change.
/// </summary>
public sealed class AccessKeyDirectory
{
    private readonly IStore store;
    private readonly Lock refreshing = new();
    private readonly ConcurrentDictionary<string, AccessKeyEntry> entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AccessKeyEntry>.AlternateLookup<ReadOnlySpan<char>> lookup;

    public AccessKeyDirectory(IStore store)
    {
        this.store = store;
        lookup = entries.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Loads the keys of every account; called once before the first request.</summary>
    public void Load()
    {
        foreach (var account in store.Read(transaction => transaction.Accounts.List()))
        {
            Refresh(account.Id);
        }
    }

    /// <summary>
    /// Makes the committed keys of an account the ones in use. Changes of one account may come here in another order
    /// than they were committed in; each reads the newest state inside the lock, so the last one leaves it right.
    /// </summary>
    public void Refresh(AccountId account)
    {
        lock (refreshing)
        {
            var keys = store.Read(transaction => transaction.Accounts.ListKeys(account));
            foreach (var (id, entry) in entries)
            {
                if (entry.Principal.Account == account && keys.All(key => key.Id != id))
                {
                    entries.TryRemove(id, out _);
                }
            }

            foreach (var key in keys)
            {
                if (!entries.TryGetValue(key.Id, out var entry) || !entry.HasSecret(key.Secret))
                {
                    entries[key.Id] = new AccessKeyEntry(new Principal(account, key.Id), key.Secret);
                }
            }
        }
    }

    internal AccessKeyEntry? Find(ReadOnlySpan<char> accessKeyId) =>
        lookup.TryGetValue(accessKeyId, out var entry) ? entry : null;
}

using Lambent.Kernel;
using Lambent.Kernel.Access;

namespace Lambent.Server.Access;

/// <summary>A token that begins one session in a browser.</summary>
/// <param name="Token">The secret; shown this once.</param>
/// <param name="ExpiresAt">From then on it is worth nothing.</param>
public sealed record LoginToken(string Token, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the token, because records end up in logs.</summary>
    public override string ToString() => $"LoginToken until {ExpiresAt:O}";
}

/// <summary>
/// Login tokens that nobody has used yet, in memory alone: a restart voids them, and making another one costs a
/// command. Found by their hashes, so that the time a look-up takes tells nothing of a token.
/// </summary>
internal sealed class LoginTokens(TimeProvider time)
{
    private readonly Lock changing = new();
    private readonly Dictionary<string, Waiting> waiting = new(StringComparer.Ordinal);

    /// <summary>A new token; the account's oldest ones make room for it.</summary>
    public LoginToken Make(AccountId account, TimeSpan lifetime)
    {
        var secret = SessionSecret.New();
        var now = time.GetUtcNow();
        var token = new Waiting(account, now, now + lifetime);
        lock (changing)
        {
            Sweep(now);
            var own = waiting.Where(entry => entry.Value.Account == account).OrderBy(entry => entry.Value.MadeAt);
            var surplus = own.Count() - (Limits.LoginTokensPerAccountMax - 1);
            foreach (var (hash, _) in own.Take(surplus).ToList())
            {
                waiting.Remove(hash);
            }

            waiting.Add(SessionSecret.Hash(secret), token);
        }

        return new LoginToken(secret, token.ExpiresAt);
    }

    /// <summary>Takes a token, so that nobody takes it again; null when it is used, expired or unknown.</summary>
    public Taken? Take(string secret)
    {
        var hash = SessionSecret.Hash(secret);
        lock (changing)
        {
            return waiting.Remove(hash, out var token) && token.ExpiresAt > time.GetUtcNow()
                ? new Taken(hash, token)
                : null;
        }
    }

    /// <summary>Undoes a take of which nothing came, because the disk was full for example.</summary>
    public void PutBack(Taken taken)
    {
        lock (changing)
        {
            waiting.TryAdd(taken.Hash, taken.Token);
        }
    }

    public void Forget(AccountId account)
    {
        lock (changing)
        {
            foreach (var (hash, _) in waiting.Where(entry => entry.Value.Account == account).ToList())
            {
                waiting.Remove(hash);
            }
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (hash, _) in waiting.Where(entry => entry.Value.ExpiresAt <= now).ToList())
        {
            waiting.Remove(hash);
        }
    }

    internal sealed record Waiting(AccountId Account, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt);

    /// <summary>A token on its way to a session.</summary>
    internal sealed record Taken(string Hash, Waiting Token)
    {
        public AccountId Account => Token.Account;
    }
}

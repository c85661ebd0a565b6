using System.Collections.Concurrent;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Access;

/// <summary>A session that has just begun, with its secrets; the only time they are shown.</summary>
/// <param name="Session">What is kept of it.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Cookie">The value of the cookie.</param>
/// <param name="Proof">What the page sends besides.</param>
internal sealed record NewBrowserSession(BrowserSession Session, Account Account, string Cookie, string Proof)
{
    /// <summary>Without the secrets, because records end up in logs.</summary>
    public override string ToString() => $"NewBrowserSession {Session.Id}";
}

/// <summary>
/// Logins to the dashboard: begins, finds and ends them. All are in memory, so that verifying a request never reads
/// the store, and in the store, so that a restart logs nobody out.
/// </summary>
internal sealed class BrowserSessions(IStore store, BrowserSessionRules rules, TimeProvider time)
{
    /// <summary>Uses within this time after the last one that was written down are not written down.</summary>
    private static readonly TimeSpan UsePrecision = TimeSpan.FromMinutes(1);

    private static readonly Error Ended = new(
        ErrorCode.SessionEnded, "There is no such session, or it has ended: log in again with a new login token.");

    private readonly Lock refreshing = new();
    private readonly ConcurrentDictionary<(AccountId Account, string Id), BrowserSession> sessions = new();

    // By the cookie's hash: how long a look-up takes tells nothing of a cookie.
    private readonly ConcurrentDictionary<string, BrowserSession> byCookie = new(StringComparer.Ordinal);

    /// <summary>Loads the sessions of every account; called once before the first request.</summary>
    public void Load()
    {
        foreach (var account in store.Read(transaction => transaction.Accounts.List()))
        {
            Refresh(account.Id);
        }
    }

    /// <summary>Whether the session lives; what was made for it ends with it.</summary>
    public bool IsLive(AccountId account, string id) =>
        sessions.TryGetValue((account, id), out var session) && rules.IsLive(session, time.GetUtcNow());

    public DateTimeOffset EndOf(BrowserSession session) => rules.EndOf(session);

    /// <summary>
    /// Begins a session. Fails with LoginTokenInvalid when the account is gone.
    /// </summary>
    /// <param name="account">Whose it is.</param>
    /// <param name="userAgent">What the browser calls itself.</param>
    /// <param name="replacedCookie">
    /// The cookie that the browser had: its session, if there is one, ends. It is never taken over, because another
    /// may have put it there and know it.
    /// </param>
    /// <param name="cancellation">Stops the waiting.</param>
    public async Task<Result<NewBrowserSession>> BeginAsync(
        AccountId account, string? userAgent, string? replacedCookie, CancellationToken cancellation)
    {
        var (cookie, proof, now) = (SessionSecret.New(), SessionSecret.New(), time.GetUtcNow());
        var replaced = replacedCookie is null ? null : Find(replacedCookie);
        var session = new BrowserSession
        {
            Id = SessionSecret.NewId(),
            Account = account,
            CookieHash = SessionSecret.Hash(cookie),
            ProofHash = SessionSecret.Hash(proof),
            BegunAt = now,
            LastUsedAt = now,
            UserAgent = BrowserSessionRules.Clean(userAgent),
        };
        var result = await store.WriteAsync<NewBrowserSession>(
            transaction =>
            {
                if (transaction.Accounts.Get(account) is not { } owner)
                {
                    return new Error(ErrorCode.LoginTokenInvalid, $"There is no account {account} any more.");
                }

                if (replaced is not null)
                {
                    transaction.BrowserSessions.Delete(replaced.Account, replaced.Id);
                }

                foreach (var old in rules.MakeRoom(transaction.BrowserSessions.List(account), now))
                {
                    transaction.BrowserSessions.Delete(account, old.Id);
                }

                transaction.BrowserSessions.Put(session);
                return new NewBrowserSession(session, owner, cookie, proof);
            },
            cancellation);
        Refresh(account);
        if (replaced is not null && replaced.Account != account)
        {
            Refresh(replaced.Account);
        }

        return result;
    }

    /// <summary>The live session of a cookie and its proof, used now. Fails with SessionEnded.</summary>
    public async Task<Result<(BrowserSession Session, Account Account)>> UseAsync(
        string? cookie, string? proof, CancellationToken cancellation)
    {
        if (Find(cookie, proof) is not { } found)
        {
            return Ended;
        }

        var now = time.GetUtcNow();
        if (now - found.LastUsedAt < UsePrecision)
        {
            return store.Read(transaction => transaction.Accounts.Get(found.Account)) is { } known
                ? (found, known)
                : (Result<(BrowserSession, Account)>)Ended;
        }

        var result = await store.WriteAsync<(BrowserSession, Account)>(
            transaction =>
            {
                // It may have been ended meanwhile; writing it back would revive it.
                if (transaction.BrowserSessions.Get(found.Account, found.Id) is not { } session
                    || transaction.Accounts.Get(found.Account) is not { } account)
                {
                    return Ended;
                }

                var used = session with { LastUsedAt = now };
                transaction.BrowserSessions.Put(used);
                return (used, account);
            },
            cancellation);
        Refresh(found.Account);
        return result;
    }

    /// <summary>Ends the session of a cookie and its proof. Fails with SessionEnded.</summary>
    public async Task<Result<Done>> LogOutAsync(string? cookie, string? proof, CancellationToken cancellation) =>
        Find(cookie, proof) is { } session
            ? await EndAsync(session.Account, session.Id, cancellation)
            : Ended;

    /// <summary>Ends a session of an account. Fails with ResourceNotFound.</summary>
    public async Task<Result<Done>> EndAsync(AccountId account, string id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var result = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.BrowserSessions.Get(account, id) is not { } session || !rules.IsLive(session, now))
                {
                    return new Error(ErrorCode.ResourceNotFound, $"The account {account} has no session {id}.", "id");
                }

                transaction.BrowserSessions.Delete(account, id);
                return Done.Value;
            },
            cancellation);
        Refresh(account);
        return result;
    }

    /// <summary>Ends all sessions of an account.</summary>
    public async Task<Result<Done>> EndAllAsync(AccountId account, CancellationToken cancellation)
    {
        var result = await store.WriteAsync<Done>(
            transaction =>
            {
                transaction.BrowserSessions.DeleteOf(account);
                return Done.Value;
            },
            cancellation);
        Refresh(account);
        return result;
    }

    /// <summary>The live sessions of an account, the newest first.</summary>
    public IReadOnlyList<BrowserSession> List(AccountId account)
    {
        var now = time.GetUtcNow();
        return
        [
            .. store.Read(transaction => transaction.BrowserSessions.List(account))
                .Where(session => rules.IsLive(session, now))
                .OrderByDescending(session => session.BegunAt)
                .ThenBy(session => session.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// Makes the committed sessions of an account the ones in use. Changes may come here in another order than they
    /// were committed in; each reads the newest state inside the lock, so the last one leaves it right.
    /// </summary>
    public void Refresh(AccountId account)
    {
        lock (refreshing)
        {
            var current = store.Read(transaction => transaction.BrowserSessions.List(account));
            foreach (var (key, session) in sessions)
            {
                if (key.Account == account && current.All(other => other.Id != session.Id))
                {
                    sessions.TryRemove(key, out _);
                    byCookie.TryRemove(session.CookieHash, out _);
                }
            }

            foreach (var session in current)
            {
                sessions[(account, session.Id)] = session;
                byCookie[session.CookieHash] = session;
            }
        }
    }

    private BrowserSession? Find(string? cookie, string? proof) =>
        proof is { Length: <= SessionSecret.LengthMax }
        && Find(cookie) is { } session
        && SessionSecret.Matches(proof, session.ProofHash)
            ? session
            : null;

    private BrowserSession? Find(string? cookie) =>
        cookie is { Length: > 0 and <= SessionSecret.LengthMax }
        && byCookie.TryGetValue(SessionSecret.Hash(cookie), out var session)
        && rules.IsLive(session, time.GetUtcNow())
            ? session
            : null;
}

namespace Lambent.Kernel.Access;

/// <summary>Logins to the dashboard, <see cref="Limits.BrowserSessionsPerAccountMax"/> an account at most.</summary>
public interface IBrowserSessionTable
{
    BrowserSession? Get(AccountId account, string id);

    /// <summary>All of an account, those that have ended and were not removed yet among them.</summary>
    IReadOnlyList<BrowserSession> List(AccountId account);

    /// <summary>Inserts or replaces.</summary>
    void Put(BrowserSession session);

    void Delete(AccountId account, string id);

    void DeleteOf(AccountId account);
}

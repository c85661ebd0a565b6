using Lambent.Kernel.Access;

namespace Lambent.Server.Tests.Memory;

/// <summary>No logins to the dashboard: they are tested on the real store. Accounts have none.</summary>
internal sealed class NoBrowserSessions : IBrowserSessionTable
{
    public BrowserSession? Get(AccountId account, string id) => null;

    public IReadOnlyList<BrowserSession> List(AccountId account) => [];

    public void Put(BrowserSession session) =>
        throw new NotSupportedException("Browser sessions are tested on the real store.");

    public void Delete(AccountId account, string id)
    {
    }

    public void DeleteOf(AccountId account)
    {
    }
}

using Lambent.Kernel.Access;

namespace Lambent.Storage.Documents;

internal sealed class BrowserSessionDocument
{
    public required string Id { get; set; }

    public required string Account { get; set; }

    public required string CookieHash { get; set; }

    public required string ProofHash { get; set; }

    public required DateTimeOffset BegunAt { get; set; }

    public required DateTimeOffset LastUsedAt { get; set; }

    public string UserAgent { get; set; } = "";

    public static BrowserSessionDocument From(BrowserSession session) => new()
    {
        Id = session.Id,
        Account = session.Account.Value,
        CookieHash = session.CookieHash,
        ProofHash = session.ProofHash,
        BegunAt = session.BegunAt,
        LastUsedAt = session.LastUsedAt,
        UserAgent = session.UserAgent,
    };

    public BrowserSession ToSession() => new()
    {
        Id = Id,
        Account = AccountId.Parse(Account),
        CookieHash = CookieHash,
        ProofHash = ProofHash,
        BegunAt = BegunAt,
        LastUsedAt = LastUsedAt,
        UserAgent = UserAgent,
    };
}

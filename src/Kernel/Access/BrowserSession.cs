namespace Lambent.Kernel.Access;

/// <summary>
/// Somebody's login to the dashboard in one browser. Of its two secrets only the hashes are kept: whoever reads the
/// store cannot take a session over.
/// </summary>
public sealed record BrowserSession
{
    /// <summary>What people see and end it by; tells nothing of the secrets. 16 hexadecimal digits.</summary>
    public required string Id { get; init; }

    public required AccountId Account { get; init; }

    /// <summary>SHA-256 of the cookie's value, in hexadecimal digits.</summary>
    public required string CookieHash { get; init; }

    /// <summary>SHA-256 of the proof, which the page keeps apart from the cookie.</summary>
    public required string ProofHash { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>When it last asked for credentials, to the minute.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>What the browser called itself, for people; see <see cref="BrowserSessionRules.Clean"/>.</summary>
    public string UserAgent { get; init; } = "";
}

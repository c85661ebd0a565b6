namespace Lambent.Protocol.Signing;

/// <summary>What a client signs with.</summary>
/// <param name="AccessKeyId">AKIA… for a long-lived key, ASIA… for a session's.</param>
/// <param name="Secret">Never sent.</param>
/// <param name="SessionToken">Sent along with a session's key; null for a long-lived one.</param>
public sealed record SigningCredentials(string AccessKeyId, string Secret, string? SessionToken = null)
{
    /// <summary>Without the secret, because records end up in logs.</summary>
    public override string ToString() => $"SigningCredentials {AccessKeyId}";
}

namespace Lambent.Server.Access;

/// <summary>A function's temporary key, as its environment gets it in AWS_ACCESS_KEY_ID and the like.</summary>
/// <param name="AccessKeyId">20 characters starting with ASIA.</param>
/// <param name="Secret">40 characters.</param>
/// <param name="SessionToken">Goes with every request; says whose key it is.</param>
/// <param name="ExpiresAt">From then on requests fail with ExpiredTokenException.</param>
public sealed record SessionCredentials(
    string AccessKeyId, string Secret, string SessionToken, DateTimeOffset ExpiresAt)
{
    /// <summary>Without the secret and the token, because records end up in logs.</summary>
    public override string ToString() => $"SessionCredentials {AccessKeyId} until {ExpiresAt:O}";
}

using Lambent.Kernel;

namespace Lambent.Server.Access;

/// <summary>Finds the key a request was signed with: a long-lived one, or a session's with its token.</summary>
internal sealed class AccessKeySource(AccessKeyDirectory directory, SessionTokens sessions)
{
    /// <summary>Fails with AccessKeyUnknown, SessionTokenInvalid or SessionTokenExpired.</summary>
    public Result<AccessKeyEntry> Find(ReadOnlySpan<char> accessKeyId, string? securityToken)
    {
        if (securityToken is not null)
        {
            return sessions.Verify(accessKeyId, securityToken);
        }

        return directory.Find(accessKeyId) is { } entry ? entry : SignatureErrors.KeyUnknown;
    }
}

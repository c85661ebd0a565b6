using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Access;

/// <summary>Who makes a request, established by its signature.</summary>
/// <param name="Account">The account the caller acts in.</param>
/// <param name="AccessKeyId">The key that signed.</param>
/// <param name="Function">The function whose environment signed, or null for the account's own key.</param>
public sealed record Principal(AccountId Account, string AccessKeyId, FunctionId? Function = null)
{
    /// <summary>
    /// The dashboard's session that the key was made for, or null. It may do what a key of the account may, and goes
    /// by the same name, as with AWS's GetSessionToken.
    /// </summary>
    public string? BrowserSession { get; init; }

    /// <summary>What STS and resource policies call the caller.</summary>
    public string Arn => Function is { } function
        ? $"arn:aws:sts::{Account}:assumed-role/lambda/{function.Name}"
        : $"arn:aws:iam::{Account}:root";
}

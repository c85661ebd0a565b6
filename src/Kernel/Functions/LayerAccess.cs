using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions;

/// <summary>Who may use a layer version: its own account, and whom its policy names.</summary>
public static class LayerAccess
{
    public const string Action = "lambda:GetLayerVersion";

    public const string Everyone = "*";

    /// <param name="layer">The version, or null when there is none: then nobody may.</param>
    public static bool Allows(LayerVersion? layer, AccountId caller)
    {
        if (layer is null)
        {
            return false;
        }

        return layer.Account == caller
            || layer.Policy?.Statements.Any(statement => Names(statement.Principal, caller)) == true;
    }

    /// <summary>
    /// The answer to who may not, the same whether the layer version exists or not, because another account's names
    /// are not to be found out.
    /// </summary>
    public static Error Denied(string principalArn, string resourceArn, string action = Action) => new(
        ErrorCode.AccessDenied,
        $"User: {principalArn} is not authorized to perform: {action} on resource: {resourceArn} "
        + $"because no resource-based policy allows the {action} action");

    private static bool Names(string principal, AccountId caller) =>
        principal == Everyone
        || principal == caller.Value
        || (principal.StartsWith("arn:", StringComparison.Ordinal)
            && principal.EndsWith($":iam::{caller}:root", StringComparison.Ordinal));
}

using System.Collections.Immutable;
using System.Text;

namespace Lambent.Kernel.Access;

/// <summary>How long a policy becomes as the document that callers see.</summary>
public static class ResourcePolicySize
{
    /// <summary>The document's own members, and those of a statement, without the values.</summary>
    private const int DocumentBytes = 64;
    private const int StatementBytes = 128;

    public static bool Exceeds(ImmutableList<PolicyStatement> statements)
    {
        var bytes = DocumentBytes;
        foreach (var statement in statements)
        {
            bytes += StatementBytes;
            string?[] values =
            [
                statement.Id, statement.Action, statement.Principal, statement.Resource, statement.SourceArn,
                statement.SourceAccount, statement.PrincipalOrganizationId, statement.EventSourceToken,
                statement.FunctionUrlAuthType,
            ];
            bytes += values.Sum(value => value is null ? 0 : Encoding.UTF8.GetByteCount(value));
        }

        return bytes > Limits.PolicyBytesMax;
    }
}

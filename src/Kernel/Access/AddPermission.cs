using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Kernel.Access;

/// <summary>Lets somebody from outside the account use a function, an alias or a version.</summary>
public sealed record AddPermission
{
    /// <summary>What is granted; its resource is set here.</summary>
    public required PolicyStatement Statement { get; init; }

    /// <summary>An alias or version, or null for the function.</summary>
    public string? Qualifier { get; init; }

    /// <summary>The revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    public static Result<Function> Apply(Function? state, AddPermission command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        if (PolicyTarget.Find(state, command.Qualifier, context).Failed(out var target, out var missing))
        {
            return missing;
        }

        var policy = state.Policies.GetValueOrDefault(target.Key);
        if (command.RevisionId is { } revision && revision != (policy?.RevisionId ?? target.RevisionId))
        {
            return FunctionErrors.WrongRevision("GetPolicy");
        }

        var statements = policy?.Statements ?? [];
        if (statements.Exists(statement => statement.Id == command.Statement.Id))
        {
            return new Error(
                ErrorCode.ResourceConflict,
                $"The statement id ({command.Statement.Id}) provided already exists. "
                + "Please provide a new statement id, or remove the existing statement.",
                "StatementId");
        }

        if (!PermissionRules.IsPrincipal(command.Statement.Principal))
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "The provided principal was invalid. Please check the principal and try again.",
                "Principal");
        }

        var added = statements.Add(command.Statement with { Resource = target.Arn });
        if (ResourcePolicySize.Exceeds(added))
        {
            return new Error(
                ErrorCode.PolicyTooLong, $"The final policy size is bigger than the limit ({Limits.PolicyBytesMax}).");
        }

        var changed = new ResourcePolicy { Statements = added, RevisionId = context.NewRevisionId() };
        return state with { Policies = state.Policies.SetItem(target.Key, changed) };
    }
}

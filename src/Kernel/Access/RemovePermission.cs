using Lambent.Kernel.Functions;
using Lambent.Kernel.Functions.Commands;

namespace Lambent.Kernel.Access;

/// <summary>Takes back what <see cref="AddPermission"/> granted; with its last statement the policy goes too.</summary>
public sealed record RemovePermission
{
    public required string StatementId { get; init; }

    /// <summary>An alias or version, or null for the function.</summary>
    public string? Qualifier { get; init; }

    /// <summary>The policy's revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    public static Result<Function> Apply(Function? state, RemovePermission command, CommandContext context)
    {
        if (state is null)
        {
            return new Error(ErrorCode.ResourceNotFound, $"No policy found for: {context.Arn}");
        }

        if (PolicyTarget.Find(state, command.Qualifier, context).Failed(out var target, out var missing))
        {
            return missing;
        }

        if (state.Policies.GetValueOrDefault(target.Key) is not { } policy)
        {
            return new Error(ErrorCode.ResourceNotFound, "No policy is associated with the given resource.");
        }

        if (policy.Statements.Find(statement => statement.Id == command.StatementId) is not { } removed)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"Statement {command.StatementId} is not found in resource policy.",
                "StatementId");
        }

        if (command.RevisionId is { } revision && revision != policy.RevisionId)
        {
            return FunctionErrors.WrongRevision("GetPolicy");
        }

        var left = policy.Statements.Remove(removed);
        return state with
        {
            Policies = left.IsEmpty
                ? state.Policies.Remove(target.Key)
                : state.Policies.SetItem(
                    target.Key, policy with { Statements = left, RevisionId = context.NewRevisionId() }),
        };
    }
}

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Takes back what <see cref="AddLayerPermission"/> allowed.</summary>
public sealed record RemoveLayerPermission
{
    public required string StatementId { get; init; }

    /// <summary>The policy's revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    /// <param name="context">Its ARN is the layer version's.</param>
    public static Result<LayerVersion> Apply(
        LayerVersion? state, RemoveLayerPermission command, CommandContext context)
    {
        if (state is null)
        {
            return LayerErrors.VersionNotFound(context.Arn);
        }

        var statement = state.Policy?.Statements.Find(candidate => candidate.Id == command.StatementId);
        if (state.Policy is not { } policy || statement is null)
        {
            return new Error(
                ErrorCode.ResourceNotFound,
                $"Statement {command.StatementId} is not found in resource policy.",
                "StatementId");
        }

        if (command.RevisionId is { } revision && revision != policy.RevisionId)
        {
            return FunctionErrors.WrongRevision("GetLayerPolicy");
        }

        var left = policy.Statements.Remove(statement);
        return state with
        {
            Policy = left.IsEmpty
                ? null
                : policy with { Statements = left, RevisionId = context.NewRevisionId() },
        };
    }
}

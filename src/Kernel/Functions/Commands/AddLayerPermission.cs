using Lambent.Kernel.Access;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Allows another account, or every account, to use a layer version.</summary>
public sealed record AddLayerPermission
{
    public required string StatementId { get; init; }

    /// <summary>An account id, the ARN of an account's root, or *.</summary>
    public required string Principal { get; init; }

    /// <summary>The policy's revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    /// <param name="context">Its ARN is the layer version's.</param>
    public static Result<LayerVersion> Apply(LayerVersion? state, AddLayerPermission command, CommandContext context)
    {
        if (state is null)
        {
            return LayerErrors.VersionNotFound(context.Arn);
        }

        var statements = state.Policy?.Statements ?? [];
        if (statements.Exists(statement => statement.Id == command.StatementId))
        {
            return new Error(
                ErrorCode.ResourceConflict,
                $"The statement id ({command.StatementId}) provided already exists. "
                + "Please provide a new statement id, or remove the existing statement.",
                "StatementId");
        }

        if (command.RevisionId is { } revision && revision != state.Policy?.RevisionId)
        {
            return FunctionErrors.WrongRevision("GetLayerPolicy");
        }

        var added = statements.Add(new PolicyStatement
        {
            Id = command.StatementId,
            Action = LayerAccess.Action,
            Principal = command.Principal,
            Resource = context.Arn,
        });
        if (ResourcePolicySize.Exceeds(added))
        {
            return new Error(
                ErrorCode.PolicyTooLong, $"The final policy size is bigger than the limit ({Limits.PolicyBytesMax}).");
        }

        var policy = new ResourcePolicy { Statements = added, RevisionId = context.NewRevisionId() };
        return state with { Policy = policy };
    }
}

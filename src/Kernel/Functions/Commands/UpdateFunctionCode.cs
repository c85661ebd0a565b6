using Lambent.Kernel.Packages;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Gives $LATEST other code; calls use it once its activation is finished.</summary>
public sealed record UpdateFunctionCode
{
    public required PackageReference Code { get; init; }

    /// <summary>Null: as it is.</summary>
    public string? Architecture { get; init; }

    /// <summary>Whether the result is published at once.</summary>
    public bool Publish { get; init; }

    /// <summary>The revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    public static Result<Function> Apply(Function? state, UpdateFunctionCode command, CommandContext context)
    {
        if (Check(state, command.RevisionId, context) is { } refused)
        {
            return refused;
        }

        var latest = state!.Latest with
        {
            Code = command.Code,
            Architecture = command.Architecture ?? state.Latest.Architecture,
            LastModifiedAt = context.Now,
            RevisionId = context.NewRevisionId(),
        };
        var updated = FunctionStates.Updating(state, latest);
        return command.Publish ? PublishVersion.Append(updated, null, context) : updated;
    }

    /// <summary>Why $LATEST may not be changed, or null; the same for code and configuration.</summary>
    public static Error? Check(Function? state, string? revisionId, CommandContext context) => state switch
    {
        null => FunctionErrors.NotFound(context.Arn),
        _ when revisionId is not null && revisionId != state.Latest.RevisionId => FunctionErrors.WrongRevision(),
        _ => FunctionErrors.Busy(state.Latest, context.Arn),
    };
}

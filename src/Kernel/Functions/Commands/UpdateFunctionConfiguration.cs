namespace Lambent.Kernel.Functions.Commands;

/// <summary>Changes the configuration of $LATEST; calls use it once its activation is finished.</summary>
public sealed record UpdateFunctionConfiguration
{
    public required ConfigurationChange Configuration { get; init; }

    /// <summary>The revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    public static Result<Function> Apply(Function? state, UpdateFunctionConfiguration command, CommandContext context)
    {
        if (UpdateFunctionCode.Check(state, command.RevisionId, context) is { } refused)
        {
            return refused;
        }

        if (ConfigurationRules.CheckTogether(command.Configuration, state!.Latest) is { } contradiction)
        {
            return contradiction;
        }

        var latest = command.Configuration.ApplyTo(state.Latest) with
        {
            LastModifiedAt = context.Now,
            RevisionId = context.NewRevisionId(),
        };
        return FunctionStates.Updating(state, latest);
    }
}

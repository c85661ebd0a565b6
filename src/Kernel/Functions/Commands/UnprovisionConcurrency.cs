namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Lets the provisioned environments of a version or alias go, with all windows. What has none is no failure, so that
/// a caller can repeat itself.
/// </summary>
/// <param name="Qualifier">A version number or an alias.</param>
public sealed record UnprovisionConcurrency(string Qualifier)
{
    public static Result<Function> Apply(Function? state, UnprovisionConcurrency command, CommandContext context) =>
        ProvisionedRules.CheckTarget(state, command.Qualifier, context.Arn, applies: false) is { } misplaced
            ? misplaced
            : state! with { Provisioned = state.Provisioned.Remove(command.Qualifier) };
}

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Moves a name to another version, or changes its description or routing; null leaves as is.</summary>
public sealed record UpdateAlias
{
    public required string Name { get; init; }

    public string? FunctionVersion { get; init; }

    public string? Description { get; init; }

    public AliasRouting? Routing { get; init; }

    /// <summary>The revision the caller has seen, or null to change any.</summary>
    public string? RevisionId { get; init; }

    public static Result<Function> Apply(Function? state, UpdateAlias command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        if (!state.Aliases.TryGetValue(command.Name, out var current))
        {
            return new Error(ErrorCode.ResourceNotFound, $"Alias not found: {context.Arn}:{command.Name}", "Name");
        }

        if (command.RevisionId is { } revision && revision != current.RevisionId)
        {
            return FunctionErrors.WrongRevision();
        }

        var moved = current with
        {
            FunctionVersion = command.FunctionVersion ?? current.FunctionVersion,
            Description = command.Description ?? current.Description,
            RevisionId = context.NewRevisionId(),
        };
        if (AliasRules.Route(moved, command.Routing).Failed(out var alias, out var unroutable))
        {
            return unroutable;
        }

        if (AliasRules.CheckTargets(state, alias, context) is { } misplaced)
        {
            return misplaced;
        }

        var after = state with { Aliases = state.Aliases.SetItem(alias.Name, alias) };
        return ProvisionedRules.CheckMoved(after, alias) is { } refused ? refused : after;
    }
}

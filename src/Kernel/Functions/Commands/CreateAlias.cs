namespace Lambent.Kernel.Functions.Commands;

/// <summary>Gives a version a name.</summary>
public sealed record CreateAlias
{
    public required string Name { get; init; }

    public required string FunctionVersion { get; init; }

    public string Description { get; init; } = "";

    public AliasRouting? Routing { get; init; }

    public static Result<Function> Apply(Function? state, CreateAlias command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        if (state.Aliases.ContainsKey(command.Name))
        {
            return new Error(
                ErrorCode.ResourceConflict, $"Alias already exists: {context.Arn}:{command.Name}", "Name");
        }

        var bare = new Alias
        {
            Name = command.Name,
            FunctionVersion = command.FunctionVersion,
            Description = command.Description,
            RevisionId = context.NewRevisionId(),
        };
        if (AliasRules.Route(bare, command.Routing).Failed(out var alias, out var unroutable))
        {
            return unroutable;
        }

        return AliasRules.CheckTargets(state, alias, context) is { } misplaced
            ? misplaced
            : state with { Aliases = state.Aliases.Add(alias.Name, alias) };
    }
}

using System.Collections.Immutable;

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Gives one or two versions a name. The same again changes nothing and succeeds.</summary>
public sealed record CreateAlias(string Name, string? Description, ImmutableArray<AliasRoute> Routes)
{
    public static Result<(StateMachine Machine, StateMachineAlias Alias)> Apply(
        StateMachine? state, CreateAlias command, MachineContext context)
    {
        if (state is null)
        {
            return MachineErrors.ResourceNotFound(context.Arn);
        }

        if (state.IsDeleting)
        {
            return MachineErrors.Deleting(context.Arn);
        }

        if (AliasRouting.Check(state, command.Routes, context) is { } wrong)
        {
            return wrong;
        }

        if (state.Aliases.TryGetValue(command.Name, out var existing))
        {
            return existing.Routes.SequenceEqual(command.Routes) && existing.Description == command.Description
                ? (state, existing)
                : MachineErrors.Conflict(
                    "Failed to create alias because an alias with the same name and a different routing configuration "
                    + "already exists.");
        }

        if (state.Aliases.Count >= Limits.StateMachineAliasesMax)
        {
            return MachineErrors.Quota(
                "ServiceQuotaExceededException",
                $"'{context.Arn}' has {Limits.StateMachineAliasesMax} aliases, which is the most. Delete some.");
        }

        var alias = new StateMachineAlias(
            command.Name, command.Description, command.Routes, context.Now, context.Now);
        return (state with { Aliases = state.Aliases.Add(alias.Name, alias) }, alias);
    }
}

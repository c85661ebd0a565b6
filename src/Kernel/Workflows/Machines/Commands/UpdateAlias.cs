using System.Collections.Immutable;

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Changes what an alias says or leads to; what is null stays.</summary>
public sealed record UpdateAlias(string Name, string? Description, ImmutableArray<AliasRoute>? Routes)
{
    public static Result<StateMachine> Apply(StateMachine? state, UpdateAlias command, MachineContext context)
    {
        if (state is null || !state.Aliases.TryGetValue(command.Name, out var alias))
        {
            return MachineErrors.ResourceNotFound($"{context.Arn}:{command.Name}");
        }

        if (state.IsDeleting)
        {
            return MachineErrors.Deleting(context.Arn);
        }

        if (command.Routes is { } routes && AliasRouting.Check(state, routes, context) is { } wrong)
        {
            return wrong;
        }

        var changed = alias with
        {
            Description = command.Description ?? alias.Description,
            Routes = command.Routes ?? alias.Routes,
            UpdatedAt = context.Now,
        };
        return state with { Aliases = state.Aliases.SetItem(alias.Name, changed) };
    }
}

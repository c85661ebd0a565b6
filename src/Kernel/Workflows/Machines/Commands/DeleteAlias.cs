namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Forgets an alias; its versions stay.</summary>
public sealed record DeleteAlias(string Name)
{
    public static Result<StateMachine> Apply(StateMachine? state, DeleteAlias command, MachineContext context) =>
        state is null || !state.Aliases.ContainsKey(command.Name)
            ? MachineErrors.ResourceNotFound($"{context.Arn}:{command.Name}")
            : state with { Aliases = state.Aliases.Remove(command.Name) };
}

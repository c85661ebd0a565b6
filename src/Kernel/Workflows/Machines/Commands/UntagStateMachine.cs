namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Removes tags; keys that are not there do not matter.</summary>
public sealed record UntagStateMachine(IReadOnlyList<string> Keys)
{
    public static Result<StateMachine> Apply(StateMachine? state, UntagStateMachine command, MachineContext context) =>
        state is null
            ? MachineErrors.ResourceNotFound(context.Arn)
            : state with { Tags = state.Tags.RemoveRange(command.Keys) };
}

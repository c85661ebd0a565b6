namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Sets tags; those with other keys stay.</summary>
public sealed record TagStateMachine(IReadOnlyDictionary<string, string> Tags)
{
    public static Result<StateMachine> Apply(StateMachine? state, TagStateMachine command, MachineContext context) =>
        state is null
            ? MachineErrors.ResourceNotFound(context.Arn)
            : WorkflowTags.Merge(state.Tags, command.Tags, context.Arn).Select(tags => state with { Tags = tags });
}

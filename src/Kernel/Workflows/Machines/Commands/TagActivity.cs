namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Sets tags; those with other keys stay.</summary>
public sealed record TagActivity(IReadOnlyDictionary<string, string> Tags)
{
    public static Result<Activity> Apply(Activity? state, TagActivity command, string arn) =>
        state is null
            ? MachineErrors.ResourceNotFound(arn)
            : WorkflowTags.Merge(state.Tags, command.Tags, arn).Select(tags => state with { Tags = tags });
}

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Removes tags; keys that are not there do not matter.</summary>
public sealed record UntagActivity(IReadOnlyList<string> Keys)
{
    public static Result<Activity> Apply(Activity? state, UntagActivity command, string arn) =>
        state is null
            ? MachineErrors.ResourceNotFound(arn)
            : state with { Tags = state.Tags.RemoveRange(command.Keys) };
}

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Gives the current revision a number that always means it.</summary>
/// <param name="Revision">The revision that is to be published; null is whichever is current.</param>
/// <param name="Description">For people.</param>
public sealed record PublishVersion(string? Revision, string? Description)
{
    public static Result<MachineChange> Apply(StateMachine? state, PublishVersion command, MachineContext context)
    {
        if (state is null)
        {
            return MachineErrors.NotFound(context.Arn);
        }

        if (state.IsDeleting)
        {
            return MachineErrors.Deleting(context.Arn);
        }

        return command.Revision is { } wanted && wanted != state.Revision
            ? MachineErrors.Conflict(
                $"Failed to publish the State Machine version for revision {wanted}. "
                + $"The current State Machine revision is {state.Revision}.")
            : Add(state, command.Description, context);
    }

    /// <summary>A revision has one version at most: published again, it keeps its number and its description.</summary>
    internal static Result<MachineChange> Add(StateMachine state, string? description, MachineContext context)
    {
        if (state.Versions.Find(candidate => candidate.Revision == state.Revision) is { } published)
        {
            return new MachineChange(state, Version: published);
        }

        if (state.Versions.Count >= Limits.StateMachineVersionsMax)
        {
            return MachineErrors.Quota(
                "ServiceQuotaExceededException",
                $"'{context.Arn}' has {Limits.StateMachineVersionsMax} versions, which is the most. Delete some.");
        }

        var version = new StateMachineVersion(state.LastVersion + 1, state.Revision, description, context.Now);
        return new MachineChange(
            state with { LastVersion = version.Number, Versions = state.Versions.Add(version) }, Version: version);
    }
}

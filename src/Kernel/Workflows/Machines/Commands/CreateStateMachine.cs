using System.Collections.Immutable;

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>
/// Makes a state machine. Asked for a second time with the same definition, type and configuration it changes nothing
/// and succeeds.
/// </summary>
public sealed record CreateStateMachine
{
    public required string Definition { get; init; }

    public required string RoleArn { get; init; }

    public required StateMachineType Type { get; init; }

    public required MachineConfiguration Configuration { get; init; }

    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>Publish version 1.</summary>
    public bool Publish { get; init; }

    public string? VersionDescription { get; init; }

    public static Result<MachineChange> Apply(
        StateMachine? state, StateMachineRevision? current, CreateStateMachine command, MachineContext context)
    {
        if (state is { IsDeleting: true })
        {
            return MachineErrors.Deleting(context.Arn);
        }

        if (state is not null)
        {
            return Repeat(state, current, command, context);
        }

        if (WorkflowTags.Merge(NoTags, command.Tags, context.Arn).Failed(out var tags, out var tooMany))
        {
            return tooMany;
        }

        var revision = new StateMachineRevision(
            context.Id,
            context.NewRevision(),
            command.Definition,
            command.RoleArn,
            command.Configuration.Logging,
            command.Configuration.Tracing,
            command.Configuration.Encryption);
        var machine = new StateMachine
        {
            Id = context.Id,
            Type = command.Type,
            Revision = revision.Revision,
            CreatedAt = context.Now,
            UpdatedAt = context.Now,
            Tags = tags,
        };
        return command.Publish
            ? PublishVersion.Add(machine, command.VersionDescription, context)
                .Select(change => change with { Added = revision })
            : new MachineChange(machine, revision);
    }

    private static ImmutableSortedDictionary<string, string> NoTags =>
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>AWS compares all but the role and the tags.</summary>
    private static Result<MachineChange> Repeat(
        StateMachine state, StateMachineRevision? current, CreateStateMachine command, MachineContext context)
    {
        var version = state.Versions.Find(candidate => candidate.Revision == state.Revision);
        var isSame = current is not null && current.Definition == command.Definition && state.Type == command.Type
            && new MachineConfiguration(current.Logging, current.Tracing, current.Encryption) == command.Configuration
            && (!command.Publish || (version is not null && version.Description == command.VersionDescription));
        return isSame
            ? new MachineChange(state, Version: command.Publish ? version : null)
            : MachineErrors.AlreadyExists(context.Arn);
    }
}

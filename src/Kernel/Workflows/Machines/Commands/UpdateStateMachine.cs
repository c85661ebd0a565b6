namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Gives a machine a new revision. What is null stays; executions that run keep theirs.</summary>
public sealed record UpdateStateMachine
{
    public string? Definition { get; init; }

    public string? RoleArn { get; init; }

    public required MachineConfiguration Configuration { get; init; }

    public bool Publish { get; init; }

    public string? VersionDescription { get; init; }

    public static Result<MachineChange> Apply(
        StateMachine? state, StateMachineRevision? current, UpdateStateMachine command, MachineContext context)
    {
        if (state is null || current is null)
        {
            return MachineErrors.NotFound(context.Arn);
        }

        if (state.IsDeleting)
        {
            return MachineErrors.Deleting(context.Arn);
        }

        var changed = current with
        {
            Definition = command.Definition ?? current.Definition,
            RoleArn = command.RoleArn ?? current.RoleArn,
            Logging = command.Configuration.Logging ?? current.Logging,
            Tracing = command.Configuration.Tracing ?? current.Tracing,
            Encryption = command.Configuration.Encryption ?? current.Encryption,
        };
        StateMachineRevision? added = null;
        var machine = state with { UpdatedAt = context.Now };
        if (changed != current)
        {
            added = changed with { Revision = context.NewRevision() };
            machine = machine with { Revision = added.Revision };
        }

        return command.Publish
            ? PublishVersion.Add(machine, command.VersionDescription, context)
                .Select(change => change with { Added = added })
            : new MachineChange(machine, added);
    }
}

using System.Collections.Immutable;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;

namespace Lambent.Kernel.Mappings;

/// <summary>Connects a queue with a function.</summary>
/// <param name="Id">A UUID that no mapping has.</param>
/// <param name="Queue">Whose messages.</param>
/// <param name="Function">What is called.</param>
/// <param name="Qualifier">A version or an alias of it, or null.</param>
/// <param name="Change">Everything else.</param>
/// <param name="Tags">Its tags.</param>
public sealed record CreateMapping(
    string Id,
    QueueId Queue,
    FunctionId Function,
    string? Qualifier,
    MappingChange Change,
    ImmutableSortedDictionary<string, string> Tags)
{
    public static Result<EventSourceMapping> Apply(CreateMapping command, MappingSurroundings around)
    {
        var mapping = new EventSourceMapping
        {
            Account = command.Queue.Account,
            Id = command.Id,
            Queue = command.Queue,
            Function = command.Function,
            Qualifier = command.Qualifier,
            Settings = MappingRules.Apply(new MappingSettings(), command.Change),
            IsEnabled = command.Change.Enabled ?? true,
            State = MappingState.Creating,
            ModifiedAt = around.Now,
            Tags = command.Tags,
        };
        return (MappingRules.Check(mapping.Settings, command.Queue) ?? MappingRules.Check(mapping, around)) is { } wrong
            ? wrong
            : mapping;
    }
}

/// <summary>Changes a mapping; it takes effect on the batches that come after.</summary>
public static class UpdateMapping
{
    public static Result<EventSourceMapping> Apply(
        EventSourceMapping? mapping, MappingChange change, MappingSurroundings around)
    {
        if (mapping is null)
        {
            return MappingRules.NotFound;
        }

        if (mapping.State == MappingState.Deleting)
        {
            return DeleteMapping.InUse("update");
        }

        var isEnabled = change.Enabled ?? mapping.IsEnabled;
        var changed = mapping with
        {
            Function = change.Function ?? mapping.Function,
            Qualifier = change.Function is null ? mapping.Qualifier : change.Qualifier,
            Settings = MappingRules.Apply(mapping.Settings, change),
            IsEnabled = isEnabled,
            State = isEnabled == mapping.IsEnabled ? MappingState.Updating
                : isEnabled ? MappingState.Enabling
                : MappingState.Disabling,
            ModifiedAt = around.Now,
        };
        if (MappingRules.Check(changed.Settings, changed.Queue) is { } unfit)
        {
            return unfit;
        }

        // To pause a mapping must be possible when its queue or function is gone or has changed since.
        var isOnlyPause = change == new MappingChange { Enabled = false };
        return !isOnlyPause && MappingRules.Check(changed, around) is { } wrong ? wrong : changed;
    }
}

/// <summary>Ends a mapping: it takes no more messages, and is gone when the calls under way have ended.</summary>
public static class DeleteMapping
{
    public static Result<EventSourceMapping> Apply(EventSourceMapping? mapping, DateTimeOffset now) => mapping switch
    {
        null => MappingRules.NotFound,
        { State: MappingState.Deleting } => InUse("delete"),
        _ => mapping with { State = MappingState.Deleting, IsEnabled = false, ModifiedAt = now },
    };

    internal static Error InUse(string what) => new(
        ErrorCode.ResourceInUse, $"Cannot {what} the event source mapping because it is in use.", "UUID");
}

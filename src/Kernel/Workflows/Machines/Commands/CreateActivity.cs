using System.Collections.Immutable;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Workflows.Machines.Commands;

/// <summary>Makes an activity. One of the same name and encryption is the same: its tags stay as they are.</summary>
public sealed record CreateActivity(string Name, string? Encryption, IReadOnlyDictionary<string, string> Tags)
{
    public static Result<Activity> Apply(
        Activity? state, CreateActivity command, AccountId account, string arn, DateTimeOffset now)
    {
        if (state is not null)
        {
            return state.Encryption == command.Encryption
                ? state
                : new Error(ErrorCode.ActivityNameExists, $"Activity Already Exists: '{arn}'", "name");
        }

        var none = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
        return WorkflowTags.Merge(none, command.Tags, arn).Select(tags => new Activity
        {
            Account = account,
            Name = command.Name,
            CreatedAt = now,
            Encryption = command.Encryption,
            Tags = tags,
        });
    }
}

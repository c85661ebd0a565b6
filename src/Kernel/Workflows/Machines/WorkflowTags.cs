using System.Collections.Immutable;

namespace Lambent.Kernel.Workflows.Machines;

/// <summary>Tags of state machines and activities.</summary>
public static class WorkflowTags
{
    /// <summary>The tags after <paramref name="added"/> was set; those with other keys stay.</summary>
    public static Result<ImmutableSortedDictionary<string, string>> Merge(
        ImmutableSortedDictionary<string, string> current, IReadOnlyDictionary<string, string> added, string arn)
    {
        var merged = current.SetItems(added);
        return merged.Count > Limits.TagsMax
            ? MachineErrors.Quota("TooManyTags", $"Too many tags on '{arn}': at most {Limits.TagsMax} are allowed.")
            : merged;
    }
}

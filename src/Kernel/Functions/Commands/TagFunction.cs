namespace Lambent.Kernel.Functions.Commands;

/// <summary>Sets tags; those with other keys stay.</summary>
public sealed record TagFunction(IReadOnlyDictionary<string, string?> Tags)
{
    public static Result<Function> Apply(Function? state, TagFunction command, CommandContext context)
    {
        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        return FunctionTags.Merge(state.Tags, command.Tags).Select(tags => state with { Tags = tags });
    }
}

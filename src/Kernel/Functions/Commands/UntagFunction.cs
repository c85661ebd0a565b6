namespace Lambent.Kernel.Functions.Commands;

/// <summary>Removes tags; keys that are not there are no failure.</summary>
public sealed record UntagFunction(IReadOnlyCollection<string> Keys)
{
    public static Result<Function> Apply(Function? state, UntagFunction command, CommandContext context) =>
        state is null
            ? FunctionErrors.NotFound(context.Arn)
            : state with { Tags = state.Tags.RemoveRange(command.Keys) };
}

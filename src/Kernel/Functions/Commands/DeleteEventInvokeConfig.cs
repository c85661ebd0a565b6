namespace Lambent.Kernel.Functions.Commands;

/// <summary>Makes asynchronous calls be made as without a configuration.</summary>
/// <param name="Qualifier">A version number, an alias, or null.</param>
public sealed record DeleteEventInvokeConfig(string? Qualifier)
{
    public static Result<Function> Apply(Function? state, DeleteEventInvokeConfig command, CommandContext context)
    {
        var key = EventInvokeRules.Key(command.Qualifier);
        return state is null || !state.EventInvokeConfigs.ContainsKey(key)
            ? EventInvokeRules.NotFound(context.Arn, command.Qualifier)
            : state with { EventInvokeConfigs = state.EventInvokeConfigs.Remove(key) };
    }
}

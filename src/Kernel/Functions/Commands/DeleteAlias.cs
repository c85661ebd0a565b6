namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Removes a name, with what was granted to it and its address. An alias that is gone already is no failure.
/// </summary>
public sealed record DeleteAlias(string Name)
{
    public static Result<Function> Apply(Function? state, DeleteAlias command, CommandContext context) =>
        state is null
            ? FunctionErrors.NotFound(context.Arn)
            : state with
            {
                Aliases = state.Aliases.Remove(command.Name),
                Policies = state.Policies.Remove(command.Name),
                Urls = state.Urls.Remove(command.Name),
                Provisioned = state.Provisioned.Remove(command.Name),
                EventInvokeConfigs = state.EventInvokeConfigs.Remove(command.Name),
            };
}

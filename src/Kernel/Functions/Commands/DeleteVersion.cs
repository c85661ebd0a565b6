using System.Globalization;

namespace Lambent.Kernel.Functions.Commands;

/// <summary>
/// Deletes one published version, unless an alias points at it. A version that is gone already is no failure, so
/// that a caller can repeat itself.
/// </summary>
/// <param name="Qualifier">What the caller named: only a number is a version that can be deleted.</param>
public sealed record DeleteVersion(string Qualifier)
{
    public static Result<Function> Apply(Function? state, DeleteVersion command, CommandContext context)
    {
        var qualifier = command.Qualifier;
        if (qualifier == FunctionVersion.LatestName)
        {
            return FunctionErrors.InvalidParameter(
                "$LATEST version cannot be deleted without deleting the function.", "Qualifier");
        }

        if (!long.TryParse(qualifier, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return FunctionErrors.InvalidParameter("Deletion of aliases is not currently supported.", "Qualifier");
        }

        if (state is null)
        {
            return FunctionErrors.NotFound(context.Arn);
        }

        // 01 is not how version 1 is written; it names nothing.
        if (!state.Versions.TryGetValue(number, out var version) || version.Version != qualifier)
        {
            return state;
        }

        string[] users =
        [
            .. state.Aliases.Values
                .Where(alias => alias.FunctionVersion == qualifier || alias.AdditionalVersion == qualifier)
                .Select(alias => alias.Name),
        ];
        return users.Length > 0
            ? new Error(
                ErrorCode.ResourceConflict,
                "Unable to delete version because the following aliases reference it: "
                + $"[{string.Join(", ", users)}]",
                "Qualifier")
            : state with
            {
                Versions = state.Versions.Remove(number),
                Policies = state.Policies.Remove(qualifier),
                Provisioned = state.Provisioned.Remove(qualifier),
                EventInvokeConfigs = state.EventInvokeConfigs.Remove(qualifier),
            };
    }
}

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Changes an HTTP address; what is null stays as it is.</summary>
public sealed record UpdateFunctionUrl
{
    /// <summary>An alias, or null for the function.</summary>
    public string? Qualifier { get; init; }

    public FunctionUrlAuth? Auth { get; init; }

    public FunctionUrlInvokeMode? InvokeMode { get; init; }

    /// <summary>Replaces the whole policy; see <see cref="RemovesCrossOrigin"/> for none.</summary>
    public CrossOriginPolicy? CrossOrigin { get; init; }

    /// <summary>The policy goes; <see cref="CrossOrigin"/> is not looked at.</summary>
    public bool RemovesCrossOrigin { get; init; }

    public static Result<Function> Apply(Function? state, UpdateFunctionUrl command, CommandContext context)
    {
        var key = command.Qualifier ?? Function.Unqualified;
        if (state is null || !state.Urls.TryGetValue(key, out var url))
        {
            return FunctionUrlErrors.NotFound;
        }

        var changed = url with
        {
            Auth = command.Auth ?? url.Auth,
            InvokeMode = command.InvokeMode ?? url.InvokeMode,
            CrossOrigin = command.RemovesCrossOrigin ? null : command.CrossOrigin ?? url.CrossOrigin,
            LastModifiedAt = context.Now,
        };
        return state with { Urls = state.Urls.SetItem(key, changed) };
    }
}

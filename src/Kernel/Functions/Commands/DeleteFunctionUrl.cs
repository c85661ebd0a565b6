namespace Lambent.Kernel.Functions.Commands;

/// <summary>Takes an HTTP address away; calls to it fail from now on.</summary>
/// <param name="Qualifier">An alias, or null for the function.</param>
public sealed record DeleteFunctionUrl(string? Qualifier)
{
    public static Result<Function> Apply(Function? state, DeleteFunctionUrl command)
    {
        var key = command.Qualifier ?? Function.Unqualified;
        return state is not null && state.Urls.ContainsKey(key)
            ? state with { Urls = state.Urls.Remove(key) }
            : FunctionUrlErrors.NotFound;
    }
}

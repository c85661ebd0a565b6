namespace Lambent.Kernel.Functions.Commands;

/// <summary>Gives a function, or one of its aliases, an HTTP address.</summary>
public sealed record CreateFunctionUrl
{
    /// <summary>An alias, or null for the function.</summary>
    public string? Qualifier { get; init; }

    public required FunctionUrlAuth Auth { get; init; }

    public FunctionUrlInvokeMode InvokeMode { get; init; }

    public CrossOriginPolicy? CrossOrigin { get; init; }

    public static Result<Function> Apply(Function? state, CreateFunctionUrl command, CommandContext context)
    {
        var key = command.Qualifier ?? Function.Unqualified;
        if (state is null || (command.Qualifier is { } alias && !state.Aliases.ContainsKey(alias)))
        {
            return new Error(ErrorCode.FunctionNotFound, "Function does not exist");
        }

        if (state.Urls.ContainsKey(key))
        {
            var arn = command.Qualifier is null ? context.Arn : $"{context.Arn}:{command.Qualifier}";
            return new Error(
                ErrorCode.ResourceConflict,
                $"Failed to create function url config for [functionArn = {arn}]. "
                + "Error message:  FunctionUrlConfig exists for this Lambda function");
        }

        var url = new FunctionUrl
        {
            Auth = command.Auth,
            InvokeMode = command.InvokeMode,
            CrossOrigin = command.CrossOrigin,
            CreatedAt = context.Now,
            LastModifiedAt = context.Now,
        };
        return state with { Urls = state.Urls.Add(key, url) };
    }
}

namespace Lambent.Kernel.Functions.Commands;

/// <summary>Sets how asynchronous calls of a function, a version or an alias are made; replaces what was set.</summary>
public sealed record PutEventInvokeConfig
{
    /// <summary>A version number, an alias, or null.</summary>
    public string? Qualifier { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeSeconds { get; init; }

    /// <summary>An ARN; null or empty for none.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>An ARN; null or empty for none.</summary>
    public string? OnFailure { get; init; }

    /// <param name="checkDestinations">Says why its destinations cannot be used, or null.</param>
    public static Result<Function> Apply(
        Function? state,
        PutEventInvokeConfig command,
        CommandContext context,
        Func<EventInvokeConfig, Error?> checkDestinations)
    {
        if (state is null || !EventInvokeRules.Exists(state, command.Qualifier))
        {
            return EventInvokeRules.UnknownFunction;
        }

        var config = new EventInvokeConfig
        {
            MaximumRetryAttempts = command.MaximumRetryAttempts,
            MaximumEventAgeSeconds = command.MaximumEventAgeSeconds,
            OnSuccess = Present(command.OnSuccess),
            OnFailure = Present(command.OnFailure),
            LastModifiedAt = context.Now,
        };
        return checkDestinations(config) is { } refused
            ? refused
            : state with
            {
                EventInvokeConfigs = state.EventInvokeConfigs.SetItem(EventInvokeRules.Key(command.Qualifier), config),
            };
    }

    internal static string? Present(string? arn) => string.IsNullOrEmpty(arn) ? null : arn;
}

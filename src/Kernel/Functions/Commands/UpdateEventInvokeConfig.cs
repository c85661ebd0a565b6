namespace Lambent.Kernel.Functions.Commands;

/// <summary>Changes how asynchronous calls are made; what is null stays as it is.</summary>
public sealed record UpdateEventInvokeConfig
{
    /// <summary>A version number, an alias, or null.</summary>
    public string? Qualifier { get; init; }

    public int? MaximumRetryAttempts { get; init; }

    public int? MaximumEventAgeSeconds { get; init; }

    /// <summary>Whether both destinations are replaced by those given here.</summary>
    public bool SetsDestinations { get; init; }

    /// <summary>An ARN; null or empty for none.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>An ARN; null or empty for none.</summary>
    public string? OnFailure { get; init; }

    /// <param name="checkDestinations">Says why its destinations cannot be used, or null.</param>
    public static Result<Function> Apply(
        Function? state,
        UpdateEventInvokeConfig command,
        CommandContext context,
        Func<EventInvokeConfig, Error?> checkDestinations)
    {
        if (state is null || !EventInvokeRules.Exists(state, command.Qualifier))
        {
            return EventInvokeRules.UnknownFunction;
        }

        var key = EventInvokeRules.Key(command.Qualifier);
        if (!state.EventInvokeConfigs.TryGetValue(key, out var current))
        {
            return EventInvokeRules.NotFound(context.Arn, command.Qualifier);
        }

        var changed = current with
        {
            MaximumRetryAttempts = command.MaximumRetryAttempts ?? current.MaximumRetryAttempts,
            MaximumEventAgeSeconds = command.MaximumEventAgeSeconds ?? current.MaximumEventAgeSeconds,
            LastModifiedAt = context.Now,
        };
        if (!command.SetsDestinations)
        {
            // What was checked when it was set may be gone by now; that is no reason to refuse another retry count.
            return state with { EventInvokeConfigs = state.EventInvokeConfigs.SetItem(key, changed) };
        }

        changed = changed with
        {
            OnSuccess = PutEventInvokeConfig.Present(command.OnSuccess),
            OnFailure = PutEventInvokeConfig.Present(command.OnFailure),
        };
        return checkDestinations(changed) is { } refused
            ? refused
            : state with { EventInvokeConfigs = state.EventInvokeConfigs.SetItem(key, changed) };
    }
}

namespace Lambent.Kernel.Events;

/// <summary>What to do with an event after an attempt.</summary>
public enum DeliveryDecision
{
    /// <summary>It succeeded: the event is done.</summary>
    Done,

    /// <summary>Try again at the given time.</summary>
    Retry,

    /// <summary>No attempt is left.</summary>
    RetriesExhausted,

    /// <summary>It became too old before it succeeded.</summary>
    Expired,

    /// <summary>The function was deleted.</summary>
    TargetGone,
}

public enum AttemptResult
{
    Succeeded,
    FunctionFailed,

    /// <summary>The platform had no room (throttled, draining): counts as no attempt.</summary>
    Refused,
    FunctionGone,
}

/// <summary>
/// AWS Lambda's rules for asynchronous calls: a function error is retried twice, after one and two minutes; a
/// throttled event waits longer each time, up to five minutes, as long as it is younger than six hours.
/// </summary>
public static class EventDelivery
{
    private static readonly TimeSpan RefusedDelayFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RefusedDelayMax = TimeSpan.FromMinutes(5);

    public static (DeliveryDecision Decision, AsyncEvent Next) Decide(
        AsyncEvent attempted, AttemptResult result, DateTimeOffset now, double chance)
    {
        switch (result)
        {
            case AttemptResult.Succeeded:
                return (DeliveryDecision.Done, attempted);
            case AttemptResult.FunctionGone:
                return (DeliveryDecision.TargetGone, attempted);
            default:
                break;
        }

        if (now - attempted.AcceptedAt >= Limits.EventAgeMax)
        {
            return (DeliveryDecision.Expired, attempted);
        }

        if (result == AttemptResult.Refused)
        {
            var waited = now - attempted.AcceptedAt;
            var delay = waited < RefusedDelayFirst ? RefusedDelayFirst : waited;
            delay = delay > RefusedDelayMax ? RefusedDelayMax : delay;
            // Half fixed, half by chance: those refused together do not come back together.
            return (DeliveryDecision.Retry, attempted with { DueAt = now + (delay * (0.5 + (0.5 * chance))) });
        }

        var attempts = attempted.Attempts + 1;
        var counted = attempted with { Attempts = attempts };
        return attempts > Limits.EventRetriesDefault
            ? (DeliveryDecision.RetriesExhausted, counted)
            : (DeliveryDecision.Retry, counted with { DueAt = now + TimeSpan.FromMinutes(attempts) });
    }
}

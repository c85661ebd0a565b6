using Lambent.Kernel.Traces;

namespace Lambent.Kernel.Events;

public enum AttemptResult
{
    Succeeded,
    Failed,

    /// <summary>There was no room for it now (throttled, draining): counts as no attempt.</summary>
    Refused,

    /// <summary>The target is no more.</summary>
    Gone,

    /// <summary>The target's owner turned it off: reserved concurrency 0.</summary>
    Disabled,
}

/// <summary>What came of one attempt.</summary>
public sealed record AttemptReport(AttemptResult Result)
{
    public static readonly AttemptReport Gone = new(AttemptResult.Gone);
    public static readonly AttemptReport Disabled = new(AttemptResult.Disabled);
    public static readonly AttemptReport Refused = new(AttemptResult.Refused);

    /// <summary>The handler's result, or its error object.</summary>
    public ReadOnlyMemory<byte> Response { get; init; }

    /// <summary>What failed, in one line; null after a success.</summary>
    public string? Error { get; init; }

    /// <summary>The version that ran; null when none did.</summary>
    public string? ExecutedVersion { get; init; }

    /// <summary>What the target asks for; null: as the policy says.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The attempt's place in a trace, to which what follows from it belongs; or none.</summary>
    public TraceContext Trace { get; init; }
}

/// <summary>
/// What holds for the delivery of one event, put together of its own policy and its target's settings.
/// </summary>
public sealed record DeliverySettings
{
    /// <summary>Those of a function without any of its own, as AWS has them.</summary>
    public static readonly DeliverySettings Default = new();

    public int RetriesMax { get; init; } = Limits.EventRetriesDefault;

    public TimeSpan AgeMax { get; init; } = Limits.EventAgeMax;

    /// <summary>The first pause; it doubles. Null: a minute more each time.</summary>
    public TimeSpan? RetryDelay { get; init; }

    /// <summary>Where the record of a success goes.</summary>
    public DeliveryTarget? OnSuccess { get; init; }

    /// <summary>Where the record of a failure goes.</summary>
    public DeliveryTarget? OnFailure { get; init; }

    /// <summary>Where the event itself goes when it is given up.</summary>
    public DeliveryTarget? DeadLetterTarget { get; init; }

    /// <summary>Whether anything may go anywhere when the event ends.</summary>
    public bool HandsOn => OnSuccess is not null || OnFailure is not null || DeadLetterTarget is not null;

    /// <summary>These settings with what the event says itself.</summary>
    public DeliverySettings With(EventPolicy policy) => policy == EventPolicy.None ? this : this with
    {
        RetriesMax = policy.RetriesMax ?? RetriesMax,
        AgeMax = policy.AgeMax ?? AgeMax,
        RetryDelay = policy.RetryDelay ?? RetryDelay,
        DeadLetterTarget = policy.DeadLetterTarget ?? DeadLetterTarget,
    };
}

/// <summary>Either the event ended, or it is to be tried again.</summary>
/// <param name="End">Null: try again.</param>
/// <param name="Next">The event as it is after the attempt.</param>
public readonly record struct DeliveryDecision(EventEnd? End, AsyncEvent Next);

/// <summary>
/// AWS Lambda's rules for asynchronous calls: a function error is retried twice, after one and two minutes; a throttled
/// event is kept for as long as it is younger than six hours; each of them can be set.
/// </summary>
public static class EventDelivery
{
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromHours(1);

    /// <summary>What is to be done with an event before it is attempted; null: attempt it.</summary>
    public static EventEnd? BeforeAttempt(AsyncEvent candidate, DeliverySettings settings, DateTimeOffset now) =>
        candidate.IsCancelled ? EventEnd.Cancelled
        : IsTooOld(candidate, settings, now) ? EventEnd.Expired
        : null;

    /// <param name="attempted">As it was taken.</param>
    /// <param name="report">What came of it. Not <see cref="AttemptResult.Refused"/>: the line waits then.</param>
    /// <param name="settings">What holds for it.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">In [0, 1).</param>
    public static DeliveryDecision Decide(
        AsyncEvent attempted, AttemptReport report, DeliverySettings settings, DateTimeOffset now, double chance)
    {
        switch (report.Result)
        {
            case AttemptResult.Succeeded:
                return new(EventEnd.Succeeded, attempted with { Attempts = attempted.Attempts + 1 });
            case AttemptResult.Gone:
                return new(EventEnd.TargetGone, attempted with { LastError = report.Error });
            case AttemptResult.Disabled:
                return new(EventEnd.Disabled, attempted with { LastError = report.Error });
            default:
                break;
        }

        var counted = attempted with { Attempts = attempted.Attempts + 1, LastError = report.Error };
        if (attempted.IsCancelled)
        {
            return new(EventEnd.Cancelled, counted);
        }

        if (counted.Attempts > settings.RetriesMax)
        {
            return new(EventEnd.RetriesExhausted, counted);
        }

        var next = counted with { DueAt = now + Pause(counted.Attempts, report, settings, chance) };
        return IsTooOld(next, settings, next.DueAt) ? new(EventEnd.Expired, counted) : new(null, next);
    }

    /// <summary>
    /// Half fixed, half by chance where pauses double: those that failed together do not come back together.
    /// </summary>
    private static TimeSpan Pause(int attempts, AttemptReport report, DeliverySettings settings, double chance)
    {
        if (report.RetryAfter is { } asked)
        {
            return asked < RetryDelayMax ? asked : RetryDelayMax;
        }

        if (settings.RetryDelay is not { } first)
        {
            return TimeSpan.FromMinutes(attempts);
        }

        var doubled = first * Math.Pow(2, Math.Min(attempts - 1, 20));
        return (doubled < RetryDelayMax ? doubled : RetryDelayMax) * (0.5 + (0.5 * chance));
    }

    private static bool IsTooOld(AsyncEvent candidate, DeliverySettings settings, DateTimeOffset at) =>
        at - candidate.FirstDueAt >= settings.AgeMax;
}

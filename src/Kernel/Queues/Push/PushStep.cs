namespace Lambent.Kernel.Queues.Push;

/// <summary>What follows for a message of a push queue, as a function of what was written, what came and the time.
/// </summary>
/// <param name="Progress">What is to be written, unless the message is over.</param>
/// <param name="DueAt">When the message is looked at again; null: it is over.</param>
/// <param name="HasFailed">It is over, and a subscriber did not take it.</param>
public sealed record PushStep(PushProgress Progress, DateTimeOffset? DueAt, bool HasFailed)
{
    public bool IsOver => DueAt is null;

    /// <summary>
    /// Who is to be tried now: with multicast all of these at once, with unicast one after the other until one takes
    /// it.
    /// </summary>
    /// <param name="queue">The settings.</param>
    /// <param name="progress">What was written of the message.</param>
    /// <param name="sequence">The message's, by which unicast spreads messages over the subscribers.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<PushSubscriber> Candidates(
        PushQueue queue, PushProgress progress, long sequence, DateTimeOffset now)
    {
        var open = queue.Subscribers.Where(subscriber => !progress.Of(subscriber.Name).IsOver);
        if (queue.Mode == PushMode.Multicast)
        {
            return
            [
                .. open.Where(subscriber => progress.Of(subscriber.Name) is var one
                    && !(one.DueAt > now) && one.Tries <= queue.RetriesMax),
            ];
        }

        if (progress.Rounds > queue.RetriesMax || Accepted(queue, progress, now) is not null)
        {
            return [];
        }

        var first = (int)((sequence + progress.Rounds) % queue.Subscribers.Length);
        return [.. open.OrderBy(subscriber =>
            (queue.Subscribers.IndexOf(subscriber) - first + queue.Subscribers.Length) % queue.Subscribers.Length)];
    }

    /// <summary>After a round of attempts, which may be none when no attempt was left.</summary>
    public static PushStep Conclude(
        PushQueue queue, PushProgress progress, IReadOnlyList<PushAttempt> attempts, DateTimeOffset now)
    {
        var next = Known(queue, progress) with { Rounds = progress.Rounds + 1, Problem = null };
        foreach (var attempt in attempts)
        {
            next = With(next, attempt.Subscriber, Learn(queue, next, attempt, now));
        }

        foreach (var subscriber in queue.Subscribers)
        {
            next = With(next, subscriber.Name, GiveUp(queue, next, next.Of(subscriber.Name), now));
        }

        return Judge(queue, next, now);
    }

    /// <summary>A subscriber that had answered 202, or will have, says that it is done with a message.</summary>
    public static PushStep Acknowledge(
        PushQueue queue, PushProgress progress, string subscriber, DateTimeOffset now)
    {
        var known = Known(queue, progress);
        var acknowledged = known.Of(subscriber) with { State = PushState.Delivered, DueAt = null, Problem = null };
        return Judge(queue, With(known, subscriber, acknowledged), now);
    }

    /// <summary>No attempt is left, but nobody takes what failed: it is looked at again.</summary>
    public static PushStep Keep(PushQueue queue, PushStep over, string problem, DateTimeOffset now) =>
        new(over.Progress with { Problem = problem }, now + queue.PauseAfter(1, null), HasFailed: false);

    private static PushStep Judge(PushQueue queue, PushProgress next, DateTimeOffset now)
    {
        var all = queue.Subscribers.Select(subscriber => next.Of(subscriber.Name)).ToList();
        var isDelivered = queue.Mode == PushMode.Unicast && all.Exists(one => one.State == PushState.Delivered);
        if (isDelivered || all.TrueForAll(one => one.IsOver))
        {
            return new PushStep(
                next, null, HasFailed: !isDelivered && all.Exists(one => one.State == PushState.Failed));
        }

        var due = queue.Mode == PushMode.Unicast && Accepted(queue, next, now) is { } acknowledgedUntil
            ? acknowledgedUntil
            : all.Where(one => !one.IsOver).Min(one => one.DueAt ?? now);
        return new PushStep(next, due, HasFailed: false);
    }

    /// <summary>Until when an acknowledgement is waited for, or null when none is.</summary>
    private static DateTimeOffset? Accepted(PushQueue queue, PushProgress progress, DateTimeOffset now) =>
        queue.Subscribers.Select(subscriber => progress.Of(subscriber.Name))
            .FirstOrDefault(one => one.State == PushState.Accepted && one.DueAt > now)?.DueAt;

    private static SubscriberProgress Learn(
        PushQueue queue, PushProgress progress, PushAttempt attempt, DateTimeOffset now)
    {
        var before = progress.Of(attempt.Subscriber);
        if (before.State == PushState.Delivered)
        {
            // Its acknowledgement was quicker than its answer.
            return before;
        }

        var tried = before with
        {
            Tries = before.Tries + 1,
            StatusCode = attempt.StatusCode,
            Problem = attempt.Problem,
            LastTriedAt = now,
            DueAt = null,
        };
        if (attempt.Problem is null && !attempt.IsAccepted)
        {
            return tried with { State = PushState.Delivered };
        }

        if (attempt.IsGone)
        {
            return tried with { State = PushState.Failed };
        }

        // One that accepted has the time of the pause for its acknowledgement.
        var attempts = queue.Mode == PushMode.Unicast ? progress.Rounds : tried.Tries;
        return tried with
        {
            State = attempt.IsAccepted ? PushState.Accepted : PushState.Pending,
            DueAt = now + queue.PauseAfter(attempts, attempt.RetryAfter),
        };
    }

    /// <summary>
    /// The last attempt is waited for as long as for any other when it was accepted, and not at all when it failed.
    /// </summary>
    private static SubscriberProgress GiveUp(
        PushQueue queue, PushProgress progress, SubscriberProgress one, DateTimeOffset now)
    {
        var attempts = queue.Mode == PushMode.Unicast ? progress.Rounds : one.Tries;
        var isWaitedFor = one.State == PushState.Accepted && one.DueAt > now;
        return one.IsOver || isWaitedFor || attempts <= queue.RetriesMax
            ? one
            : one with
            {
                State = PushState.Failed,
                DueAt = null,
                Problem = one.Problem ?? "It was accepted and not acknowledged in time.",
            };
    }

    /// <summary>Without subscribers that are none any more.</summary>
    private static PushProgress Known(PushQueue queue, PushProgress progress) => progress with
    {
        Subscribers = progress.Subscribers.RemoveRange(progress.Subscribers.Keys.Where(
            name => !queue.Subscribers.Any(subscriber => subscriber.Name == name))),
    };

    private static PushProgress With(PushProgress progress, string name, SubscriberProgress one) =>
        progress with { Subscribers = progress.Subscribers.SetItem(name, one) };
}

namespace Lambent.Kernel.Queues;

/// <summary>What becomes of a visible message that somebody wants to receive.</summary>
public enum ReceiveDecision
{
    Deliver,

    /// <summary>It was received as often as the redrive policy lets it.</summary>
    DeadLetter,

    /// <summary>It is older than the queue keeps messages.</summary>
    Expire,
}

/// <summary>How the state of a message changes, as functions of the state and the time.</summary>
public static class MessageLifeCycle
{
    /// <param name="queue">The queue it is in.</param>
    /// <param name="state">A message that is visible.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasDeadLetterQueue">Whether the target of the redrive policy exists.</param>
    public static ReceiveDecision Decide(
        Queue queue, MessageState state, DateTimeOffset now, bool hasDeadLetterQueue)
    {
        if (state.RetainedFrom + queue.Settings.Retention <= now)
        {
            return ReceiveDecision.Expire;
        }

        return hasDeadLetterQueue && queue.Settings.Redrive is { } redrive
            && state.ReceiveCount >= redrive.MaxReceiveCount
            ? ReceiveDecision.DeadLetter
            : ReceiveDecision.Deliver;
    }

    public static MessageState Receive(MessageState state, DateTimeOffset now, TimeSpan visibility) => state with
    {
        VisibleAt = now + visibility,
        ReceivedAt = now,
        FirstReceivedAt = state.FirstReceivedAt ?? now,
        ReceiveCount = state.ReceiveCount + 1,
    };

    /// <summary>
    /// In another queue under another sequence. Its counters go with it; its retention starts again in FIFO queues.
    /// </summary>
    public static MessageState MoveToDeadLetters(MessageState state, long sequence, DateTimeOffset now) => state with
    {
        Sequence = sequence,
        VisibleAt = now,
        ReceivedAt = null,
        RetainedFrom = state.GroupId is null ? state.RetainedFrom : now,
    };

    /// <summary>Back from a dead-letter queue: a new message that nobody received yet.</summary>
    public static MessageState Redrive(MessageState state, long sequence, DateTimeOffset now) => new()
    {
        Sequence = sequence,
        VisibleAt = now,
        SentAt = now,
        RetainedFrom = now,
        GroupId = state.GroupId,
    };

    /// <summary>
    /// A message is in flight for twelve hours at most, however often its visibility is changed.
    /// </summary>
    public static Result<MessageState> ChangeVisibility(MessageState state, DateTimeOffset now, int seconds)
    {
        var visibleAt = now.AddSeconds(seconds);
        var latest = state.ReceivedAt?.AddSeconds(Limits.VisibilityTimeoutSecondsMax);
        return visibleAt > latest
            ? QueueErrors.Invalid(
                $"{seconds}",
                "VisibilityTimeout",
                "Total VisibilityTimeout for the message is beyond the limit "
                + $"[{Limits.VisibilityTimeoutSecondsMax} seconds]")
            : state with { VisibleAt = visibleAt };
    }

    /// <summary>
    /// When a group's next message can be received: its first message must be visible and none of it in flight, so that
    /// no message overtakes another.
    /// </summary>
    /// <param name="first">
    /// The first messages of the group in order, one more than can be in flight at once; those in flight come first.
    /// </param>
    /// <returns>Null for a group without messages.</returns>
    public static DateTimeOffset? GroupAvailableAt(IReadOnlyList<MessageState> first)
    {
        if (first.Count == 0)
        {
            return null;
        }

        var available = first[0].VisibleAt;
        foreach (var state in first)
        {
            available = state.ReceivedAt is not null && state.VisibleAt > available ? state.VisibleAt : available;
        }

        return available;
    }
}

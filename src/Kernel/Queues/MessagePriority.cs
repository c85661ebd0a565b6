using System.Globalization;
using Lambent.Kernel.Events;

namespace Lambent.Kernel.Queues;

/// <summary>
/// The priority of a message in a queue that has priorities. It is a message attribute, so that every client of SQS
/// can set it and receivers can see it.
/// </summary>
public static class MessagePriority
{
    /// <summary>A whole number from 0, which is what a message without it has, to 9, the most urgent.</summary>
    public const string AttributeName = "lambent.priority";

    /// <summary>Why a message with these attributes cannot be sent to the queue, or null.</summary>
    public static Error? Check(Queue queue, IReadOnlyDictionary<string, MessageAttribute> attributes)
    {
        if (attributes.Count == 0 || !attributes.TryGetValue(AttributeName, out var attribute))
        {
            return null;
        }

        if (!queue.HasPriorities)
        {
            return Invalid(queue.IsFifo
                ? "A FIFO queue keeps the order of its message groups: its messages have no priorities."
                : $"The queue {queue.Id.Name} has no priorities: they are chosen when a queue is made, with the tag "
                    + $"{QueueTags.Priority}=true.");
        }

        return Parse(attribute) is null
            ? Invalid($"The attribute {AttributeName} must be a whole number from 0 to {Limits.MessagePriorityMax}.")
            : null;
    }

    /// <summary>What a message with these attributes has in the queue; null in a queue without priorities.</summary>
    public static int? In(Queue queue, IReadOnlyDictionary<string, MessageAttribute> attributes) =>
        !queue.HasPriorities ? null
        : attributes.TryGetValue(AttributeName, out var attribute) ? Parse(attribute) ?? 0
        : 0;

    /// <summary>
    /// Puts visible messages into the order in which they are received: that of events, in which a step of priority is
    /// worth ten minutes of waiting, so that none waits for ever.
    /// </summary>
    /// <param name="visible">The first of each priority.</param>
    /// <param name="limit">At most so many.</param>
    public static IReadOnlyList<MessageState> First(IEnumerable<MessageState> visible, int limit) =>
    [
        .. visible.OrderBy(state => EventRank.Of(state.VisibleAt, state.Priority ?? 0))
            .ThenBy(state => state.Sequence)
            .Take(limit),
    ];

    private static int? Parse(MessageAttribute attribute) =>
        int.TryParse(attribute.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var priority)
        && priority <= Limits.MessagePriorityMax
            ? priority
            : null;

    private static Error Invalid(string message) =>
        QueueErrors.Invalid(AttributeName, "MessageAttributes", message);
}

namespace Lambent.Kernel.Queues;

/// <summary>Tags of queues that set what SQS has no attribute for, and the rules for all tags.</summary>
public static class QueueTags
{
    public const string Prefix = "lambent:";

    /// <summary>
    /// true or false: whether messages have priorities; default false. Chosen when the queue is made, because messages
    /// are put in order as they are sent.
    /// </summary>
    public const string Priority = "lambent:priority";

    /// <summary>
    /// What is wrong with tags that a queue is to have, or null. Tags with our prefix are settings: an unknown one is
    /// refused, because a misspelt setting would be silently without effect.
    /// </summary>
    public static Error? Check(QueueId id, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > Limits.TagsMax)
        {
            return Invalid($"Too many tags added for queue. Maximum allowed is {Limits.TagsMax}.");
        }

        foreach (var (key, value) in tags)
        {
            if (Wrong(id, key, value) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>The same for tags that a queue is to have instead of those that it has.</summary>
    public static Error? CheckChange(Queue queue, IReadOnlyDictionary<string, string> tags) =>
        Check(queue.Id, tags) ?? (HasPriorities(tags) == queue.HasPriorities
            ? null
            : Invalid($"Whether a queue has priorities is chosen when it is made: the tag {Priority} cannot change."));

    public static bool HasPriorities(IReadOnlyDictionary<string, string> tags) =>
        tags.Count > 0 && tags.TryGetValue(Priority, out var value) && value == "true";

    private static Error? Wrong(QueueId id, string key, string value)
    {
        if (key.Length is 0 or > Limits.TagKeyLengthMax || value.Length > Limits.TagValueLengthMax)
        {
            return Invalid(
                $"Tag keys have 1 to {Limits.TagKeyLengthMax} characters, tag values up to "
                + $"{Limits.TagValueLengthMax}.");
        }

        if (!key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (key != Priority)
        {
            return Invalid(
                $"The tag {key} is unknown. Tags that start with {Prefix} are settings: there is {Priority}.");
        }

        return value is not ("true" or "false") ? Invalid($"The tag {key} must be true or false, not '{value}'.")
            : value == "true" && id.IsFifo
                ? Invalid("A FIFO queue keeps the order of its message groups: it cannot have priorities.")
            : null;
    }

    private static Error Invalid(string message) => new(ErrorCode.InvalidParameter, message, "Tags");
}

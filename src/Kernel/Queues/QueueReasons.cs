using System.Globalization;

namespace Lambent.Kernel.Queues;

/// <summary>What takes messages out of a queue by itself: a mapping that calls a function, or a push.</summary>
/// <param name="Name">For people, such as "function ship" or "push".</param>
public sealed record QueueConsumer(string Name)
{
    /// <summary>Whether it is on.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Whether there is something to call.</summary>
    public bool HasTarget { get; init; } = true;

    /// <summary>Batches, or messages, under way.</summary>
    public int Running { get; init; }

    /// <summary>The most that may be under way; 0 when it may not work at all.</summary>
    public int Limit { get; init; }

    /// <summary>What set the limit, for people.</summary>
    public string LimitedBy { get; init; } = "its concurrency";

    /// <summary>Why the platform has no room for its calls now, or null.</summary>
    public string? RefusedBecause { get; init; }

    /// <summary>What was wrong with the last one, or null when it went well.</summary>
    public string? Problem { get; init; }
}

/// <summary>What is known of a queue at a moment.</summary>
public sealed record QueueFacts
{
    public required MessageCounts Counts { get; init; }

    public required bool IsFifo { get; init; }

    /// <summary>FIFO queues: whether a message group can be received from.</summary>
    public bool HasAvailableGroup { get; init; }

    public bool IsInFlightLimitReached { get; init; }

    /// <summary>When the next message that is hidden becomes visible, or null.</summary>
    public DateTimeOffset? NextVisibleAt { get; init; }

    /// <summary>Receives that wait for a message now.</summary>
    public int WaitingReceives { get; init; }

    /// <summary>When somebody last asked for messages; null: not since the server started.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    public IReadOnlyList<QueueConsumer> Consumers { get; init; } = [];

    /// <summary>Messages that not all subscribers took yet.</summary>
    public long PushedAgain { get; init; }

    public required DateTimeOffset Now { get; init; }
}

/// <summary>Why messages of a queue are where they are.</summary>
/// <param name="Code">One word for programs; never renamed.</param>
/// <param name="Text">A sentence for people.</param>
public sealed record QueueReason(string Code, string Text);

/// <summary>Says why messages of a queue wait, as a function of what is known.</summary>
public static class QueueReasons
{
    /// <summary>Who asked for messages within this time is taken to come back.</summary>
    public static readonly TimeSpan AskedLately = TimeSpan.FromMinutes(1);

    /// <summary>The most important first; at least one.</summary>
    public static IReadOnlyList<QueueReason> Of(QueueFacts facts)
    {
        var counts = facts.Counts;
        if (counts == default)
        {
            return [new QueueReason("empty", "There are no messages.")];
        }

        var reasons = counts.Visible > 0 ? OfVisible(facts) : [];
        var next = facts.NextVisibleAt is { } at
            ? $" The next becomes visible at {at.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture)}."
            : "";
        if (counts.Visible == 0 && counts.InFlight > 0)
        {
            reasons.Add(new QueueReason(
                "in-flight",
                $"{Messages(counts.InFlight)} hidden: received, and not deleted yet.{next}"));
        }

        if (facts.PushedAgain > 0)
        {
            reasons.Add(new QueueReason(
                "pushed-again",
                $"{Messages(facts.PushedAgain)} pushed again later, or waited for to be acknowledged: see "
                + "`lambent queue push messages`."));
        }

        if (counts.Delayed > 0)
        {
            reasons.Add(new QueueReason("delayed", $"{Messages(counts.Delayed)} put off by a delay.{next}"));
        }

        return reasons;
    }

    private static List<QueueReason> OfVisible(QueueFacts facts)
    {
        List<QueueReason> reasons = [];
        if (facts.IsInFlightLimitReached)
        {
            reasons.Add(new QueueReason(
                "in-flight-limit",
                $"{facts.Counts.InFlight} messages are in flight, as many as may be: delete some of them."));
        }

        if (facts.IsFifo && !facts.HasAvailableGroup)
        {
            reasons.Add(new QueueReason(
                "group-blocked",
                $"{Messages(facts.Counts.Visible)} behind others of the same message group that are in flight or "
                + "delayed."));
        }

        var isAskedFor = facts.WaitingReceives > 0 || facts.Now - facts.AskedAt < AskedLately;
        if (facts.Consumers.Count == 0 && !isAskedFor)
        {
            reasons.Add(new QueueReason(
                "no-consumer", "Nothing takes messages out of it: no function, no push, and nobody receives."));
        }

        reasons.AddRange(facts.Consumers.Select(OfConsumer).OfType<QueueReason>());
        return reasons.Count > 0
            ? reasons
            : [new QueueReason("worked-on", "Its messages are being taken: their turn comes.")];
    }

    private static QueueReason? OfConsumer(QueueConsumer consumer)
    {
        if (!consumer.IsEnabled)
        {
            return new QueueReason("consumer-paused", $"The {consumer.Name} is paused or disabled.");
        }

        if (!consumer.HasTarget)
        {
            return new QueueReason("target-missing", $"The {consumer.Name} does not exist, or is not ready.");
        }

        if (consumer.RefusedBecause is { } refusal)
        {
            return new QueueReason("throttled", $"There is no room to call the {consumer.Name}: {refusal}");
        }

        if (consumer.Limit == 0)
        {
            return new QueueReason("concurrency-zero", $"The {consumer.Name} may not be called: {consumer.LimitedBy}.");
        }

        if (consumer.Problem is { } problem)
        {
            return new QueueReason("failing", $"The last of the {consumer.Name} failed: {problem}");
        }

        return consumer.Running >= consumer.Limit
            ? new QueueReason(
                "concurrency-reached",
                $"{consumer.Running} of the {consumer.Name} are under way, as many as {consumer.LimitedBy} allows.")
            : null;
    }

    private static string Messages(long count) => count == 1 ? "1 message is" : $"{count} messages are";
}

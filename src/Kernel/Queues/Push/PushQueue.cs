using System.Collections.Immutable;
using Lambent.Kernel.Webhooks;

namespace Lambent.Kernel.Queues.Push;

/// <summary>Who of the subscribers gets a message.</summary>
public enum PushMode
{
    /// <summary>Each of them.</summary>
    Multicast,

    /// <summary>One of them: the first that takes it.</summary>
    Unicast,
}

/// <summary>What makes a queue a push queue: its messages are posted to addresses.</summary>
public sealed record PushQueue
{
    public required QueueId Id { get; init; }

    public PushMode Mode { get; init; }

    /// <summary>In the order in which they were written; names are unique.</summary>
    public required ImmutableArray<PushSubscriber> Subscribers { get; init; }

    /// <summary>Further attempts after the first.</summary>
    public int RetriesMax { get; init; } = Limits.PushRetriesDefault;

    /// <summary>The pause before the first further attempt; it doubles with each.</summary>
    public int RetryDelaySeconds { get; init; } = Limits.PushRetryDelaySecondsDefault;

    /// <summary>Messages under way at a time.</summary>
    public int ConcurrencyMax { get; init; } = Limits.PushConcurrencyDefault;

    /// <summary>The queue of the same account and kind that gets what subscribers did not take.</summary>
    public required string ErrorQueueName { get; init; }

    /// <summary>The newest first; all that have not ended sign.</summary>
    public required ImmutableArray<WebhookSecret> Secrets { get; init; }

    public bool IsEnabled { get; init; } = true;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }

    public QueueId ErrorQueue => new(Id.Account, ErrorQueueName);

    /// <summary>The secrets that count at this time, at least the newest.</summary>
    public IEnumerable<WebhookSecret> SecretsAt(DateTimeOffset now) =>
        Secrets.Where((secret, index) => index == 0 || secret.EndsAt is not { } end || now < end);

    /// <summary>
    /// How long messages are hidden while they are under way: longer than all attempts of a round can take.
    /// </summary>
    public TimeSpan RoundMax => (Limits.CallbackTimeout * (Mode == PushMode.Unicast ? Subscribers.Length : 1))
        + TimeSpan.FromSeconds(20);

    /// <summary>The pause after so many attempts that failed.</summary>
    /// <param name="attempts">1 or more.</param>
    /// <param name="asked">What the other side asked for, or null.</param>
    public TimeSpan PauseAfter(int attempts, TimeSpan? asked)
    {
        var pause = TimeSpan.FromSeconds(RetryDelaySeconds * Math.Pow(2, Math.Min(attempts - 1, 20)));
        pause = asked > pause ? asked.Value : pause;
        return pause > Limits.PushPauseMax ? Limits.PushPauseMax : pause;
    }
}

/// <summary>An address that gets messages.</summary>
/// <param name="Name">Unique in the queue.</param>
/// <param name="Url">Where to.</param>
/// <param name="Headers">Sent with each message, besides those that say what it is.</param>
public sealed record PushSubscriber(string Name, string Url, ImmutableSortedDictionary<string, string> Headers)
{
    public static ImmutableSortedDictionary<string, string> NoHeaders { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);
}

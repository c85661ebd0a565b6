using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Webhooks;

namespace Lambent.Storage.Documents;

internal sealed class PushQueueDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public PushMode Mode { get; set; }

    public PushSubscriberDocument[] Subscribers { get; set; } = [];

    public int RetriesMax { get; set; } = Limits.PushRetriesDefault;

    public int RetryDelaySeconds { get; set; } = Limits.PushRetryDelaySecondsDefault;

    public int ConcurrencyMax { get; set; } = Limits.PushConcurrencyDefault;

    public required string ErrorQueueName { get; set; }

    public WebhookSecretDocument[] Secrets { get; set; } = [];

    public bool IsEnabled { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public static PushQueueDocument From(PushQueue queue) => new()
    {
        Account = queue.Id.Account.Value,
        Name = queue.Id.Name,
        Mode = queue.Mode,
        Subscribers = [.. queue.Subscribers.Select(PushSubscriberDocument.From)],
        RetriesMax = queue.RetriesMax,
        RetryDelaySeconds = queue.RetryDelaySeconds,
        ConcurrencyMax = queue.ConcurrencyMax,
        ErrorQueueName = queue.ErrorQueueName,
        Secrets =
        [
            .. queue.Secrets.Select(secret => new WebhookSecretDocument
            {
                Text = secret.Text, CreatedAt = secret.CreatedAt, EndsAt = secret.EndsAt,
            }),
        ],
        IsEnabled = queue.IsEnabled,
        CreatedAt = queue.CreatedAt,
        ModifiedAt = queue.ModifiedAt,
    };

    public PushQueue ToQueue() => new()
    {
        Id = new QueueId(AccountId.Parse(Account), Name),
        Mode = Mode,
        Subscribers = [.. Subscribers.Select(subscriber => subscriber.ToSubscriber())],
        RetriesMax = RetriesMax,
        RetryDelaySeconds = RetryDelaySeconds,
        ConcurrencyMax = ConcurrencyMax,
        ErrorQueueName = ErrorQueueName,
        Secrets = [.. Secrets.Select(secret => new WebhookSecret(secret.Text, secret.CreatedAt, secret.EndsAt))],
        IsEnabled = IsEnabled,
        CreatedAt = CreatedAt,
        ModifiedAt = ModifiedAt,
    };
}

internal sealed class PushSubscriberDocument
{
    public required string Name { get; set; }

    public required string Url { get; set; }

    public Dictionary<string, string>? Headers { get; set; }

    public static PushSubscriberDocument From(PushSubscriber subscriber) => new()
    {
        Name = subscriber.Name,
        Url = subscriber.Url,
        Headers = subscriber.Headers.IsEmpty ? null : subscriber.Headers.ToDictionary(StringComparer.Ordinal),
    };

    public PushSubscriber ToSubscriber() => new(
        Name, Url, Headers is null ? PushSubscriber.NoHeaders : PushSubscriber.NoHeaders.SetItems(Headers));
}

internal sealed class PushProgressDocument
{
    public required string MessageId { get; set; }

    public int Rounds { get; set; }

    public string? Problem { get; set; }

    public Dictionary<string, SubscriberProgressDocument> Subscribers { get; set; } = [];

    public static PushProgressDocument From(PushProgress progress) => new()
    {
        MessageId = progress.MessageId,
        Rounds = progress.Rounds,
        Problem = progress.Problem,
        Subscribers = progress.Subscribers.ToDictionary(
            one => one.Key, one => SubscriberProgressDocument.From(one.Value), StringComparer.Ordinal),
    };

    public PushProgress ToProgress() => new()
    {
        MessageId = MessageId,
        Rounds = Rounds,
        Problem = Problem,
        Subscribers = Subscribers.ToImmutableSortedDictionary(
            one => one.Key, one => one.Value.ToProgress(), StringComparer.Ordinal),
    };
}

internal sealed class SubscriberProgressDocument
{
    public PushState State { get; set; }

    public int Tries { get; set; }

    public int? StatusCode { get; set; }

    public string? Problem { get; set; }

    public DateTimeOffset? LastTriedAt { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public static SubscriberProgressDocument From(SubscriberProgress progress) => new()
    {
        State = progress.State,
        Tries = progress.Tries,
        StatusCode = progress.StatusCode,
        Problem = progress.Problem,
        LastTriedAt = progress.LastTriedAt,
        DueAt = progress.DueAt,
    };

    public SubscriberProgress ToProgress() => new()
    {
        State = State,
        Tries = Tries,
        StatusCode = StatusCode,
        Problem = Problem,
        LastTriedAt = LastTriedAt,
        DueAt = DueAt,
    };
}

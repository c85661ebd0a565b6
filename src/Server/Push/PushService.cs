using System.Collections.Immutable;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Queues;
using Lambent.Server.Webhooks;

namespace Lambent.Server.Push;

/// <summary>What a push queue is to be; null: as it is, or as a new one.</summary>
internal sealed record PushDraft
{
    public required QueueId Id { get; init; }

    public PushMode? Mode { get; init; }

    public ImmutableArray<PushSubscriber>? Subscribers { get; init; }

    public int? RetriesMax { get; init; }

    public int? RetryDelaySeconds { get; init; }

    public int? ConcurrencyMax { get; init; }

    public string? ErrorQueueName { get; init; }

    /// <summary>A new one; the one before signs a day longer.</summary>
    public string? Secret { get; init; }
}

/// <summary>A push queue that was written, with the secret when it is a new one.</summary>
internal sealed record IssuedPush(PushQueue Push, string? Secret);

/// <summary>How far a message is, with what it is.</summary>
internal sealed record PushedMessage(
    PushProgress Progress, DateTimeOffset? SentAt, DateTimeOffset? NextLookAt, int ReceiveCount);

/// <summary>Push queues themselves: made, changed, looked at, and what subscribers say of messages.</summary>
internal sealed class PushService(
    IStore store, QueueSignals signals, OutboundGuard guard, string region, TimeProvider time)
{
    private static readonly TimeSpan SecretOverlap = TimeSpan.FromDays(1);

    /// <summary>Raised after a change was committed.</summary>
    public event Action<QueueId>? Changed;

    public PushQueue? Find(QueueId id) => store.Read(transaction => transaction.Push.Get(id));

    public IReadOnlyList<PushQueue> List(AccountId account) =>
        store.Read(transaction => transaction.Push.List(account));

    /// <summary>Makes a queue a push queue, or changes how it pushes.</summary>
    public async Task<Result<IssuedPush>> PutAsync(PushDraft draft, CancellationToken cancellation)
    {
        var fresh = StandardSignature.Secret(RandomNumberGenerator.GetBytes(StandardSignature.SecretBytes));
        var written = await store.WriteAsync<IssuedPush>(
            transaction =>
            {
                var before = transaction.Push.Get(draft.Id);
                var secret = draft.Secret ?? (before is null ? fresh : null);
                var push = Apply(draft, before, secret, time.GetUtcNow());
                if ((PushRules.Check(push) ?? CheckAddresses(push) ?? CheckQueues(transaction, push)) is { } wrong)
                {
                    return wrong;
                }

                transaction.Push.Put(push);
                return new IssuedPush(push, secret);
            },
            cancellation);
        Changed?.Invoke(draft.Id);
        return written;
    }

    /// <summary>Pushes no more, or does again. Messages wait meanwhile.</summary>
    public async Task<Result<PushQueue>> EnableAsync(QueueId id, bool isEnabled, CancellationToken cancellation)
    {
        var written = await store.WriteAsync<PushQueue>(
            transaction =>
            {
                if (transaction.Push.Get(id) is not { } push)
                {
                    return PushRules.NotFound(id.Name);
                }

                push = push with { IsEnabled = isEnabled, ModifiedAt = time.GetUtcNow() };
                transaction.Push.Put(push);
                return push;
            },
            cancellation);
        Changed?.Invoke(id);
        return written;
    }

    /// <summary>Makes it an ordinary queue again. Its messages stay.</summary>
    public async Task<Result<Done>> DeleteAsync(QueueId id, CancellationToken cancellation)
    {
        var deleted = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Push.Get(id) is null)
                {
                    return PushRules.NotFound(id.Name);
                }

                transaction.Push.Delete(id);
                return Done.Value;
            },
            cancellation);
        Changed?.Invoke(id);
        return deleted;
    }

    /// <summary>Messages that are tried again, or that wait for an acknowledgement, the oldest first.</summary>
    public Result<List<(long Sequence, PushedMessage Message)>> Messages(QueueId id, long after, int limit) =>
        store.Read<Result<List<(long, PushedMessage)>>>(transaction =>
        {
            if (transaction.Push.Get(id) is null || transaction.Queues.Get(id) is not { } queue)
            {
                return PushRules.NotFound(id.Name);
            }

            return transaction.Push.ListProgress(queue.Lane, after, limit)
                .Select(one => (one.Sequence, Describe(transaction, queue, one.Sequence, one.Progress)))
                .ToList();
        });

    public Result<PushedMessage> Message(QueueId id, string messageId) =>
        store.Read<Result<PushedMessage>>(transaction =>
            transaction.Push.Get(id) is null || transaction.Queues.Get(id) is not { } queue
                ? PushRules.NotFound(id.Name)
                : transaction.Push.FindProgress(queue.Lane, messageId) is { } found
                    ? Describe(transaction, queue, found.Sequence, found.Progress)
                    : PushRules.MessageNotFound);

    /// <summary>A subscriber is done with a message.</summary>
    public Task<Result<Done>> AcknowledgeAsync(PushedTo pushed, CancellationToken cancellation) => AcknowledgeAsync(
        pushed.Queue,
        pushed.Subscriber,
        (_, queue) => queue.LaneNumber == pushed.LaneNumber ? pushed.Sequence : null,
        cancellation);

    /// <summary>The same by the message's id, for a message that was tried.</summary>
    public Task<Result<Done>> AcknowledgeAsync(
        QueueId id, string messageId, string subscriber, CancellationToken cancellation) => AcknowledgeAsync(
            id,
            subscriber,
            (transaction, queue) => transaction.Push.FindProgress(queue.Lane, messageId)?.Sequence,
            cancellation);

    private async Task<Result<Done>> AcknowledgeAsync(
        QueueId id,
        string subscriber,
        Func<ITransaction, Queue, long?> find,
        CancellationToken cancellation)
    {
        QueueId? told = null;
        var written = await store.WriteAsync<Done>(
            transaction =>
            {
                told = null;
                if (transaction.Push.Get(id) is not { } push || transaction.Queues.Get(id) is not { } queue)
                {
                    return PushRules.NotFound(id.Name);
                }

                if (find(transaction, queue) is not { } sequence
                    || transaction.Messages.Find(queue.Lane, sequence) is not { } state
                    || !push.Subscribers.Any(one => one.Name == subscriber))
                {
                    return PushRules.MessageNotFound;
                }

                told = Acknowledge(transaction, push, queue, state, subscriber);
                return Done.Value;
            },
            cancellation);
        signals.Signal(id, 1);
        if (told is { } errorQueue)
        {
            signals.Signal(errorQueue, 1);
        }

        return written;
    }

    private QueueId? Acknowledge(
        ITransaction transaction, PushQueue push, Queue queue, MessageState state, string subscriber)
    {
        var now = time.GetUtcNow();
        var progress = transaction.Push.Progress(queue.Lane, state.Sequence)
            ?? new PushProgress { MessageId = transaction.Messages.Content(queue.Lane, state.Sequence).Id };
        var step = PushStep.Acknowledge(push, progress, subscriber, now);
        if (step.IsOver)
        {
            return PushSettlement.Write(transaction, push, queue, state, step, now, region);
        }

        // When it is looked at again stays as it is: others of the subscribers may be being tried now.
        transaction.Push.PutProgress(queue.Lane, state.Sequence, step.Progress);
        return null;
    }

    private static PushedMessage Describe(
        ITransaction transaction, Queue queue, long sequence, PushProgress progress)
    {
        var state = transaction.Messages.Find(queue.Lane, sequence);
        return new PushedMessage(progress, state?.SentAt, state?.VisibleAt, state?.ReceiveCount ?? 0);
    }

    private static PushQueue Apply(PushDraft draft, PushQueue? before, string? secret, DateTimeOffset now)
    {
        var basis = before ?? new PushQueue
        {
            Id = draft.Id, Subscribers = [], ErrorQueueName = "", Secrets = [], CreatedAt = now, ModifiedAt = now,
        };
        return basis with
        {
            Mode = draft.Mode ?? basis.Mode,
            Subscribers = draft.Subscribers ?? basis.Subscribers,
            RetriesMax = draft.RetriesMax ?? basis.RetriesMax,
            RetryDelaySeconds = draft.RetryDelaySeconds ?? basis.RetryDelaySeconds,
            ConcurrencyMax = draft.ConcurrencyMax ?? basis.ConcurrencyMax,
            ErrorQueueName = draft.ErrorQueueName ?? basis.ErrorQueueName,
            Secrets = secret is null ? basis.Secrets
                : basis.Secrets.IsEmpty ? [new WebhookSecret(secret, now)]
                : [new WebhookSecret(secret, now), basis.Secrets[0] with { EndsAt = now + SecretOverlap }],
            ModifiedAt = now,
        };
    }

    private static Error? CheckQueues(ITransaction transaction, PushQueue push)
    {
        if (transaction.Queues.Get(push.Id) is not { } queue)
        {
            return QueueErrors.NotFound;
        }

        if (queue.Settings.Redrive is not null)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "The queue has a redrive policy, which would take messages away between attempts: remove it. What is "
                + "not taken goes to the error queue.",
                "name");
        }

        if (transaction.Queues.Get(push.ErrorQueue) is null)
        {
            return new Error(
                ErrorCode.QueueNotFound, $"There is no queue '{push.ErrorQueueName}' in this account.", "errorQueue");
        }

        // What fails on its way round would go round for ever.
        var next = transaction.Push.Get(push.ErrorQueue);
        for (var steps = 0; next is not null && steps < Limits.QueueListMax; steps++)
        {
            if (next.ErrorQueue == push.Id)
            {
                return new Error(
                    ErrorCode.InvalidParameter,
                    $"What the queue {next.Id.Name} cannot push comes to this queue: error queues must not go round.",
                    "errorQueue");
            }

            next = transaction.Push.Get(next.ErrorQueue);
        }

        return null;
    }

    /// <summary>What can be told without asking for the name; the rest is told at each attempt.</summary>
    private Error? CheckAddresses(PushQueue push) => push.Subscribers
        .Select(subscriber => guard.Refusal(new Uri(subscriber.Url)) is { } refusal
            ? new Error(
                ErrorCode.InvalidParameter,
                $"Messages may not be pushed there: {refusal}. The operator allows networks with "
                + "`lambent up --callback-allow`.",
                "subscribers.url")
            : null)
        .FirstOrDefault(error => error is not null);
}

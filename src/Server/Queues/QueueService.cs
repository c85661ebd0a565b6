using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>Queues themselves: made, changed, listed, emptied, deleted.</summary>
internal sealed class QueueService(
    IStore store, QueueSignals signals, QueueSweeper sweeper, string region, TimeProvider time)
{
    /// <summary>Told of what is made and deleted; set once, before the first request.</summary>
    public IQueueObserver? Observer { get; set; }

    public string Region => region;

    public Queue? Find(QueueId id) => store.Read(transaction => transaction.Queues.Get(id));

    /// <summary>
    /// Makes a queue, or finds the one of that name when it has each given attribute with the given value.
    /// </summary>
    public async Task<Result<Queue>> CreateAsync(
        QueueId id,
        IReadOnlyDictionary<string, string> attributes,
        ImmutableSortedDictionary<string, string> tags,
        CancellationToken cancellation)
    {
        if ((CheckName(id, attributes) ?? QueueTags.Check(id, tags)) is { } wrong)
        {
            return wrong;
        }

        var created = await store.WriteAsync<Queue>(
            transaction =>
            {
                var existing = transaction.Queues.Get(id);
                var basis = existing?.Settings ?? new QueueSettings();
                if (Apply(transaction, id, basis, attributes).Failed(out var settings, out var invalid))
                {
                    return invalid;
                }

                if (existing is not null)
                {
                    var different = QueueAttributes.FirstDifference(existing, settings, attributes, region)
                        ?? (tags.ContainsKey(QueueTags.Priority)
                            && QueueTags.HasPriorities(tags) != existing.HasPriorities ? QueueTags.Priority : null);
                    return different is not null
                        ? new Error(
                            ErrorCode.QueueNameExists,
                            "A queue already exists with the same name and a different value for attribute "
                            + different,
                            different)
                        : existing;
                }

                var now = time.GetUtcNow();
                var number = transaction.Queues.NextNumber(id.Account);
                var queue = new Queue
                {
                    Id = id,
                    Number = number,
                    LaneNumber = number,
                    CreatedAt = now,
                    ModifiedAt = now,
                    Settings = settings,
                    Tags = tags,
                };
                transaction.Queues.Put(queue);
                Observer?.Changing(transaction, id, isDeleted: false);
                return queue;
            },
            cancellation);
        Observer?.Changed(id);
        return created;
    }

    /// <summary>Changes attributes, all or none.</summary>
    public Task<Result<Queue>> SetAttributesAsync(
        QueueId id, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellation) => ChangeAsync(
            id,
            (transaction, queue) => Apply(transaction, id, queue.Settings, attributes)
                .Select(settings => queue with { Settings = settings }),
            cancellation);

    public Task<Result<Queue>> TagAsync(
        QueueId id, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) => ChangeAsync(
            id,
            (_, queue) => Retag(queue, queue.Tags.SetItems(tags)),
            cancellation);

    public Task<Result<Queue>> UntagAsync(
        QueueId id, IReadOnlyList<string> keys, CancellationToken cancellation) => ChangeAsync(
            id, (_, queue) => Retag(queue, queue.Tags.RemoveRange(keys)), cancellation);

    public Task<Result<Queue>> AddPermissionAsync(
        QueueId id,
        string label,
        IReadOnlyList<string> accounts,
        IReadOnlyList<string> actions,
        CancellationToken cancellation) => ChangeAsync(
            id,
            (_, queue) => QueuePolicy.Add(queue.Settings.Policy, id.Arn(region), label, accounts, actions)
                .Select(policy => queue with { Settings = queue.Settings with { Policy = policy } }),
            cancellation);

    public Task<Result<Queue>> RemovePermissionAsync(
        QueueId id, string label, CancellationToken cancellation) => ChangeAsync(
            id,
            (_, queue) => QueuePolicy.Remove(queue.Settings.Policy, label)
                .Select(policy => queue with { Settings = queue.Settings with { Policy = policy } }),
            cancellation);

    /// <summary>Empties the queue at once; the space comes back step by step.</summary>
    public async Task<Result<Queue>> PurgeAsync(QueueId id, CancellationToken cancellation)
    {
        var purged = await ChangeAsync(
            id,
            (transaction, queue) =>
            {
                var now = time.GetUtcNow();
                if (queue.PurgedAt + Limits.PurgePause > now)
                {
                    return new Error(
                        ErrorCode.QueuePurgeInProgress,
                        $"Only one PurgeQueue operation on {id.Name} is allowed every 60 seconds.");
                }

                transaction.Queues.Discard(queue.Lane);
                return queue with { LaneNumber = transaction.Queues.NextNumber(id.Account), PurgedAt = now };
            },
            cancellation,
            isModified: false);
        sweeper.Wake();
        return purged;
    }

    public async Task<Result<Done>> DeleteAsync(QueueId id, CancellationToken cancellation)
    {
        var deleted = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Queues.Get(id) is not { } queue)
                {
                    return QueueErrors.NotFound;
                }

                transaction.Queues.Discard(queue.Lane);
                transaction.Queues.Delete(id);
                transaction.Push.Delete(id);
                Observer?.Changing(transaction, id, isDeleted: true);
                return Done.Value;
            },
            cancellation);
        Observer?.Changed(id);
        signals.Signal(id, int.MaxValue);
        sweeper.Wake();
        return deleted;
    }

    public IReadOnlyList<Queue> List(AccountId account, string prefix, string? after, int limit) =>
        store.Read(transaction => transaction.Queues.List(account, prefix, after, limit));

    /// <summary>The queues whose redrive policy names this one, in order of their names.</summary>
    public IReadOnlyList<Queue> DeadLetterSources(QueueId id, string? after, int limit) =>
        store.Read<IReadOnlyList<Queue>>(transaction =>
            [.. Sources(transaction, id, after).Take(limit)]);

    public MessageCounts Count(Queue queue)
    {
        var now = time.GetUtcNow();
        return store.Read(transaction =>
            transaction.Messages.Count(queue.Lane, now, now - queue.Settings.Retention));
    }

    /// <summary>All queues of the account are read page by page: a redrive policy is in the queue's document.</summary>
    internal static IEnumerable<Queue> Sources(ITransaction transaction, QueueId id, string? after)
    {
        while (true)
        {
            var page = transaction.Queues.List(id.Account, "", after, Limits.QueueListMax);
            foreach (var queue in page.Where(queue => queue.Settings.Redrive?.Target == id))
            {
                yield return queue;
            }

            if (page.Count < Limits.QueueListMax)
            {
                yield break;
            }

            after = page[^1].Id.Name;
        }
    }

    private Task<Result<Queue>> ChangeAsync(
        QueueId id,
        Func<ITransaction, Queue, Result<Queue>> change,
        CancellationToken cancellation,
        bool isModified = true) => store.WriteAsync<Queue>(
            transaction =>
            {
                if (transaction.Queues.Get(id) is not { } queue)
                {
                    return QueueErrors.NotFound;
                }

                if (change(transaction, queue).Failed(out var changed, out var refused))
                {
                    return refused;
                }

                changed = isModified ? changed with { ModifiedAt = time.GetUtcNow() } : changed;
                transaction.Queues.Put(changed);
                return changed;
            },
            cancellation);

    private static Result<Queue> Retag(Queue queue, ImmutableSortedDictionary<string, string> tags) =>
        QueueTags.CheckChange(queue, tags) is { } refused ? refused : queue with { Tags = tags };

    private Result<QueueSettings> Apply(
        ITransaction transaction, QueueId id, QueueSettings settings, IReadOnlyDictionary<string, string> attributes)
    {
        if (QueueAttributes.Apply(settings, attributes, id, region).Failed(out var applied, out var invalid))
        {
            return invalid;
        }

        if (applied.Redrive is not { } redrive || !attributes.ContainsKey("RedrivePolicy"))
        {
            return applied;
        }

        if (transaction.Push.Get(id) is not null)
        {
            return RedrivePolicy.Invalid(
                redrive.Text, "The queue pushes its messages: what subscribers do not take goes to its error queue.");
        }

        // A queue may be its own dead-letter queue only on paper: it exists when it is asked about itself.
        if (redrive.Target != id && transaction.Queues.Get(redrive.Target) is null)
        {
            return RedrivePolicy.Invalid(redrive.Text, "Dead letter target does not exist.");
        }

        var allow = transaction.Queues.Get(redrive.Target)?.Settings.RedriveAllow;
        return allow is null || allow.Allows(id.Arn(region))
            ? applied
            : RedrivePolicy.Invalid(redrive.Text, "Dead letter target does not allow this queue as a source.");
    }

    private static Error? CheckName(QueueId id, IReadOnlyDictionary<string, string> attributes)
    {
        var wantsFifo = attributes.TryGetValue(QueueAttributes.FifoQueue, out var fifo) && fifo == "true";
        if (QueueId.IsName(id.Name) && wantsFifo == id.IsFifo)
        {
            return null;
        }

        return wantsFifo
            ? QueueErrors.Invalid(
                id.Name,
                "QueueName",
                "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end "
                + "with .fifo suffix and be 1 to 80 in length.")
            : QueueErrors.Invalid(
                id.Name,
                "QueueName",
                "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length");
    }
}

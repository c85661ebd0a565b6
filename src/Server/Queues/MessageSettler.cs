using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>What receivers do with messages they were handed: delete them, or hide them for another time.</summary>
internal sealed class MessageSettler(IStore store, QueueSignals signals, TimeProvider time)
{
    /// <summary>Deletes in one transaction; each handle succeeds or fails on its own.</summary>
    public async Task<Result<IReadOnlyList<Error?>>> DeleteAsync(
        QueueId id, IReadOnlyList<string> receiptHandles, CancellationToken cancellation)
    {
        var settled = await SettleAsync(
            id,
            receiptHandles.Count,
            (transaction, queue, index, now) => Delete(transaction, queue, receiptHandles[index], now),
            cancellation);
        if (settled.IsSuccess)
        {
            signals.Meter?.Deleted(id, settled.Value.Count(error => error is null));
        }

        return settled;
    }

    /// <summary>Changes when messages become visible again, in one transaction.</summary>
    public Task<Result<IReadOnlyList<Error?>>> ChangeVisibilityAsync(
        QueueId id,
        IReadOnlyList<(string ReceiptHandle, int Seconds)> changes,
        CancellationToken cancellation) => SettleAsync(
            id,
            changes.Count,
            (transaction, queue, index, now) =>
                ChangeVisibility(transaction, queue, changes[index].ReceiptHandle, changes[index].Seconds, now),
            cancellation);

    private async Task<Result<IReadOnlyList<Error?>>> SettleAsync(
        QueueId id,
        int count,
        Func<ITransaction, Queue, int, DateTimeOffset, Error?> settle,
        CancellationToken cancellation)
    {
        var settled = await store.WriteAsync<IReadOnlyList<Error?>>(
            transaction =>
            {
                if (transaction.Queues.Get(id) is not { } queue)
                {
                    return QueueErrors.NotFound;
                }

                var now = time.GetUtcNow();
                var failures = new Error?[count];
                for (var index = 0; index < count; index++)
                {
                    failures[index] = settle(transaction, queue, index, now);
                }

                return failures;
            },
            cancellation);
        if (settled.IsSuccess)
        {
            // A group may be free now, or a message visible earlier than receives wait for.
            signals.Signal(id, count);
        }

        return settled;
    }

    /// <summary>
    /// A handle of an earlier receive deletes nothing, and in a standard queue that is no failure: whoever received the
    /// message after it decides. Inside the transaction of whoever does more than delete.
    /// </summary>
    public static Error? Delete(ITransaction transaction, Queue queue, string receiptHandle, DateTimeOffset now)
    {
        if (!ReceiptHandle.TryParse(receiptHandle, out var handle))
        {
            return QueueErrors.ReceiptUnreadable(receiptHandle);
        }

        if (!queue.IsFifo)
        {
            if (handle.LaneNumber == queue.LaneNumber)
            {
                transaction.Messages.DeleteReceived(queue.Lane, handle.Sequence, handle.ReceiveCount);
            }

            return null;
        }

        if (Find(transaction, queue, handle) is not { } state)
        {
            return null;
        }

        if (state.ReceiveCount != handle.ReceiveCount || state.IsVisible(now))
        {
            return QueueErrors.ReceiptExpired(receiptHandle);
        }

        MessageGroups.Delete(transaction, queue.Lane, state);
        return null;
    }

    private static Error? ChangeVisibility(
        ITransaction transaction, Queue queue, string receiptHandle, int seconds, DateTimeOffset now)
    {
        if (!ReceiptHandle.TryParse(receiptHandle, out var handle))
        {
            return QueueErrors.ReceiptUnreadable(receiptHandle);
        }

        var state = Find(transaction, queue, handle);
        if (state is null || state.ReceiveCount != handle.ReceiveCount || (queue.IsFifo && state.IsVisible(now)))
        {
            return QueueErrors.MessageMissing(receiptHandle);
        }

        if (MessageLifeCycle.ChangeVisibility(state, now, seconds).Failed(out var changed, out var tooLong))
        {
            return tooLong;
        }

        MessageGroups.Change(transaction, queue.Lane, changed);
        return null;
    }

    /// <summary>A handle from before a purge finds nothing, like one of a message that was deleted.</summary>
    private static MessageState? Find(ITransaction transaction, Queue queue, ReceiptHandle handle) =>
        handle.LaneNumber == queue.LaneNumber ? transaction.Messages.Find(queue.Lane, handle.Sequence) : null;
}

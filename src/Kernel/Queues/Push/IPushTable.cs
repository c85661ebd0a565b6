using Lambent.Kernel.Access;

namespace Lambent.Kernel.Queues.Push;

/// <summary>Which queues push, and how far messages are that are pushed.</summary>
public interface IPushTable
{
    PushQueue? Get(QueueId id);

    /// <summary>The account's push queues in order of their names.</summary>
    IReadOnlyList<PushQueue> List(AccountId account);

    /// <summary>All of all accounts.</summary>
    IReadOnlyList<PushQueue> All();

    void Put(PushQueue queue);

    void Delete(QueueId id);

    /// <summary>How far a message is; null before its first attempt ended.</summary>
    PushProgress? Progress(QueueLane lane, long sequence);

    /// <summary>The same by the message's id, with its sequence.</summary>
    (long Sequence, PushProgress Progress)? FindProgress(QueueLane lane, string messageId);

    /// <summary>Of messages that are tried again, the oldest first.</summary>
    /// <param name="lane">Whose.</param>
    /// <param name="after">Only sequences after this one; 0 for all.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<(long Sequence, PushProgress Progress)> ListProgress(QueueLane lane, long after, int limit);

    void PutProgress(QueueLane lane, long sequence, PushProgress progress);

    void DeleteProgress(QueueLane lane, long sequence);

    /// <summary>Forgets some of what is known of messages that are no more: expired, purged, deleted.</summary>
    /// <returns>How many.</returns>
    int ForgetProgress(int limit);
}

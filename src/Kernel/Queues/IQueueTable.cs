using Lambent.Kernel.Access;

namespace Lambent.Kernel.Queues;

/// <summary>Queues, without their messages.</summary>
public interface IQueueTable
{
    Queue? Get(QueueId id);

    /// <summary>The account's queues in order of their names.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="prefix">Only names that start so; empty for all.</param>
    /// <param name="after">Only names after this one, or null.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<Queue> List(AccountId account, string prefix, string? after, int limit);

    void Put(Queue queue);

    void Delete(QueueId id);

    /// <summary>A number that no queue or lane of the account had before.</summary>
    long NextNumber(AccountId account);

    /// <summary>Gives up a lane: its messages are removed later, step by step.</summary>
    void Discard(QueueLane lane);

    /// <summary>A lane that was given up and is not empty yet, or null.</summary>
    QueueLane? Discarded();

    /// <summary>Removes some of a discarded lane; forgets it when it is empty.</summary>
    /// <returns>How many messages were removed.</returns>
    int RemoveSome(QueueLane lane, int limit);

    void PutTask(MoveTask task);

    /// <summary>The tasks of a source queue, newest first.</summary>
    IReadOnlyList<MoveTask> Tasks(QueueId source, int limit);

    /// <summary>All tasks that are not over, of all accounts.</summary>
    IReadOnlyList<MoveTask> ActiveTasks();
}

/// <summary>The messages of the lanes.</summary>
public interface IMessageTable
{
    /// <summary>The first of <paramref name="count"/> sequences that were never given in this lane.</summary>
    long TakeSequences(QueueLane lane, int count);

    void Add(QueueLane lane, MessageState state, MessageContent content);

    MessageState? Find(QueueLane lane, long sequence);

    MessageContent Content(QueueLane lane, long sequence);

    /// <summary>Writes what receives and changes of visibility change; the rest of a message stays.</summary>
    void Change(QueueLane lane, MessageState state);

    void Delete(QueueLane lane, long sequence);

    /// <summary>
    /// Deletes a message of a standard queue as long as it was not received again. Of a FIFO queue the group would have
    /// to be looked at as well.
    /// </summary>
    /// <returns>False when there is no such message, or it was received more often.</returns>
    bool DeleteReceived(QueueLane lane, long sequence, int receiveCount);

    /// <summary>Messages that can be received, those that waited longest first.</summary>
    IReadOnlyList<MessageState> Visible(QueueLane lane, DateTimeOffset now, int limit);

    /// <summary>The same of one priority, in a queue with priorities.</summary>
    IReadOnlyList<MessageState> Visible(QueueLane lane, int priority, DateTimeOffset now, int limit);

    /// <summary>The first messages of a group, in order.</summary>
    IReadOnlyList<MessageState> OfGroup(QueueLane lane, string groupId, int limit);

    /// <summary>The messages with the lowest sequences.</summary>
    IReadOnlyList<MessageState> Oldest(QueueLane lane, int limit);

    /// <summary>Messages after a sequence, in order, whatever state they are in; their priorities are read as well.
    /// </summary>
    /// <param name="lane">Where.</param>
    /// <param name="groupId">Of one message group; null for all.</param>
    /// <param name="after">Sequences above this one.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<MessageState> After(QueueLane lane, string? groupId, long after, int limit);

    /// <summary>
    /// Counts by message group and priority what is not older than <paramref name="retainedAfter"/>, the most first.
    /// Every message is read once.
    /// </summary>
    IReadOnlyList<MessageShare> Shares(QueueLane lane, DateTimeOffset now, DateTimeOffset retainedAfter, int limit);

    /// <summary>When the next message that is hidden now becomes visible, or null.</summary>
    DateTimeOffset? NextVisible(QueueLane lane, DateTimeOffset now);

    /// <summary>Counts what is not older than <paramref name="retainedAfter"/>.</summary>
    MessageCounts Count(QueueLane lane, DateTimeOffset now, DateTimeOffset retainedAfter);

    /// <summary>Messages that were received and are neither deleted nor visible again.</summary>
    long CountInFlight(QueueLane lane, DateTimeOffset now);

    /// <summary>Groups that can be received from, those available longest first.</summary>
    IReadOnlyList<string> AvailableGroups(QueueLane lane, DateTimeOffset now, int limit);

    /// <summary>Remembers when a group is available; null for a group without messages.</summary>
    void SetGroup(QueueLane lane, string groupId, DateTimeOffset? availableAt);

    /// <summary>When the next group that is not available now will be, or null.</summary>
    DateTimeOffset? NextGroup(QueueLane lane, DateTimeOffset now);

    /// <summary>What was sent under a deduplication key and still counts, or null.</summary>
    SentMessage? FindSent(AccountId account, long queueNumber, string key, DateTimeOffset now);

    void PutSent(AccountId account, long queueNumber, string key, SentMessage sent, DateTimeOffset until);

    /// <summary>Forgets deduplication keys that no longer count.</summary>
    int ForgetSent(DateTimeOffset now, int limit);
}

/// <summary>What a duplicate is answered with.</summary>
public sealed record SentMessage(string Id, long Sequence);

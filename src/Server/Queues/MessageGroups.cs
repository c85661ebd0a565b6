using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>Changes to messages that keep the time at which their group is available right.</summary>
internal static class MessageGroups
{
    /// <summary>Looks at the group's first messages and remembers when it is available.</summary>
    public static void Refresh(ITransaction transaction, QueueLane lane, string? groupId)
    {
        if (groupId is null)
        {
            return;
        }

        var first = transaction.Messages.OfGroup(lane, groupId, Limits.MessageBatchMax + 1);
        transaction.Messages.SetGroup(lane, groupId, MessageLifeCycle.GroupAvailableAt(first));
    }

    public static void Delete(ITransaction transaction, QueueLane lane, MessageState state)
    {
        transaction.Messages.Delete(lane, state.Sequence);
        Refresh(transaction, lane, state.GroupId);
    }

    public static void Change(ITransaction transaction, QueueLane lane, MessageState state)
    {
        transaction.Messages.Change(lane, state);
        Refresh(transaction, lane, state.GroupId);
    }

    /// <summary>Takes a message out of one queue and puts it into another, in the same transaction.</summary>
    public static void Move(
        ITransaction transaction,
        QueueLane from,
        long sequence,
        QueueLane to,
        MessageState state,
        MessageContent content)
    {
        transaction.Messages.Delete(from, sequence);
        transaction.Messages.Add(to, state, content);
        Refresh(transaction, from, state.GroupId);
        Refresh(transaction, to, state.GroupId);
    }
}

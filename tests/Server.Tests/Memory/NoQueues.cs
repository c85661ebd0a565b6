using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;

namespace Lambent.Server.Tests.Memory;

/// <summary>A table without queues: those are tested on the real store, which is the only one with messages.</summary>
internal sealed class NoQueues : IQueueTable
{
    public Queue? Get(QueueId id) => null;

    public IReadOnlyList<Queue> List(AccountId account, string prefix, string? after, int limit) => [];

    public void Put(Queue queue) => throw Unsupported();

    public void Delete(QueueId id) => throw Unsupported();

    public long NextNumber(AccountId account) => throw Unsupported();

    public void Discard(QueueLane lane) => throw Unsupported();

    public QueueLane? Discarded() => null;

    public int RemoveSome(QueueLane lane, int limit) => 0;

    public void PutTask(MoveTask task) => throw Unsupported();

    public IReadOnlyList<MoveTask> Tasks(QueueId source, int limit) => [];

    public IReadOnlyList<MoveTask> ActiveTasks() => [];

    private static NotSupportedException Unsupported() => new("Queues are tested on the real store.");
}

using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;

namespace Lambent.Server.Tests.Memory;

/// <summary>No push queues: they are tested on the real store.</summary>
internal sealed class NoPush : IPushTable
{
    public PushQueue? Get(QueueId id) => null;

    public IReadOnlyList<PushQueue> List(AccountId account) => [];

    public IReadOnlyList<PushQueue> All() => [];

    public void Put(PushQueue queue) => throw None();

    public void Delete(QueueId id) => throw None();

    public PushProgress? Progress(QueueLane lane, long sequence) => null;

    public (long Sequence, PushProgress Progress)? FindProgress(QueueLane lane, string messageId) => null;

    public IReadOnlyList<(long Sequence, PushProgress Progress)> ListProgress(
        QueueLane lane, long after, int limit) => [];

    public void PutProgress(QueueLane lane, long sequence, PushProgress progress) => throw None();

    public void DeleteProgress(QueueLane lane, long sequence) => throw None();

    public int ForgetProgress(int limit) => 0;

    private static NotSupportedException None() => new("Push queues are tested on the real store.");
}

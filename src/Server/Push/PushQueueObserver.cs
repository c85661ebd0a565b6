using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;

namespace Lambent.Server.Push;

/// <summary>Lets the runner know when a queue is deleted, besides whoever else is told.</summary>
internal sealed class PushQueueObserver(IQueueObserver? other, PushRunner runner) : IQueueObserver
{
    public void Changing(ITransaction transaction, QueueId id, bool isDeleted) =>
        other?.Changing(transaction, id, isDeleted);

    public void Changed(QueueId id)
    {
        runner.QueueChanged(id);
        other?.Changed(id);
    }
}

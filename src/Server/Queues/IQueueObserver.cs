using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Queues;

/// <summary>Told that a queue is made or deleted.</summary>
internal interface IQueueObserver
{
    /// <summary>In the change's transaction, which may be run again.</summary>
    void Changing(ITransaction transaction, QueueId id, bool isDeleted);

    /// <summary>After the commit.</summary>
    void Changed(QueueId id);
}

using Lambent.Kernel.Storage;
using Lambent.Server.Insight;
using Lambent.Server.Native;

namespace Lambent.Server;

/// <summary>What is seen of queues.</summary>
internal sealed partial class ServerParts
{
    public QueueOperations QueueOperations { get; private set; } = null!;

    public QueuePeek QueuePeek { get; private set; } = null!;

    private QueueInsight QueueInsight { get; set; } = null!;

    private void OpenInsight(ServerOptions options, IStore store, AccessParts access)
    {
        QueueInsight = new QueueInsight(
            store, QueueSignals, access.Functions.Directory, MappingRunner, PushRunner, options.Time);
        QueuePeek = new QueuePeek(store, options.Time);
        QueueOperations = new QueueOperations(QueueInsight, () => address!, options.Region);
    }
}

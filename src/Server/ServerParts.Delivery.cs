using Lambent.Kernel.Events;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>The delivery of events.</summary>
internal sealed partial class ServerParts
{
    public DeliveryParts Delivery { get; private set; } = null!;

    /// <summary>Hands things to functions and queues inside other transactions.</summary>
    public TargetWriter TargetWriter { get; private set; } = null!;

    private QueueSignals QueueSignals { get; } = new();

    private EventRunner Events { get; set; } = null!;

    private void OpenDelivery(ServerOptions options, IStore store, AccessParts access)
    {
        var ids = new RequestIds(options.Time);
        TargetWriter = new TargetWriter(QueueSignals);
        Delivery = new DeliveryParts(
            new DeliveryOptions
            {
                Region = options.Region,
                Holder = ids.Next(),
                NewId = ids.Next,
                Chance = Random.Shared,
                Time = options.Time,
            },
            store,
            TargetWriter,
            new Dictionary<DeliveryTargetKind, IEventTarget>
            {
                [DeliveryTargetKind.Function] = new FunctionTarget(
                    access.Functions.Directory, Dispatcher, options.Region, Random.Shared, options.Time),
            });
        Events = OwnAsync(new EventRunner(Delivery, Loggers.CreateLogger<EventRunner>()));
    }
}

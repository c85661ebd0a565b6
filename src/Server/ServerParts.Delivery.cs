using Lambent.Kernel.Events;
using Lambent.Server.Delivery;
using Lambent.Server.Native;
using Lambent.Server.Queues;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>The delivery of events.</summary>
internal sealed partial class ServerParts
{
    public DeliveryParts Delivery { get; private set; } = null!;

    /// <summary>Hands things to functions and queues inside other transactions.</summary>
    public TargetWriter TargetWriter { get; private set; } = null!;

    public EventOperations EventOperations { get; private set; } = null!;

    private SynchronousDestinations SynchronousDestinations { get; set; } = null!;

    private QueueSignals QueueSignals { get; set; } = null!;

    private IQueueObserver QueueChanges { get; set; } = null!;

    private EventRunner Events { get; set; } = null!;

    private void OpenDelivery(ServerOptions options, StorageParts storage, AccessParts access)
    {
        var store = storage.Store;
        var ids = new RequestIds(options.Time);
        QueueSignals = new QueueSignals { Meter = new QueueMeter(options.Time) };
        store.InDoubt += QueueSignals.SignalAll;
        TargetWriter = new TargetWriter(QueueSignals);
        var (callbacks, changes) = OpenWebhooks(options, store, access, storage.Telemetry.Store);
        QueueChanges = changes;
        Delivery = new DeliveryParts(
            new DeliveryOptions
            {
                Region = options.Region,
                Holder = ids.Next(),
                NewId = ids.Next,
                Chance = Random.Shared,
                Time = options.Time,
                Observer = changes,
                Targets = Targets,
            },
            store,
            TargetWriter,
            new Dictionary<DeliveryTargetKind, IEventTarget>
            {
                [DeliveryTargetKind.Callback] = callbacks,
                [DeliveryTargetKind.Email] = MailTarget(options),
                [DeliveryTargetKind.Function] = new FunctionTarget(
                    access.Functions.Directory, Dispatcher, Random.Shared, options.Time),
            });
        SynchronousDestinations = new SynchronousDestinations(
            store,
            TargetWriter,
            options.Region,
            ids.Next,
            options.Time,
            Loggers.CreateLogger<SynchronousDestinations>());
        EventOperations = new EventOperations(Delivery.Control, storage.Telemetry.Store, options.Region);
        Events = OwnAsync(new EventRunner(Delivery, Loggers.CreateLogger<EventRunner>()));
    }
}

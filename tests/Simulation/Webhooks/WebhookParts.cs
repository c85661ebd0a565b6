using System.Net;
using Lambent.Kernel.Events;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Scaling;
using Lambent.Server.Webhooks;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Events;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Webhooks;

/// <summary>Webhooks in and out, with the delivery of their events, put together as the server does it.</summary>
internal sealed class WebhookParts
{
    public WebhookParts(LifeSupport support, IEventTarget function, SimulatedNetwork network, PlantedBug bug)
    {
        Support = support;
        var (store, time) = (support.Store, support.Time);
        string NewId() => EventParts.MakeId(time.GetUtcNow(), support.Chance);
        var guard = new OutboundGuard(
            [IPNetwork.Parse("0.0.0.0/0")], () => null, (_, _) => Task.FromResult<IPAddress[]>([]));
        var directory = new WebhookDirectory(store);
        directory.Load();
        var writer = new TargetWriter(new QueueSignals());
        Service = new WebhookService(store, directory, guard, time);
        Receiver = new WebhookReceiver(store, writer, NewId, time);
        var sender = new CallbackSender(network.For(support), time);
        async Task Disable(WebhookId id, string reason) => await Service.DisableAsync(id, reason);
        var callbacks = new CallbackTarget(directory, sender, Disable, NullLogger<CallbackTarget>.Instance);
        var delivery = new DeliveryParts(
            new DeliveryOptions
            {
                Region = QueueParts.Region,
                Holder = support.Actor.Name,
                NewId = NewId,
                Chance = support.Chance,
                Time = time,
                Targets = new ManyAtOnce(),
                Observer = new StateChanges(directory, writer, QueueParts.Region, NewId, time),
            },
            store,
            writer,
            new Dictionary<DeliveryTargetKind, IEventTarget>
            {
                [DeliveryTargetKind.Function] = function,
                [DeliveryTargetKind.Callback] = BuggyParts.Callbacks(bug, callbacks, NewId),
            });
        new EventRunner(delivery, NullLogger<EventRunner>.Instance).Start();
    }

    public LifeSupport Support { get; }

    public WebhookService Service { get; }

    public WebhookReceiver Receiver { get; }

    private sealed class ManyAtOnce : IConcurrencyTargets
    {
        public int TargetFor(SourceKey source, in SourceLoad load) => 64;

        public void Forget(SourceKey source)
        {
            // It asks again when there is something.
        }
    }
}

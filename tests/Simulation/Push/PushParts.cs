using System.Net;
using Lambent.Server.Push;
using Lambent.Server.Webhooks;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Push;

/// <summary>Queues whose messages are posted, put together as the server does it.</summary>
internal sealed class PushParts
{
    public PushParts(LifeSupport support, SimulatedNetwork network)
    {
        var (store, time) = (support.Store, support.Time);
        Queues = new QueueParts(support);
        var guard = new OutboundGuard(
            [IPNetwork.Parse("0.0.0.0/0")], () => null, (_, _) => Task.FromResult<IPAddress[]>([]));
        Service = new PushService(store, Queues.Signals, guard, QueueParts.Region, time);
        Runner = new PushRunner(
            Service,
            new PushServices
            {
                Store = store,
                Receiver = Queues.Receiver,
                Settler = Queues.Settler,
                Signals = Queues.Signals,
                Sender = new CallbackSender(network.For(support), time),
                Tokens = Tokens,
                Address = () => new Uri("http://server.example:9550"),
                Region = QueueParts.Region,
                Time = time,
                Stopping = support.Stopping,
            },
            NullLogger<PushRunner>.Instance);
        Queues.Service.Observer = new PushQueueObserver(null, Runner);
        Runner.Start();
    }

    /// <summary>The server's key outlives it.</summary>
    public static PushTokens Tokens { get; } = new(new byte[32]);

    public QueueParts Queues { get; }

    public PushService Service { get; }

    public PushRunner Runner { get; }
}

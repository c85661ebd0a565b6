using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Queues;

/// <summary>The queues of a server, put together as the server does it.</summary>
internal sealed class QueueParts
{
    public const string Region = "us-east-1";

    public QueueParts(LifeSupport support)
    {
        var (store, time) = (support.Store, support.Time);
        Signals = new QueueSignals();
        support.Store.InDoubt += Signals.SignalAll;
        var sweeper = new QueueSweeper(store, time, NullLogger<QueueSweeper>.Instance);
        Service = new QueueService(store, Signals, sweeper, Region, time);
        Sender = new MessageSender(store, Signals, time, support.NewId);
        Receiver = new MessageReceiver(store, Signals, Region, time, support.Stopping);
        Settler = new MessageSettler(store, Signals, time);
        Moves = new MoveTaskRunner(
            store, Signals, Region, time, NullLogger<MoveTaskRunner>.Instance, support.NewId);
        Moves.Start();
        sweeper.Start();
    }

    public static AccountId Account { get; } = AccountId.Root;

    public QueueSignals Signals { get; }

    public QueueService Service { get; }

    public MessageSender Sender { get; }

    public MessageReceiver Receiver { get; }

    public MessageSettler Settler { get; }

    public MoveTaskRunner Moves { get; }

    public static QueueId Id(string name) => new(Account, name);
}

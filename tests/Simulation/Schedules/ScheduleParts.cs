using Lambent.Kernel.Events;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Schedules;
using Lambent.Server.Workflows;
using Lambent.Simulation.Events;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Schedules;

/// <summary>The schedules of a server and the delivery of their events, put together as the server does it.</summary>
internal sealed class ScheduleParts
{
    /// <param name="support">What this life is built on.</param>
    /// <param name="target">What functions are.</param>
    /// <param name="isAlone">Whether no other machine delivers.</param>
    public ScheduleParts(LifeSupport support, IEventTarget target, bool isAlone)
    {
        var (store, time) = (support.Store, support.Time);
        Events = new EventParts(support, target, isAlone: isAlone);
        var book = new ScheduleBook();
        var starter = new ExecutionStarter(
            store, new MachineDirectory(store), Events.NewId, support.Chance, () => false, QueueParts.Region, time);
        var handover = new ScheduleHandover(
            Events.Writer, new ExecutionWriter(starter, QueueParts.Region), QueueParts.Region);
        Runner = new ScheduleRunner(
            store, book, handover, Events.Delivery.Endings, Events.NewId, time, NullLogger<ScheduleRunner>.Instance);
        Service = new ScheduleService(
            store, book, new ScheduleRules(book, QueueParts.Region), handover, Runner, Events.NewId,
            QueueParts.Region, time);
        Queues = new QueueService(store, new QueueSignals(), null!, QueueParts.Region, time);
        Runner.Start();
    }

    public EventParts Events { get; }

    public QueueService Queues { get; }

    public ScheduleRunner Runner { get; }

    public ScheduleService Service { get; }
}

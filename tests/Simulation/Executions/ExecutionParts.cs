using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Workflows;
using Lambent.Simulation.Events;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Simulation.Executions;

/// <summary>The executions of a server, put together as the server does it.</summary>
internal sealed class ExecutionParts
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly LifeSupport support;
    private readonly ExecutionRunner runner;

    public ExecutionParts(LifeSupport support, Func<LifeSupport, ITaskCaller> functions)
    {
        this.support = support;
        var (store, time) = (support.Store, support.Time);
        var lease = new DeliveryLease(store, support.Actor.Name, replaces: true, time);
        var machines = new MachineDirectory(store);
        ExecutionTasks nested = null!;
        ExecutionRunner made = null!;
        var workers = new ActivityWorkers(store, () => made, time);
        var starter = new ExecutionStarter(
            store, machines, NewId, support.Chance, () => made.IsCrowded, QueueParts.Region, time,
            () => (ulong)support.Chance.NextInt64());
        nested = new ExecutionTasks(store, starter, lease, NewId, QueueParts.Region);
        var events = new EventSender(store, QueueParts.Region);
        var tasks = new TaskStarter(
            [
                functions(support), new QueueTasks(new QueueSignals(), NewId, time), nested,
                new OwnTasks(store, starter, events, lease, QueueParts.Region, time),
            ],
            () => nested,
            NullLogger<TaskStarter>.Instance);
        made = new ExecutionRunner(
            store, machines, lease, tasks, workers, new ItemFiles(new NoContents()), QueueParts.Region, time,
            NullLogger<ExecutionRunner>.Instance);
        runner = made;
        Service = new ExecutionService(
            store, starter, made, machines, workers, lease, events, QueueParts.Region, time);
        _ = OpenAsync();
    }

    /// <summary>Nothing is accepted before.</summary>
    public bool IsOpen { get; private set; }

    public ExecutionService Service { get; }

    /// <summary>As good as looking at it for no reason.</summary>
    public void Wake(Kernel.Workflows.Executions.ExecutionId id) => runner.Wake(id);

    private async Task OpenAsync()
    {
        while (!IsOpen)
        {
            try
            {
                await runner.OpenAsync(CancellationToken.None);
                runner.Start();
                IsOpen = true;
            }
            catch (StoreException)
            {
                // The supervisor starts it again.
                await Task.Delay(PauseAfterFailure, support.Time);
            }
        }
    }

    private string NewId() => EventParts.MakeId(support.Time.GetUtcNow(), support.Chance);
}

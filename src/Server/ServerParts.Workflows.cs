using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Lambent.Server.Native;
using Lambent.Server.Workflows;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>State machines and their executions.</summary>
internal sealed partial class ServerParts
{
    public ExecutionService Executions { get; private set; } = null!;

    public ExecutionOperations ExecutionOperations { get; private set; } = null!;

    private ExecutionRunner ExecutionRunner { get; set; } = null!;

    private ActivityWorkers ActivityWorkers { get; set; } = null!;

    private ExecutionStarter ExecutionStarter { get; set; } = null!;

    private ExecutionWriter ExecutionWriter { get; set; } = null!;

    private async Task OpenWorkflowsAsync(
        ServerOptions options,
        StorageParts storage,
        AccessParts access,
        EnvironmentParts environments,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var (time, region, lease) = (options.Time, options.Region, Delivery.Lease);
        IStore store = storage.Store;
        var machines = new MachineDirectory(store);
        ExecutionTasks nested = null!;
        var spans = new ExecutionSpans(storage.Telemetry.Store, region);
        ActivityWorkers = new ActivityWorkers(store, () => ExecutionRunner, time);
        ExecutionStarter = new ExecutionStarter(
            store, machines, ids.Next, Random.Shared, () => ExecutionRunner.IsCrowded, region, time)
        {
            Spans = spans,
        };
        nested = new ExecutionTasks(store, ExecutionStarter, lease, ids.Next, region);
        var lines = Own(new CallLines(environments.Pool, Environment.ProcessorCount, Processors.IsBusy, time));
        var functions = new FunctionTasks(
            access.Functions.Directory, Dispatcher, Delivery.Inbox, lines, ids.Next, Random.Shared, region, time);
        var events = new EventSender(store, region);
        var tasks = new TaskStarter(
            [
                functions,
                new QueueTasks(QueueSignals, ids.Next, time),
                nested,
                Own(new HttpTasks(OutboundGuard, time)),
                new MapDataTasks(Objects),
                new OwnTasks(store, ExecutionStarter, events, lease, region, time),
            ],
            () => nested,
            Loggers.CreateLogger<TaskStarter>());
        ExecutionRunner = OwnAsync(new ExecutionRunner(
            store,
            machines,
            lease,
            tasks,
            ActivityWorkers,
            new ItemFiles(Contents),
            region,
            time,
            Loggers.CreateLogger<ExecutionRunner>())
        {
            Endings = Delivery.Endings,
            Spans = spans,
        });
        ExecutionWriter = new ExecutionWriter(ExecutionStarter, region);
        ExecutionWriter.Subscribe(ExecutionRunner.LookForDue);
        Executions = new ExecutionService(
            store, ExecutionStarter, ExecutionRunner, machines, ActivityWorkers, lease, events, region, time);
        var views = new ExecutionViews(store, machines, region);
        var verifier = new SignatureVerifier(access.Keys, new SignatureScope(region, "lambda"), time);
        OpenTraceViews(options, storage, access, environments, verifier, views);
        ExecutionOperations = new ExecutionOperations(
            Executions,
            views,
            new ExecutionBulk(Executions, time),
            region,
            time);
        await ExecutionRunner.OpenAsync(cancellation);
    }
}

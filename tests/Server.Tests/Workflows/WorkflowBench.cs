using System.Collections.Concurrent;
using System.Net;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Delivery;
using Lambent.Server.Objects;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Webhooks;
using Lambent.Server.Workflows;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Workflows;

/// <summary>
/// Executions on the real store, with functions that do what a test says, in a time that the test moves.
/// </summary>
internal sealed class WorkflowBench : IAsyncDisposable
{
    public const string Region = "us-east-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DeliveryLease lease;
    private readonly HttpTasks http;
    private readonly MachineDirectory machines;
    private ExecutionRunner? runner;
    private int ids;
    private int revisions;

    public WorkflowBench()
    {
        Store = new FaultyStore(TimeProvider.System);
        lease = new DeliveryLease(Store, "one", replaces: true, Time);
        machines = new MachineDirectory(Store);
        var guard = new OutboundGuard(
            [IPNetwork.Parse("127.0.0.0/8")], () => null, OutboundGuard.ResolveByNameServiceAsync);
        http = new HttpTasks(guard, TimeProvider.System);
    }

    public FaultyStore Store { get; }

    public VirtualTime Time { get; } = new();

    public InMemoryContents Contents { get; } = new();

    public ObjectService Objects => field ??= InMemoryContents.Service(Store, Contents, Time);

    public QueueSignals Signals { get; } = new();

    public ExecutionService Service { get; private set; } = null!;

    public ActivityWorkers Workers { get; private set; } = null!;

    public ExecutionWriter Writer { get; private set; } = null!;

    public EventEndings Endings { get; } = new();

    public ExecutionRunner Runner => runner!;

    /// <summary>What functions do. The first argument is the name of the state.</summary>
    public Func<string, DataValue, Task<TaskEnding?>> Call { get; set; } =
        (_, input) => Task.FromResult<TaskEnding?>(TaskEnding.Of(input));

    /// <summary>The calls that were made.</summary>
    public ConcurrentQueue<(string State, DataValue Input)> Calls { get; } = new();

    /// <summary>Starts the server's part, again after <see cref="StopAsync"/>.</summary>
    public async Task<WorkflowBench> OpenAsync()
    {
        ExecutionTasks nested = null!;
        Workers = new ActivityWorkers(Store, () => Runner, Time);
        var starter = new ExecutionStarter(
            Store, machines, NextId, new Random(1), () => Runner.IsCrowded, Region, Time);
        nested = new ExecutionTasks(Store, starter, lease, NextId, Region);
        var tasks = new TaskStarter(
            [new Functions(this), new QueueTasks(Signals, NextId, Time), nested, http, new MapDataTasks(Objects)],
            () => nested,
            NullLogger<TaskStarter>.Instance);
        runner = new ExecutionRunner(
            Store,
            machines,
            lease,
            tasks,
            Workers,
            new ItemFiles(Contents),
            Region,
            Time,
            NullLogger<ExecutionRunner>.Instance)
        {
            Endings = Endings,
        };
        Writer = new ExecutionWriter(starter, Region);
        Writer.Subscribe(runner.LookForDue);
        Service = new ExecutionService(
            Store, starter, runner, machines, Workers, lease, Region, Time);
        await runner.OpenAsync(CancellationToken.None);
        await Task.Run(runner.Start);
        return this;
    }

    public async Task StopAsync()
    {
        if (runner is not null)
        {
            await runner.DisposeAsync();
            runner = null;
        }
    }

    public async Task DefineAsync(
        string name, string definition, StateMachineType type = StateMachineType.Standard)
    {
        var id = new StateMachineId(AccountId.Root, name);
        var revision = $"r{++revisions}";
        var written = await Store.WriteAsync<Done>(transaction =>
        {
            transaction.StateMachines.Put(new StateMachine
            {
                Id = id,
                Type = type,
                Revision = revision,
                CreatedAt = Time.GetUtcNow(),
                UpdatedAt = Time.GetUtcNow(),
            });
            transaction.StateMachines.AddRevision(new StateMachineRevision(
                id, revision, definition, "arn:aws:iam::000000000000:role/workflows"));
            return Done.Value;
        });
        written.IsSuccess.ToString();
    }

    public async Task<ExecutionId> StartAsync(string machine, string name, string input = "{}")
    {
        var started = await Service.StartAsync(
            new StartRequest
            {
                Machine = new StateMachineId(AccountId.Root, machine),
                Name = name,
                Input = DataReader.ReadOwn(System.Text.Encoding.UTF8.GetBytes(input)),
            },
            CancellationToken.None);
        return started.Value.Id;
    }

    public ExecutionRecord Record(ExecutionId id) => Service.Find(id)!;

    /// <summary>Status and output, or error.</summary>
    public string Outcome(ExecutionId id)
    {
        var record = Record(id);
        return $"{record.Status} {record.Error ?? Service.Payloads(record).Output?.ToString()}";
    }

    public IReadOnlyList<JournalEvent> Journal(ExecutionId id) => Service.WholeJournal(Record(id));

    public Task EndAsync(ExecutionId id) => WhenAsync(() => Record(id).Status != ExecutionStatus.Running);

    /// <summary>Waits for something that another thread does; time stands still.</summary>
    public static async Task WhenAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    /// <summary>Lets time pass until something happened.</summary>
    public async Task PassAsync(Func<bool> until, TimeSpan step)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!until())
        {
            Time.Advance(step);
            await Task.Delay(1, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        http.Dispose();
        Store.Dispose();
    }

    public string NextId() => $"id-{Interlocked.Increment(ref ids):d8}";

    private sealed class Functions(WorkflowBench bench) : ITaskCaller
    {
        public string Service => "lambda";

        public Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
        {
            bench.Calls.Enqueue((task.StateName, task.Parameters));
            return bench.Call(task.StateName, task.Parameters);
        }
    }
}

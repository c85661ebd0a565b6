using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Sandbox.Pool;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Mappings;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Delivery;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Mappings;

/// <summary>One call that reached the function.</summary>
internal sealed record BatchCall(Invocation Invocation, JsonArray Records)
{
    public string[] Bodies => [.. Records.Select(record => (string)record!["body"]!)];

    public string[] Ids => [.. Records.Select(record => (string)record!["messageId"]!)];
}

/// <summary>Queues on a real store, a function without a process, and a time that the test moves.</summary>
internal sealed class MappingBench : IAsyncDisposable
{
    public const string Region = "us-east-1";
    private readonly string folder = Directory.CreateTempSubdirectory("lambent-mappings-").FullName;
    private readonly CancellationTokenSource stopping = new();
    private readonly EnvironmentPool pool;
    private readonly QueueSweeper sweeper;
    private bool isStopped;

    public MappingBench(int accountLimit = 1_000)
    {
        Store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "lambent.db") }, Time);
        Functions = new FunctionService(Store, new FunctionDirectory(), TestFunctions.Arns);
        pool = new EnvironmentPool(
            new FakeEnvironments(AnswerAsync, Time),
            new PoolOptions
            {
                IdleTimeout = TimeSpan.FromDays(1), EnvironmentsMax = 100, SweepPeriod = TimeSpan.FromDays(1),
            },
            Time);
        var limiter = new ConcurrencyLimiter(Functions.Directory, _ => accountLimit, Time);
        Dispatcher = new Dispatcher(
            pool, limiter, Functions.Directory, new RecordingTelemetry(), new CallTraces(1, Time), Time);
        sweeper = new QueueSweeper(Store, Time, NullLogger<QueueSweeper>.Instance);
        Signals = new QueueSignals { Meter = new QueueMeter(Time) };
        Queues = new QueueService(Store, Signals, sweeper, Region, Time);
        Sender = new MessageSender(Store, Signals, Time);
        Receiver = new MessageReceiver(Store, Signals, Region, Time, stopping.Token);
        Settler = new MessageSettler(Store, Signals, Time);
        Mappings = new MappingService(Store, Region, Time);
        Runner = new MappingRunner(
            Mappings,
            new MappingServices
            {
                Store = Store,
                Receiver = Receiver,
                Settler = Settler,
                Targets = new TargetWriter(Signals),
                Scaling = new FixedTargets(1_000),
                Directory = Functions.Directory,
                Dispatcher = Dispatcher,
                Region = Region,
                Time = Time,
                NewId = () => Guid.CreateVersion7().ToString(),
                Stopping = stopping.Token,
            },
            NullLogger<MappingRunner>.Instance);
        Runner.Start();
    }

    public static FunctionId Function { get; } = TestFunctions.Id("worker");

    public VirtualTime Time { get; } = new();

    public QueueSignals Signals { get; }

    public SqliteStore Store { get; }

    public FunctionService Functions { get; }

    public Dispatcher Dispatcher { get; }

    public QueueService Queues { get; }

    public MessageSender Sender { get; }

    public MessageReceiver Receiver { get; }

    public MessageSettler Settler { get; }

    public MappingService Mappings { get; }

    public MappingRunner Runner { get; }

    /// <summary>What the function does with a batch: its answer, or an exception for a failed call.</summary>
    public Func<BatchCall, Task<string>> Handle { get; set; } = _ => Task.FromResult("{}");

    public ConcurrentQueue<BatchCall> Calls { get; } = new();

    public IEnumerable<string> Handled => Calls.SelectMany(call => call.Bodies);

    public static QueueId IdOf(string name = "jobs") => new(AccountId.Root, name);

    public async Task FunctionAsync(int? reserved = null) => (await Functions.ChangeAsync(
        Function, (_, _) => TestFunctions.Create(Function, reserved))).IsSuccess.ShouldBeTrue();

    public async Task QueueAsync(string name = "jobs", params (string Name, string Value)[] attributes)
    {
        var given = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value);
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            given["FifoQueue"] = "true";
        }

        (await Queues.CreateAsync(IdOf(name), given, Kernel.Queues.Queue.NoTags, default)).Error.ShouldBeNull();
    }

    /// <summary>Gives the queue a dead-letter queue with "dead" as its name.</summary>
    public static (string Name, string Value) Redrive(int receives) => (
        "RedrivePolicy",
        $$"""{"deadLetterTargetArn":"{{IdOf("dead").Arn(Region)}}","maxReceiveCount":"{{receives}}"}""");

    public async Task<string> MapAsync(MappingChange? change = null, string queue = "jobs")
    {
        var command = new CreateMapping(
            Guid.CreateVersion7().ToString(),
            IdOf(queue),
            Function,
            null,
            change ?? new MappingChange(),
            EventSourceMapping.NoTags);
        var created = await Mappings.CreateAsync(command, default);
        created.Error.ShouldBeNull();
        return created.Value.Id;
    }

    /// <summary>A function, a queue and a mapping of it.</summary>
    public async Task<string> ReadyAsync(MappingChange? change = null, string queue = "jobs")
    {
        await FunctionAsync();
        await QueueAsync(queue);
        return await MapAsync(change, queue);
    }

    public async Task SendAsync(string body, string queue = "jobs", string? group = null) =>
        (await SendAsync(queue, new SendRequest
        {
            Body = body, GroupId = group, DeduplicationId = group is null ? null : Guid.NewGuid().ToString(),
        })).ShouldNotBeNull();

    public async Task<SentMessage> SendAsync(string queue, SendRequest request) =>
        (await Sender.SendAsync(IdOf(queue), "sender", [request], default)).Value[0].Value;

    public MessageCounts Count(string queue = "jobs") => Queues.Count(Queues.Find(IdOf(queue))!);

    public bool IsEmpty(string queue = "jobs") => Count(queue) == default;

    public MappingState? State(string id) => Mappings.Find(AccountId.Root, id)?.State;

    public async Task<IReadOnlyList<ReceivedMessage>> TakeAsync(string queue) => (await Receiver.ReceiveAsync(
        IdOf(queue), new ReceiveRequest { MessagesMax = 10, WaitSeconds = 0 }, default)).Value;

    /// <summary>Waits for something that another thread does; time stands still.</summary>
    public static async Task WhenAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    /// <summary>Lets time pass until something happened.</summary>
    public async Task PassAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!until())
        {
            Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(1, limit.Token);
        }
    }

    /// <summary>As the server stops: receives end, then what was received is given back.</summary>
    public async Task StopAsync()
    {
        if (!isStopped)
        {
            isStopped = true;
            await stopping.CancelAsync();
            await Runner.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await pool.DisposeAsync();
        await sweeper.DisposeAsync();
        Store.Dispose();
        stopping.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<InvocationOutcome> AnswerAsync(Invocation invocation)
    {
        var call = new BatchCall(invocation, JsonNode.Parse(invocation.Payload.Span)!["Records"]!.AsArray());
        Calls.Enqueue(call);
        try
        {
            return InvocationOutcome.Owned(OutcomeKind.Success, Encoding.UTF8.GetBytes(await Handle(call)));
        }
        catch (InvalidOperationException)
        {
            return InvocationOutcome.Owned(OutcomeKind.HandlerError, "{}"u8.ToArray());
        }
    }
}

using System.Collections.Concurrent;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Delivery;

/// <summary>The delivery of events to a target that does what a test says, in a time that the test moves.</summary>
internal sealed class DeliveryBench : IAsyncDisposable
{
    public const string Region = "us-east-1";

    private readonly bool ownsStore;
    private readonly FixedTargets targets = new(64);
    private readonly EventRunner runner;
    private bool isStopped;
    private int ids;

    public DeliveryBench(FaultyStore? store = null, string holder = "one", bool isOnlyHolder = true, int places = 100)
    {
        ownsStore = store is null;
        Store = store ?? new FaultyStore(TimeProvider.System);
        Writer = new TargetWriter(Signals);
        Parts = new DeliveryParts(
            new DeliveryOptions
            {
                Region = Region,
                Holder = holder,
                IsOnlyHolder = isOnlyHolder,
                PlacesMax = places,
                NewId = () => $"{holder}-{Interlocked.Increment(ref ids)}",
                Chance = new Random(1),
                Time = Time,
                Targets = targets,
            },
            Store,
            Writer,
            new Dictionary<DeliveryTargetKind, IEventTarget> { [DeliveryTargetKind.Function] = new Target(this) });
        runner = new EventRunner(Parts, NullLogger<EventRunner>.Instance);
    }

    public FaultyStore Store { get; }

    public VirtualTime Time { get; init; } = new();

    public QueueSignals Signals { get; } = new();

    public TargetWriter Writer { get; }

    public DeliveryParts Parts { get; }

    public EventInbox Inbox => Parts.Inbox;

    public EventControl Control => Parts.Control;

    public int Concurrency
    {
        get => targets.Calls;
        set => targets.Calls = value;
    }

    public DeliverySettings Settings { get; set; } = DeliverySettings.Default;

    /// <summary>What an attempt comes to.</summary>
    public Func<AsyncEvent, Task<AttemptReport>> Handle { get; set; } = _ => Task.FromResult(Succeeded());

    /// <summary>The attempts that were made.</summary>
    public ConcurrentQueue<AsyncEvent> Attempts { get; } = new();

    public IReadOnlyList<StoredEvent> Kept =>
        Store.Read(transaction => transaction.Events.List(AccountId.Root, null, null, "", 10_000));

    public static AttemptReport Succeeded(string response = "\"done\"") => new(AttemptResult.Succeeded)
    {
        Response = System.Text.Encoding.UTF8.GetBytes(response),
        ExecutedVersion = "$LATEST",
    };

    public static AttemptReport Failed(string message = "no") => new(AttemptResult.Failed)
    {
        Response = System.Text.Encoding.UTF8.GetBytes($$"""{"errorMessage":"{{message}}","errorType":"Error"}"""),
        Error = $"Error: {message}",
        ExecutedVersion = "$LATEST",
    };

    public AsyncEvent NewEvent(string id, string function = "hello", TimeSpan delay = default) => new()
    {
        Id = id,
        Target = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, function)),
        Payload = "{\"n\":1}"u8.ToArray(),
        AcceptedAt = Time.GetUtcNow(),
        FirstDueAt = Time.GetUtcNow() + delay,
        DueAt = Time.GetUtcNow() + delay,
    };

    public Task AcceptAsync(string id) => Inbox.AcceptAsync(NewEvent(id), CancellationToken.None);

    /// <summary>On a thread of its own: the loop runs on until it first waits.</summary>
    public Task StartAsync() => Task.Run(runner.Start);

    /// <summary>Waits for something that another thread does; time stands still.</summary>
    public static async Task WhenAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    /// <summary>Lets time pass until something happened.</summary>
    public async Task PassAsync(Func<bool> until, TimeSpan? step = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!until())
        {
            Time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Task.Delay(1, limit.Token);
        }
    }

    public async Task StopAsync()
    {
        if (!isStopped)
        {
            isStopped = true;
            await runner.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ownsStore)
        {
            Store.Dispose();
        }
    }

    private sealed class Target(DeliveryBench bench) : IEventTarget
    {
        public DeliverySettings SettingsOf(AsyncEvent candidate) => bench.Settings;

        public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
        {
            bench.Attempts.Enqueue(attempted);
            return await bench.Handle(attempted);
        }
    }
}

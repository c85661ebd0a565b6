using System.Collections.Concurrent;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Sandbox.Pool;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Delivery;

/// <summary>An inbox before environments without processes, in a time that the test moves.</summary>
internal sealed class InboxBench : IAsyncDisposable
{
    private readonly EnvironmentPool pool;
    private bool stopped;

    public InboxBench(InMemoryStore? store = null, IStore? seen = null, int accountLimit = 1_000)
    {
        Store = store ?? new InMemoryStore();
        pool = new EnvironmentPool(
            new FakeEnvironments(AnswerAsync, Time),
            new PoolOptions
            {
                IdleTimeout = TimeSpan.FromDays(1), EnvironmentsMax = 100, SweepPeriod = TimeSpan.FromDays(1),
            },
            Time);
        var limiter = new ConcurrencyLimiter(Directory, _ => accountLimit, Time);
        Dispatcher = new Dispatcher(pool, limiter, Directory, new RecordingTelemetry(), Time);
        Inbox = new EventInbox(seen ?? Store, Directory, Dispatcher, Time, NullLogger<EventInbox>.Instance);
        TestFunctions.Announce(Directory, TestFunctions.Create(Function));
    }

    public static FunctionId Function { get; } = TestFunctions.Id("hello");

    public InMemoryStore Store { get; }

    public VirtualTime Time { get; } = new();

    public FunctionDirectory Directory { get; } = new();

    public Dispatcher Dispatcher { get; }

    public EventInbox Inbox { get; }

    /// <summary>What the handler does.</summary>
    public Func<Invocation, Task<OutcomeKind>> Handle { get; set; } = _ => Task.FromResult(OutcomeKind.Success);

    /// <summary>The calls that reached the handler, with their times.</summary>
    public ConcurrentQueue<(string Id, DateTimeOffset Time, string Payload)> Calls { get; } = new();

    public IReadOnlyList<AsyncEvent> Kept =>
        Store.Read(transaction => transaction.Events.Due(DateTimeOffset.MaxValue, int.MaxValue));

    public AsyncEvent NewEvent(string id, string? qualifier = null) => new()
    {
        Id = id,
        Function = Function,
        Qualifier = qualifier,
        Payload = "{\"n\":1}"u8.ToArray(),
        AcceptedAt = Time.GetUtcNow(),
        DueAt = Time.GetUtcNow(),
    };

    /// <summary>On a thread of its own: the loop runs on until it first waits.</summary>
    public Task StartAsync() => Task.Run(Inbox.Start);

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
    public async Task PassAsync(Func<bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!until())
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, limit.Token);
        }
    }

    public async Task StopAsync()
    {
        if (!stopped)
        {
            stopped = true;
            await Inbox.DisposeAsync();
            await pool.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private Task<OutcomeKind> AnswerAsync(Invocation invocation)
    {
        Calls.Enqueue((
            invocation.RequestId, Time.GetUtcNow(), System.Text.Encoding.UTF8.GetString(invocation.Payload.Span)));
        return Handle(invocation);
    }
}

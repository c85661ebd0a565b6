using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Push;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Push;

/// <summary>What came to a subscriber.</summary>
internal sealed record Pushed(string Path, HeaderDictionary Headers, string Body)
{
    public string Id => Headers["webhook-id"].ToString();

    public string Acknowledge => Headers["Lambent-Acknowledge-Url"].ToString();
}

/// <summary>
/// Push queues over the real store, with subscribers that answer what a test says, in a time that the test moves.
/// </summary>
internal sealed class PushBench : IAsyncDisposable
{
    public const string Region = "us-east-1";
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    private readonly bool ownsStore;
    private readonly CancellationTokenSource stopping = new();
    private readonly QueueSignals signals;
    private readonly CallbackSender callbacks;
    private readonly WebApplication outside;
    private bool isStopped;

    private PushBench(FaultyStore store, bool ownsStore, PushTokens tokens)
    {
        this.ownsStore = ownsStore;
        Store = store;
        signals = new QueueSignals { Meter = new QueueMeter(Time) };
        Sweeper = new QueueSweeper(Store, Time, NullLogger<QueueSweeper>.Instance);
        var guard = new OutboundGuard(
            [IPNetwork.Parse("127.0.0.0/8")], () => null, OutboundGuard.ResolveByNameServiceAsync);
        callbacks = new CallbackSender(guard, TimeProvider.System);
        outside = BuildOutside();
        Queues = new QueueService(Store, signals, Sweeper, Region, Time);
        Moves = new MoveTaskRunner(Store, signals, Region, Time, NullLogger<MoveTaskRunner>.Instance);
        Sender = new MessageSender(Store, signals, Time);
        Receiver = new MessageReceiver(Store, signals, Region, Time, stopping.Token);
        Service = new PushService(Store, signals, guard, Region, Time);
        Runner = new PushRunner(
            Service,
            new PushServices
            {
                Store = Store,
                Receiver = Receiver,
                Settler = new MessageSettler(Store, signals, Time),
                Signals = signals,
                Sender = callbacks,
                Tokens = tokens,
                Address = () => new Uri(Outside),
                Region = Region,
                Time = Time,
                Stopping = stopping.Token,
            },
            NullLogger<PushRunner>.Instance);
        Queues.Observer = new PushQueueObserver(null, Runner);
        new PushEndpoint(Service, tokens, NullLogger<PushEndpoint>.Instance).Map(outside);
    }

    public VirtualTime Time { get; } = new();

    public FaultyStore Store { get; }

    public QueueService Queues { get; }

    public QueueSweeper Sweeper { get; }

    public MoveTaskRunner Moves { get; }

    public MessageSender Sender { get; }

    public MessageReceiver Receiver { get; }

    public PushService Service { get; }

    public PushRunner Runner { get; }

    /// <summary>Where subscribers, and the acknowledgements, are.</summary>
    public string Outside => outside.Urls.Single();

    public ConcurrentQueue<Pushed> Calls { get; } = new();

    /// <summary>How a subscriber answers; the status.</summary>
    public Func<Pushed, int> Answer { get; set; } = _ => 200;

    public static async Task<PushBench> StartAsync(FaultyStore? store = null)
    {
        var opened = store ?? new FaultyStore(TimeProvider.System);
        var bench = new PushBench(opened, store is null, await PushTokens.LoadAsync(opened));
        await bench.outside.StartAsync();
        bench.Runner.Start();
        bench.Moves.Start();
        return bench;
    }

    public static QueueId IdOf(string name = "jobs") => new(AccountId.Root, name);

    public async Task QueueAsync(string name)
    {
        var attributes = new Dictionary<string, string>();
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            attributes["FifoQueue"] = "true";
        }

        (await Queues.CreateAsync(IdOf(name), attributes, Kernel.Queues.Queue.NoTags, default)).Error.ShouldBeNull();
    }

    public PushDraft Draft(string name = "jobs", params string[] subscribers) => new()
    {
        Id = IdOf(name),
        Subscribers = [.. (subscribers.Length > 0 ? subscribers : ["a"]).Select(Subscriber)],
        ErrorQueueName = name.EndsWith(".fifo", StringComparison.Ordinal) ? "errors.fifo" : "errors",
    };

    public PushSubscriber Subscriber(string name) => new(name, $"{Outside}/{name}", PushSubscriber.NoHeaders);

    /// <summary>Makes both queues and lets the first push.</summary>
    public async Task<string> PushAsync(PushDraft draft)
    {
        await QueueAsync(draft.Id.Name);
        await QueueAsync(draft.ErrorQueueName!);
        var put = await Service.PutAsync(draft, default);
        put.Error.ShouldBeNull();
        return put.Value.Secret.ShouldNotBeNull();
    }

    public async Task<string> SendAsync(string body, string queue = "jobs", string? group = null)
    {
        var sent = await Sender.SendAsync(
            IdOf(queue),
            "sender",
            [
                new SendRequest
                {
                    Body = body, GroupId = group, DeduplicationId = group is null ? null : Guid.NewGuid().ToString(),
                },
            ],
            default);
        return sent.Value[0].Value.Id;
    }

    public MessageCounts Count(string queue = "jobs") => Queues.Count(Queues.Find(IdOf(queue))!);

    public bool IsEmpty(string queue = "jobs") => Count(queue) == default;

    public int Trace => Store.Read(transaction => transaction.Push.ListProgress(
        transaction.Queues.Get(IdOf())!.Lane, 0, 1_000)).Count;

    public async Task<IReadOnlyList<ReceivedMessage>> TakeAsync(string queue) => (await Receiver.ReceiveAsync(
        IdOf(queue), new ReceiveRequest { MessagesMax = 10, WaitSeconds = 0 }, default)).Value;

    public static async Task<int> PostAsync(string url, string method = "POST")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url));
        using var response = await Client.SendAsync(request);
        return (int)response.StatusCode;
    }

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
    public async Task PassAsync(Func<bool> until, int seconds = 5)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!until())
        {
            // What is under way takes real time: it must not be too late for that.
            if (Runner.View(IdOf()).Running + Runner.View(IdOf("jobs.fifo")).Running == 0)
            {
                Time.Advance(TimeSpan.FromSeconds(seconds));
            }

            await Task.Delay(2, limit.Token);
        }
    }

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
        await outside.DisposeAsync();
        await Moves.DisposeAsync();
        await Sweeper.DisposeAsync();
        callbacks.Dispose();
        if (ownsStore)
        {
            Store.Dispose();
        }

        stopping.Dispose();
    }

    private WebApplication BuildOutside()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        built.MapPost("/{name}", async (HttpContext http, string name) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var pushed = new Pushed(name, new HeaderDictionary(), await reader.ReadToEndAsync());
            foreach (var (header, value) in http.Request.Headers)
            {
                pushed.Headers[header] = value;
            }

            Calls.Enqueue(pushed);
            http.Response.StatusCode = Answer(pushed);
        });
        return built;
    }
}

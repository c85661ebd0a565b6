using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Queues;
using Lambent.Server.Access;
using Lambent.Server.Delivery;
using Lambent.Server.Functions;
using Lambent.Server.Native;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Access;
using Lambent.Server.Tests.Memory;
using Lambent.Server.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Webhooks;

/// <summary>What was answered.</summary>
internal sealed record HookAnswer(int Status, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string this[string member] => Json[member]?.ToString() ?? "";

    public string Code => (string?)Json["error"]?["code"] ?? "";
}

/// <summary>What came to the address outside.</summary>
internal sealed record Received(string Path, HeaderDictionary Headers, byte[] Body);

/// <summary>
/// Webhooks as in the product, on a free loopback port and over the real store, with an address outside that answers
/// what a test says. The account has the function hello and the queue orders.
/// </summary>
internal sealed class WebhookBench : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false });

    private readonly FaultyStore store = new(TimeProvider.System);
    private readonly RequestIds ids = new(TimeProvider.System);
    private readonly WebApplication application;
    private readonly WebApplication outside;
    private readonly CallbackSender sender;
    private readonly EventRunner runner;

    private WebhookBench(bool allowsLoopback)
    {
        Writer = new TargetWriter(new QueueSignals());
        Directory = new WebhookDirectory(store);
        var guard = new OutboundGuard(
            allowsLoopback ? [IPNetwork.Parse("127.0.0.0/8")] : [],
            () => application is null ? null : new Uri(Address).Port,
            (host, cancellation) => host == "rebind.test"
                ? Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254")])
                : OutboundGuard.ResolveByNameServiceAsync(host, cancellation));
        sender = new CallbackSender(guard, Time);
        Service = new WebhookService(store, Directory, guard, Time);
        var changes = new StateChanges(Directory, Writer, Region, ids.Next, Time);
        var target = new CallbackTarget(
            Directory,
            sender,
            async (id, reason) => await Service.DisableAsync(id, reason),
            NullLogger<CallbackTarget>.Instance);
        Functions = new FunctionService(store, new FunctionDirectory(), new FunctionArns(Region))
        {
            Observer = changes,
        };
        runner = new EventRunner(
            new DeliveryParts(
                new DeliveryOptions
                {
                    Region = Region,
                    Holder = "one",
                    NewId = ids.Next,
                    Chance = new Random(1),
                    Time = TimeProvider.System,
                    Observer = changes,
                },
                store,
                Writer,
                new Dictionary<DeliveryTargetKind, IEventTarget>
                {
                    [DeliveryTargetKind.Callback] = target,
                    [DeliveryTargetKind.Function] = new FailingFunction(),
                }),
            NullLogger<EventRunner>.Instance);
        application = Build(target);
        outside = BuildOutside();
    }

    public ShiftedTime Time { get; } = new();

    public FaultyStore Store => store;

    public FunctionService Functions { get; }

    public WebhookService Service { get; }

    public WebhookDirectory Directory { get; }

    public TargetWriter Writer { get; }

    public string Address => application.Urls.Single();

    /// <summary>The address outside.</summary>
    public string Outside => outside.Urls.Single();

    public ConcurrentQueue<Received> Calls { get; } = new();

    /// <summary>How the address outside answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    /// <summary>Events that were accepted and not delivered.</summary>
    public IReadOnlyList<AsyncEvent> Events => [.. store
        .Read(transaction => transaction.Events.List(AccountId.Root, null, null, "", 1_000))
        .Select(kept => kept.Event)];

    public static async Task<WebhookBench> StartAsync(bool allowsLoopback = true)
    {
        var bench = new WebhookBench(allowsLoopback);
        await bench.application.StartAsync();
        await bench.outside.StartAsync();
        (await bench.Functions.ChangeAsync(
            new FunctionId(AccountId.Root, "hello"), (_, _) => NewFunction("hello"))).Error.ShouldBeNull();
        (await bench.store.WriteAsync<Done>(transaction =>
        {
            transaction.Queues.Put(NewQueue("orders", 1));
            transaction.Queues.Put(NewQueue("orders.fifo", 2));
            return Done.Value;
        })).Error.ShouldBeNull();
        return bench;
    }

    /// <summary>On a thread of its own: the loop runs on until it first waits.</summary>
    public Task DeliverAsync() => Task.Run(runner.Start);

    /// <summary>The native API, as an account.</summary>
    public async Task<HookAnswer> SendAsync(
        string method, string path, string? json = null, string caller = "000000000000")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Address}{path}")
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-test-account", caller);
        return await ReadAsync(request);
    }

    /// <summary>Makes a webhook and answers with what was shown of it.</summary>
    public async Task<HookAnswer> CreateAsync(string json)
    {
        var created = await SendAsync("POST", "/v1/webhooks", json);
        created.Status.ShouldBe(201, created.Text);
        return created;
    }

    /// <summary>A request to a webhook's address.</summary>
    public static async Task<HookAnswer> PostAsync(string address, byte[] body, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        foreach (var header in headers)
        {
            var pair = header.Split(": ", 2);
            request.Headers.TryAddWithoutValidation(pair[0], pair[1]).ShouldBeTrue();
        }

        return await ReadAsync(request);
    }

    public static Task<HookAnswer> PostAsync(string address, string body, params string[] headers) =>
        PostAsync(address, Encoding.UTF8.GetBytes(body), headers);

    public static string GitHubSignature(string secret, string body) => "X-Hub-Signature-256: sha256="
        + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)));

    /// <summary>The bodies of a queue's messages.</summary>
    public IReadOnlyList<string> Messages(string queue) => store.Read<IReadOnlyList<string>>(transaction =>
    {
        var lane = transaction.Queues.Get(new QueueId(AccountId.Root, queue))!.Lane;
        return
        [
            .. transaction.Messages.Oldest(lane, 100)
                .Select(state => transaction.Messages.Content(lane, state.Sequence).Body),
        ];
    });

    public static async Task WhenAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await runner.DisposeAsync();
        await application.DisposeAsync();
        await outside.DisposeAsync();
        sender.Dispose();
        store.Dispose();
    }

    private static async Task<HookAnswer> ReadAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        return new HookAnswer((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private WebApplication Build(CallbackTarget target)
    {
        target.ShouldNotBeNull();
        var built = NewApplication();
        var receiver = new WebhookReceiver(store, Writer, ids.Next, Time);
        new WebhookEndpoint(receiver, new WebhookRates(Time), NullLogger<WebhookEndpoint>.Instance).Map(built);
        var endpoints = new NativeEndpoints(new FakeAuthenticator(), ids, NullLogger<NativeEndpoints>.Instance);
        new WebhookOperations(Service, receiver, sender, () => new Uri(Address), Region, ids.Next, Time)
            .Map(endpoints, built);
        return built;
    }

    private WebApplication BuildOutside()
    {
        var built = NewApplication();
        built.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);

            // Copied: the server uses its own again for the next request.
            var headers = new HeaderDictionary(
                http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            Calls.Enqueue(new Received(http.Request.Path, headers, body.ToArray()));
            await Answer(http);
        });
        return built;
    }

    private static WebApplication NewApplication()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static Function NewFunction(string name) => new()
    {
        Id = new FunctionId(AccountId.Root, name),
        Latest = new FunctionVersion
        {
            Version = FunctionVersion.LatestName,
            Runtime = "nodejs20.x",
            Handler = "index.handler",
            Role = "arn:aws:iam::000000000000:role/lambda",
            Code = new PackageReference(new string('a', 64), 1_000),
            LastModifiedAt = DateTimeOffset.UnixEpoch,
            RevisionId = "revision",
            State = FunctionState.Active,
            LastUpdateStatus = UpdateStatus.Successful,
        },
    };

    private static Queue NewQueue(string name, long number) => new()
    {
        Id = new QueueId(AccountId.Root, name),
        Number = number,
        LaneNumber = number,
        CreatedAt = DateTimeOffset.UnixEpoch,
        ModifiedAt = DateTimeOffset.UnixEpoch,
        Settings = new QueueSettings(),
        Tags = ImmutableSortedDictionary<string, string>.Empty,
    };

    /// <summary>Every call fails for good.</summary>
    private sealed class FailingFunction : IEventTarget
    {
        public DeliverySettings SettingsOf(AsyncEvent candidate) => DeliverySettings.Default with { RetriesMax = 0 };

        public ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping) =>
            ValueTask.FromResult(new AttemptReport(AttemptResult.Failed) { Error = "Error: no" });
    }

    private sealed class FakeAuthenticator : IRequestAuthenticator
    {
        public Error? CheckHead(HttpContext http) => null;

        public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body) =>
            ValueTask.FromResult<Result<Principal>>(
                new Principal(AccountId.Parse(http.Request.Headers["x-test-account"]!), "AKIATEST"));
    }
}

using System.Net;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Server.Access;
using Lambent.Server.Delivery;
using Lambent.Server.Insight;
using Lambent.Server.Native;
using Lambent.Server.Push;
using Lambent.Server.Tests.Delivery;
using Lambent.Server.Tests.Mappings;
using Lambent.Server.Webhooks;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Native;

/// <summary>/v1/queues and /v1/events over queues and mappings that work, on a free loopback port.</summary>
internal sealed class QueueApiServer : IAsyncDisposable
{
    private const string CallerHeader = "x-test-account";
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-queue-api-");
    private readonly CancellationTokenSource stopping = new();
    private readonly CallbackSender callbacks;
    private readonly TelemetryStore telemetry;
    private readonly WebApplication application;
    private readonly HttpClient client = new();

    private QueueApiServer(PushTokens tokens, MappingBench bench)
    {
        Bench = bench;
        telemetry = TelemetryStore.Open(
            new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, TimeProvider.System);
        var guard = new OutboundGuard(
            [IPNetwork.Parse("127.0.0.0/8")], () => null, OutboundGuard.ResolveByNameServiceAsync);
        callbacks = new CallbackSender(guard, TimeProvider.System);
        Pushes = new PushService(bench.Store, bench.Signals, guard, MappingBench.Region, bench.Time);
        Runner = new PushRunner(
            Pushes,
            new PushServices
            {
                Store = bench.Store,
                Receiver = bench.Receiver,
                Settler = bench.Settler,
                Signals = bench.Signals,
                Sender = callbacks,
                Tokens = tokens,
                Address = () => Address,
                Region = MappingBench.Region,
                Time = bench.Time,
                Stopping = stopping.Token,
            },
            NullLogger<PushRunner>.Instance);
        Insight = new QueueInsight(
            bench.Store, bench.Signals, bench.Functions.Directory, bench.Runner, Runner, bench.Time);
        Delivery = new DeliveryParts(
            new DeliveryOptions
            {
                Region = MappingBench.Region,
                Holder = "one",
                NewId = () => Guid.CreateVersion7().ToString(),
                Chance = new Random(1),
                Time = bench.Time,
                Targets = new FixedTargets(1),
            },
            bench.Store,
            new TargetWriter(bench.Signals),
            new Dictionary<DeliveryTargetKind, IEventTarget>());
        application = Build();
    }

    public MappingBench Bench { get; }

    public PushService Pushes { get; }

    public PushRunner Runner { get; }

    public QueueInsight Insight { get; }

    public DeliveryParts Delivery { get; }

    private Uri Address => new(application.Urls.Single());

    public static async Task<QueueApiServer> StartAsync()
    {
        var bench = new MappingBench();
        await new AccountService(bench.Store, new AccessKeyDirectory(bench.Store), bench.Time).EnsureRootAsync();
        var server = new QueueApiServer(await PushTokens.LoadAsync(bench.Store), bench);
        await server.application.StartAsync();
        server.client.BaseAddress = server.Address;
        server.Runner.Start();
        return server;
    }

    public async Task<NativeAnswer> SendAsync(string method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative))
        {
            Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation(CallerHeader, AccountId.Root.Value);
        using var response = await client.SendAsync(request);
        return new NativeAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsByteArrayAsync());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await stopping.CancelAsync();
        await Bench.StopAsync();
        await Runner.DisposeAsync();
        await application.DisposeAsync();
        await Bench.DisposeAsync();
        callbacks.Dispose();
        telemetry.Dispose();
        stopping.Dispose();
        folder.Delete(recursive: true);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var endpoints = new NativeEndpoints(
            new HeaderAuthenticator(), new RequestIds(Bench.Time), NullLogger<NativeEndpoints>.Instance);
        new QueueOperations(Insight, () => Address, MappingBench.Region).Map(endpoints, built);
        new QueuePeek(Bench.Store, Bench.Time).Map(endpoints, built);
        new PushOperations(Pushes, Runner).Map(endpoints, built);
        new EventOperations(Delivery.Control, telemetry, MappingBench.Region).Map(endpoints, built);
        return built;
    }

    private sealed class HeaderAuthenticator : IRequestAuthenticator
    {
        public Error? CheckHead(HttpContext http) => null;

        public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body) =>
            ValueTask.FromResult<Result<Principal>>(new Principal(
                AccountId.Parse(http.Request.Headers[CallerHeader].ToString()), "AKIATEST", null));
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Sandbox.Interpreters;
using Lambent.Sandbox.Pool;
using Lambent.Server.Access;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Native;
using Lambent.Server.Objects;
using Lambent.Server.Replays;
using Lambent.Server.Scaling;
using Lambent.Server.Telemetry;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Native;

/// <summary>The native API on a free loopback port. A header says who the caller is.</summary>
internal sealed class NativeServer : IAsyncDisposable
{
    public const string Tenant = "111122223333";

    private const string CallerHeader = "x-test-account";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-native-");
    private readonly CancellationTokenSource stopping = new();
    private readonly EnvironmentPool pool;
    private readonly ProvisionedEnvironments provisioned;
    private readonly ConcurrencyReservations reservations;
    private readonly WebApplication application;
    private readonly HttpClient client;

    private NativeServer(Action<NativeEndpoints, WebApplication>? mapMore)
    {
        Telemetry = TelemetryStore.Open(
            new TelemetryOptions { Path = Path.Combine(folder.FullName, "telemetry.db") }, TimeProvider.System);
        Accounts = new AccountService(Store, new AccessKeyDirectory(Store), Time);
        pool = new EnvironmentPool(
            new FakeEnvironments(_ => Task.FromResult(OutcomeKind.Success), Time),
            new PoolOptions { IdleTimeout = TimeSpan.FromDays(1), EnvironmentsMax = 10 },
            Time);
        var limiter = new ConcurrencyLimiter(Functions, _ => 10, Time);
        Dispatcher = new Dispatcher(pool, limiter, Functions, new RecordingTelemetry(), new CallTraces(1, Time), Time);
        Scaling = new ScaleController(pool, Functions, limiter, new ScaleControllerOptions(), Time);
        var arns = new FunctionArns("us-east-1");
        provisioned = new ProvisionedEnvironments(pool, Functions, Time);
        FunctionService = new FunctionService(Store, Functions, arns);
        reservations = new ConcurrencyReservations(FunctionService);
        application = Build(arns, mapMore);
        client = new HttpClient();
    }

    public InMemoryStore Store { get; } = new();

    public InMemoryPackageStore Packages { get; } = new();

    public VirtualTime Time { get; } = new();

    public ObjectService Objects => field ??= InMemoryContents.Service(Store, Time);

    public FunctionDirectory Functions { get; } = new();

    public FunctionService FunctionService { get; }

    public TelemetryStore Telemetry { get; }

    public AccountService Accounts { get; }

    public Dispatcher Dispatcher { get; }

    public ScaleController Scaling { get; }

    /// <param name="mapMore">Maps operations that need more than this server has.</param>
    public static async Task<NativeServer> StartAsync(Action<NativeEndpoints, WebApplication>? mapMore = null)
    {
        var server = new NativeServer(mapMore);
        (await server.Accounts.EnsureRootAsync()).IsSuccess.ShouldBeTrue();
        (await server.Accounts.CreateAsync("tenant", AccountId.Parse(Tenant))).IsSuccess.ShouldBeTrue();
        await server.application.StartAsync();
        server.client.BaseAddress = new Uri(server.application.Urls.Single());
        return server;
    }

    public Task<NativeAnswer> SendAsync(
        string method, string path, string? json = null, string caller = "000000000000") =>
        SendAsync(
            method,
            path,
            json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"),
            caller);

    public async Task<NativeAnswer> SendAsync(
        string method, string path, HttpContent? content, string caller = "000000000000")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative))
        {
            Content = content,
        };
        request.Headers.TryAddWithoutValidation(CallerHeader, caller);
        using var response = await client.SendAsync(request);
        response.Headers.Contains("x-request-id").ShouldBeTrue();
        return new NativeAnswer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsByteArrayAsync())
        {
            Disposition = response.Content.Headers.ContentDisposition?.ToString(),
            Headers = response.Headers.ToDictionary(header => header.Key, header => header.Value.First()),
        };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await stopping.CancelAsync();
        await application.DisposeAsync();
        provisioned.Dispose();
        Scaling.Dispose();
        reservations.Dispose();
        await pool.DisposeAsync();
        Telemetry.Dispose();
        stopping.Dispose();
        folder.Delete(recursive: true);
    }

    private WebApplication Build(FunctionArns arns, Action<NativeEndpoints, WebApplication>? mapMore)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var endpoints = new NativeEndpoints(
            new FakeAuthenticator(), new RequestIds(Time), NullLogger<NativeEndpoints>.Instance);
        new AccountOperations(Accounts).Map(endpoints, built);
        new BlobOperations(Store, Packages, Objects).Map(endpoints, built);
        new ProvisionedOperations(
            FunctionService,
            reservations,
            provisioned,
            arns,
            Time,
            () => "revision").Map(endpoints, built);
        new ScalingOperations(Scaling, Functions, arns).Map(endpoints, built);
        new LogOperations(Telemetry, Time, stopping.Token).Map(endpoints, built);
        new StatusOperations(
            new ServerOptions { RuntimesFolder = folder.FullName },
            Functions,
            Dispatcher,
            pool,
            new InterpreterCatalog(folder.FullName),
            Telemetry,
            () => 0,
            [],
            Time.GetUtcNow()).Map(endpoints, built);
        new NodeOperations(
            new ServerOptions { RuntimesFolder = folder.FullName, DataFolder = folder.FullName },
            pool,
            new ProcessorMeter(Time),
            Functions,
            Time.GetUtcNow()).Map(endpoints, built);
        new ErrorOperations(Telemetry, new SourceViewer(Packages), TimeProvider.System).Map(endpoints, built);
        new InvocationOperations(Telemetry, new ReplaySource(Telemetry), TimeProvider.System).Map(endpoints, built);
        new FunctionListOperations(Functions, Telemetry).Map(endpoints, built);
        mapMore?.Invoke(endpoints, built);
        return built;
    }

    /// <summary>Believes a header: an account, account/function for a function's session, or nobody.</summary>
    private sealed class FakeAuthenticator : IRequestAuthenticator
    {
        public Error? CheckHead(HttpContext http) => null;

        public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body)
        {
            var parts = http.Request.Headers[CallerHeader].ToString().Split('/');
            return ValueTask.FromResult(
                !AccountId.TryParse(parts[0], out var account)
                    ? new Error(ErrorCode.AuthenticationMissing, "Missing Authentication Token")
                    : (Result<Principal>)new Principal(
                        account, "AKIATEST", parts.Length > 1 ? new FunctionId(account, parts[1]) : null));
        }
    }
}

/// <summary>An answer read whole.</summary>
internal sealed record NativeAnswer(HttpStatusCode Status, string? ContentType, byte[] Body)
{
    public string? Disposition { get; init; }

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Asserts the one shape of every failure.</summary>
    public void ShouldFail(int status, ErrorCode code, string? field = null)
    {
        ((int)Status).ShouldBe(status, Text);
        ContentType.ShouldBe("application/json");
        var error = Json["error"]!.AsObject();
        error["code"]!.ToString().ShouldBe(code.ToString());
        error["message"]!.ToString().ShouldNotBeEmpty();
        error["requestId"]!.ToString().ShouldNotBeEmpty();
        error["field"]?.ToString().ShouldBe(field);
    }
}

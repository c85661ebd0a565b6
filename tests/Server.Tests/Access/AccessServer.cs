using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Packages;
using Lambent.Protocol.Signing;
using Lambent.Sandbox.Pool;
using Lambent.Server.Access;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.Sts;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Tests.Aws.Lambda;
using Lambent.Server.Tests.Dispatch;
using Lambent.Server.Tests.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Access;

/// <summary>
/// The AWS APIs on a free loopback port with signatures verified and access decided as in the product, and everything
/// behind them in memory. What is no operation answers who signed it, so that any address can be tried.
/// </summary>
internal sealed class AccessServer : IAsyncDisposable
{
    private static readonly HttpClient Client = new();

    private readonly WebApplication application;
    private readonly FunctionActivator activator;
    private readonly ConcurrencyReservations reservations;

    private AccessServer(WebApplication application, FunctionActivator activator, ConcurrencyReservations reservations)
    {
        this.application = application;
        this.activator = activator;
        this.reservations = reservations;
    }

    public string Address => application.Urls.Single();

    public required InMemoryStore Store { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required FunctionService Functions { get; init; }

    public required ShiftedTime Time { get; init; }

    public required EnvironmentPool Pool { get; init; }

    public required ProvisionedEnvironments Provisioned { get; init; }

    /// <summary>The root account's key.</summary>
    public required AccessKey Root { get; init; }

    public string Region => "us-east-1";

    public static async Task<AccessServer> StartAsync(IEnvironmentStarter? starter = null)
    {
        var store = new InMemoryStore();
        var time = new ShiftedTime();
        var options = new ServerOptions { RuntimesFolder = "runtimes" };
        var directory = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, directory, time);
        var root = (await accounts.EnsureRootAsync()).Value;
        var arns = new FunctionArns(options.Region);
        var functions = new FunctionService(store, new FunctionDirectory(), arns);
        var sessions = new SessionTokens(
            (await SessionTokens.LoadKeyAsync(store)).Value, id => functions.Directory.Find(id) is not null, time);
        var packages = new InMemoryPackageStore();
        var activator = FunctionActivator.Start(
            new FunctionActivatorOptions(), functions, arns, packages, time, NewId,
            NullLogger<FunctionActivator>.Instance);
        var services = new LambdaServices
        {
            Store = store,
            Functions = functions,
            Arns = arns,
            Packages = packages,
            Objects = InMemoryContents.Service(store, time),
            Options = options,
            Time = time,
            NewId = NewId,
            Markers = await PageMarkers.LoadAsync(store),
            Links = new FixedLinks(),
            CheckRuntime = _ => null,
            Activate = activator.Activate,
        };
        var reservations = new ConcurrencyReservations(functions);
        var pool = new EnvironmentPool(
            starter ?? new FakeEnvironments(_ => Task.FromResult(OutcomeKind.Success), time),
            new PoolOptions { IdleTimeout = TimeSpan.FromMinutes(1), EnvironmentsMax = 100 },
            time);
        var provisioned = new ProvisionedEnvironments(pool, functions.Directory, time);
        var application = await ServeAsync(
            services, reservations, provisioned, new AccessKeySource(directory, sessions), time);
        return new AccessServer(application, activator, reservations)
        {
            Store = store,
            Accounts = accounts,
            Sessions = sessions,
            Functions = functions,
            Time = time,
            Root = root,
            Pool = pool,
            Provisioned = provisioned,
        };
    }

    /// <summary>A function that is active, as the store holds it.</summary>
    public static Function NewFunction(FunctionId id) => new()
    {
        Id = id,
        Latest = new FunctionVersion
        {
            Version = FunctionVersion.LatestName,
            Runtime = "nodejs20.x",
            Handler = "index.handler",
            Role = "arn:aws:iam::000000000000:role/lambda",
            Code = new PackageReference(new string('a', 64), 1_000),
            State = FunctionState.Active,
            LastUpdateStatus = UpdateStatus.Successful,
            LastModifiedAt = VerifierBench.Noon,
            RevisionId = "latest-revision",
        },
    };

    public async Task<FunctionId> AddFunctionAsync(string name, AccountId? account = null)
    {
        var id = new FunctionId(account ?? AccountId.Root, name);
        var added = await Functions.ChangeAsync(id, (_, _) => NewFunction(id) with
        {
            Versions = NewFunction(id).Versions.Add(1, NewFunction(id).Latest with { Version = "1" }),
            LastPublishedVersion = 1,
            Aliases = NewFunction(id).Aliases.Add(
                "prod", new Alias { Name = "prod", FunctionVersion = "1", RevisionId = "alias-revision" }),
        });
        return added.Value.Id;
    }

    public Task<LambdaAnswer> SendAsync(
        string method, string path, JsonNode? json = null, AccessKey? key = null) =>
        SendAsync(method, path, json, Credentials(key ?? Root));

    /// <summary>Sends a signed request and reads the whole answer.</summary>
    public async Task<LambdaAnswer> SendAsync(
        string method, string path, JsonNode? json, SigningCredentials credentials, string service = "lambda")
    {
        var body = Encoding.UTF8.GetBytes(json?.ToJsonString() ?? "");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address + path));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        new RequestSigner(credentials, Region, service).Sign(request, body, Time.GetUtcNow());
        using var response = await Client.SendAsync(request);
        return new LambdaAnswer(
            response.StatusCode,
            response.Headers.TryGetValues(AwsErrors.TypeHeader, out var types) ? types.Single() : null,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Contains(AwsEndpoints.RequestIdHeader));
    }

    public static SigningCredentials Credentials(AccessKey key) => new(key.Id, key.Secret);

    public SigningCredentials Session(FunctionId function)
    {
        var session = Sessions.Issue(function, TimeSpan.FromHours(1));
        return new SigningCredentials(session.AccessKeyId, session.Secret, session.SessionToken);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        Provisioned.Dispose();
        await Pool.DisposeAsync();
        await activator.DisposeAsync();
        reservations.Dispose();
    }

    private static async Task<WebApplication> ServeAsync(
        LambdaServices services,
        ConcurrencyReservations reservations,
        ProvisionedEnvironments provisioned,
        AccessKeySource keys,
        ShiftedTime time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var region = services.Options.Region;
        var verifier = new SignatureVerifier(keys, new SignatureScope(region, "lambda"), time);
        var stsVerifier = new SignatureVerifier(
            keys, new SignatureScope(region, StsEndpoint.Service) { AcceptsGlobalRegion = true }, time);
        new StsEndpoint(stsVerifier, NewId, NullLogger<StsEndpoint>.Instance).Map(application);
        application.UseRouting();
        var endpoints = new AwsEndpoints(
            verifier, new Authorizer(services.Functions.Directory, services.Arns), NewId,
            NullLogger<AwsEndpoints>.Instance);
        var urls = new FunctionUrls(() => new Uri(application.Urls.Single()), services.Functions.Directory);
        endpoints.Map(
            application,
            [
                .. LambdaOperations.All(services),
                .. LambdaAccessOperations.All(services, urls, reservations, provisioned),
            ],
            LambdaOperations.Dates);
        application.MapFallback("{**path}", http => WhoAsync(http, verifier));
        await application.StartAsync();
        return application;
    }

    private static async Task WhoAsync(HttpContext http, SignatureVerifier verifier)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var result = verifier.Verify(http, body.GetBuffer().AsSpan(0, (int)body.Length));
        http.Response.StatusCode = result.IsSuccess ? 200 : 403;
        await http.Response.WriteAsync(result.Error?.ToString() ?? result.Value.Arn);
    }

    private static string NewId() => Guid.NewGuid().ToString();

    private sealed class FixedLinks : IPackageLinks
    {
        public Uri Download(Principal principal, string digest, string? layerArn = null) =>
            new($"http://127.0.0.1/packages/{digest}");
    }
}

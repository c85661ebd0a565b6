using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Objects;
using Lambent.Server.Access;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Functions;
using Lambent.Server.Objects;
using Lambent.Server.Tests.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>The Lambda API on a free loopback port, with everything behind it in memory.</summary>
internal sealed class LambdaServer : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::000000000000:role/lambda";

    /// <summary>An account whose requests are refused by their head.</summary>
    public const string Stranger = "999999999999";

    private readonly WebApplication application;
    private readonly HttpClient client;

    private LambdaServer(WebApplication application, string address)
    {
        this.application = application;
        Address = address;
        client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public string Address { get; }

    public required InMemoryStore Store { get; init; }

    public required InMemoryPackageStore Packages { get; init; }

    public required ManualTime Time { get; init; }

    public required FunctionService Functions { get; init; }

    public required FunctionActivator Activator { get; init; }

    public static async Task<LambdaServer> StartAsync(
        InMemoryStore? store = null,
        InMemoryPackageStore? packages = null,
        ServerOptions? options = null,
        Func<RuntimeDefinition, Error?>? checkRuntime = null)
    {
        store ??= new InMemoryStore();
        packages ??= new InMemoryPackageStore();
        options ??= new ServerOptions { RuntimesFolder = "runtimes" };
        var time = new ManualTime();
        var arns = new FunctionArns(options.Region);
        var functions = new FunctionService(store, new FunctionDirectory(), arns);
        functions.Load();
        var activator = FunctionActivator.Start(
            new FunctionActivatorOptions(),
            functions,
            arns,
            packages,
            time,
            NewId,
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
            Links = new FakeLinks(),
            CheckRuntime = checkRuntime ?? (_ => null),
            Activate = activator.Activate,
        };
        var application = await ServeAsync(services);
        return new LambdaServer(application, application.Urls.Single())
        {
            Store = store,
            Packages = packages,
            Time = time,
            Functions = functions,
            Activator = activator,
            Objects = services.Objects,
        };
    }

    private ObjectService Objects { get; init; } = null!;

    /// <summary>Puts an object into a bucket of the root account, which is made when it is missing.</summary>
    public async Task PutObjectAsync(string bucket, string key, byte[] bytes)
    {
        using var writer = Objects.Begin();
        writer.Write(bytes).IsSuccess.ShouldBeTrue();
        var wish = new PutWish { Name = new ObjectName(AccountId.Root, bucket, key), MakesBucket = true };
        (await Objects.PutAsync(wish, writer.Complete().Value, CancellationToken.None)).IsSuccess.ShouldBeTrue();
    }

    /// <summary>Sends a request as an account and reads the whole answer.</summary>
    public async Task<LambdaAnswer> SendAsync(
        HttpMethod method, string path, HttpContent? content = null, string account = "000000000000")
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.TryAddWithoutValidation(FakeAuthenticator.Header, account);
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new LambdaAnswer(
            response.StatusCode,
            response.Headers.TryGetValues(AwsErrors.TypeHeader, out var types) ? types.Single() : null,
            text,
            response.Headers.Contains(AwsEndpoints.RequestIdHeader));
    }

    public Task<LambdaAnswer> SendAsync(
        string method, string path, JsonNode? json = null, string account = "000000000000") =>
        SendAsync(
            new HttpMethod(method),
            path,
            json is null ? null : new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json"),
            account);

    /// <summary>Creates a function, and waits until it is active.</summary>
    public async Task CreateAsync(string name, JsonObject? more = null, string account = "000000000000")
    {
        var body = CreateBody(name);
        foreach (var (key, value) in more ?? [])
        {
            body[key] = value?.DeepClone();
        }

        (await SendAsync("POST", "/2015-03-31/functions", body, account)).ShouldBe(HttpStatusCode.Created);
        await WhenSettledAsync(name, account);
    }

    /// <summary>Waits until neither the creation nor an update of the function is under way.</summary>
    public async Task WhenSettledAsync(string name, string account = "000000000000")
    {
        // The activator works in the background; yielding lets it, and the limit turns a hang into a failure.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var id = new FunctionId(AccountId.Parse(account), name);
        while (Functions.Directory.Find(id)!.Function is { } function
            && (Kernel.Functions.Commands.FinishActivation.IsNeeded(function.Latest)
                || function.Versions.Values.Any(Kernel.Functions.Commands.FinishActivation.IsNeeded)))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Delay(1, limit.Token);
        }
    }

    public static JsonObject CreateBody(string name) => new()
    {
        ["FunctionName"] = name,
        ["Runtime"] = "nodejs20.x",
        ["Handler"] = "index.handler",
        ["Role"] = Role,
        ["Code"] = new JsonObject { ["ZipFile"] = Zip("exports.handler = async () => 1") },
    };

    /// <summary>A zip file with one file, as base64.</summary>
    public static string Zip(string text)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = archive.CreateEntry("index.js");
            entry.LastWriteTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using var writer = new StreamWriter(entry.Open());
            writer.Write(text);
        }

        return Convert.ToBase64String(buffer.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await application.DisposeAsync();
        await Activator.DisposeAsync();
    }

    /// <summary>The operations, and some more, by whoever says it is an account.</summary>
    public static async Task<WebApplication> ServeAsync(LambdaServices services, params AwsOperation[] more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var endpoints = new AwsEndpoints(
            new FakeAuthenticator(), new FakeAuthorizer(), NewId, NullLogger<AwsEndpoints>.Instance);
        endpoints.Map(application, [.. LambdaOperations.All(services), .. more], LambdaOperations.Dates);
        await application.StartAsync();
        return application;
    }

    public static string NewId() => Guid.NewGuid().ToString();

    /// <summary>Believes a header, or the account digits in the key id that a real client signs with.</summary>
    private sealed class FakeAuthenticator : IRequestAuthenticator
    {
        public const string Header = "x-test-account";

        /// <summary>The all-nines account has no key.</summary>
        public Error? CheckHead(HttpContext http) =>
            http.Request.Headers[Header] == Stranger
                ? new Error(ErrorCode.AccessKeyUnknown, "The security token included in the request is invalid.")
                : null;

        public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body)
        {
            var account = http.Request.Headers[Header].FirstOrDefault() ?? AccountId.Root.Value;
            return ValueTask.FromResult<Result<Principal>>(new Principal(AccountId.Parse(account), "AKIATEST"));
        }
    }

    /// <summary>Everything in the caller's own account, nothing in another.</summary>
    private sealed class FakeAuthorizer : IAuthorizer
    {
        public Result<Done> Authorize(Principal principal, string action, FunctionId? function, string? qualifier) =>
            function is { } id && id.Account != principal.Account
                ? new Error(ErrorCode.AccessDenied, $"{principal.Arn} may not {action}")
                : Done.Value;
    }

    public sealed class FakeLinks : IPackageLinks
    {
        public Uri Download(Principal principal, string digest, string? layerArn = null) =>
            new($"http://127.0.0.1/packages/{digest}?signed=1");
    }
}

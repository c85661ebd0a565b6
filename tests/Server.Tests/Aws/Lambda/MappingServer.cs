using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Server.Aws.Lambda;
using Lambent.Server.Aws.Lambda.Mappings;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Mappings;
using Lambent.Server.Tests.Memory;
using Microsoft.AspNetCore.Builder;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>The Lambda API over mappings that work: a queue "jobs" and a function "worker" are there.</summary>
internal sealed class MappingServer : IAsyncDisposable
{
    public const string Path = "/2015-03-31/event-source-mappings";
    private readonly WebApplication application;
    private readonly HttpClient client;

    private MappingServer(WebApplication application, MappingBench bench)
    {
        this.application = application;
        Bench = bench;
        client = new HttpClient { BaseAddress = new Uri(application.Urls.Single()) };
    }

    public MappingBench Bench { get; }

    public static string Arn(string queue = "jobs") => MappingBench.IdOf(queue).Arn(MappingBench.Region);

    public static async Task<MappingServer> StartAsync()
    {
        var bench = new MappingBench();
        await bench.FunctionAsync();
        await bench.QueueAsync();
        var services = new LambdaServices
        {
            Store = bench.Store,
            Functions = bench.Functions,
            Arns = TestFunctions.Arns,
            Packages = new InMemoryPackageStore(),
            Objects = InMemoryContents.Service(bench.Store, bench.Time),
            Options = new ServerOptions { RuntimesFolder = "runtimes" },
            Time = bench.Time,
            NewId = LambdaServer.NewId,
            Markers = await PageMarkers.LoadAsync(bench.Store),
            Links = new LambdaServer.FakeLinks(),
            CheckRuntime = _ => null,
            Activate = _ => { },
        };
        var operations = new MappingOperations(services, bench.Mappings, bench.Runner);
        AwsOperation[] tags =
        [
            TagResourceOperation.Create(services),
            UntagResourceOperation.Create(services),
            ListTagsOperation.Create(services),
        ];
        return new MappingServer(await LambdaServer.ServeAsync(services, [.. tags, .. operations.All()]), bench);
    }

    public static JsonObject Body(string queue = "jobs") => new()
    {
        ["EventSourceArn"] = Arn(queue), ["FunctionName"] = "worker",
    };

    public async Task<LambdaAnswer> SendAsync(
        string method, string path, string? body = null, string account = "000000000000")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("x-test-account", account);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return new LambdaAnswer(
            response.StatusCode,
            response.Headers.TryGetValues(AwsErrors.TypeHeader, out var types) ? types.Single() : null,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Contains(AwsEndpoints.RequestIdHeader));
    }

    /// <summary>Makes a mapping, waits until it is settled, and returns its id.</summary>
    public async Task<string> CreateAsync(JsonObject? body = null)
    {
        var created = await SendAsync("POST", Path, (body ?? Body()).ToJsonString());
        created.ShouldBe(System.Net.HttpStatusCode.Accepted);
        await MappingBench.WhenAsync(() => Bench.State(created["UUID"]) is
            Kernel.Mappings.MappingState.Enabled or Kernel.Mappings.MappingState.Disabled);
        return created["UUID"];
    }

    public int Count => Bench.Mappings.List(AccountId.Root, new(), null, int.MaxValue).Count;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await application.DisposeAsync();
        await Bench.DisposeAsync();
    }
}

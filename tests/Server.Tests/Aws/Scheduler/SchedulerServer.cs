using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.Scheduler;
using Lambent.Server.Delivery;
using Lambent.Server.Queues;
using Lambent.Server.Schedules;
using Lambent.Server.Tests.Access;
using Lambent.Server.Workflows;
using Lambent.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.Scheduler;

/// <summary>What the API answered.</summary>
internal sealed record SchedulerAnswer(HttpStatusCode Status, string Text, string? Type)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string ErrorText => (string)(Json["Message"] ?? Json["message"])!;

    public JsonObject Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }
}

/// <summary>The scheduler's API on a free loopback port with signatures and access as in the product.</summary>
internal sealed class SchedulerServer : IAsyncDisposable
{
    public const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private const string Region = "us-east-1";
    private static readonly HttpClient Client = new();

    private readonly WebApplication application;
    private readonly ScheduleRunner runner;
    private readonly string folder;

    private SchedulerServer(WebApplication application, ScheduleRunner runner, string folder)
    {
        this.application = application;
        this.runner = runner;
        this.folder = folder;
    }

    public required SqliteStore Store { get; init; }

    public required ShiftedTime Time { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required AccessKey Root { get; init; }

    public static async Task<SchedulerServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lambent-scheduler-").FullName;
        var time = new ShiftedTime();
        var store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "lambent.db") }, time);
        var keys = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, keys, time);
        var root = (await accounts.EnsureRootAsync()).Value;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(store)).Value, _ => true, time);
        var book = new ScheduleBook();
        var ids = new RequestIds(time);
        var starter = new ExecutionStarter(
            store, new MachineDirectory(store), ids.Next, new Random(1), () => false, Region, time);
        var handover = new ScheduleHandover(
            new TargetWriter(new QueueSignals()), new ExecutionWriter(starter, Region), Region);
        var runner = new ScheduleRunner(
            store, book, handover, new EventEndings(), ids.Next, time, NullLogger<ScheduleRunner>.Instance);
        var operations = SchedulerOperations.All(new SchedulerServices
        {
            Schedules = new ScheduleService(
                store, book, new ScheduleRules(book, Region), handover, runner, ids.Next, Region, time),
            Groups = new ScheduleGroupService(store, Region, time),
            Markers = await PageMarkers.LoadAsync(store),
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var verifier = new SignatureVerifier(
            new AccessKeySource(keys, sessions), new SignatureScope(Region, SchedulerEndpoint.Service), time);
        new SchedulerEndpoint(verifier, operations, ids.Next, NullLogger<SchedulerEndpoint>.Instance).Map(application);
        await application.StartAsync();
        return new SchedulerServer(application, runner, folder)
        {
            Store = store, Time = time, Accounts = accounts, Sessions = sessions, Root = root,
        };
    }

    public static JsonObject Request(string expression = "rate(5 minutes)", string target = Function) => new()
    {
        ["ScheduleExpression"] = expression,
        ["FlexibleTimeWindow"] = new JsonObject { ["Mode"] = "OFF" },
        ["Target"] = new JsonObject { ["Arn"] = target, ["RoleArn"] = "arn:aws:iam::000000000000:role/r" },
    };

    public Task<SchedulerAnswer> CallAsync(string method, string path, JsonNode? body = null, AccessKey? key = null) =>
        SendAsync(method, path, body?.ToJsonString() ?? "", AccessServer.Credentials(key ?? Root));

    public async Task<SchedulerAnswer> SendAsync(
        string method, string path, string text, SigningCredentials? credentials = null)
    {
        var body = Encoding.UTF8.GetBytes(text);
        using var request = new HttpRequestMessage(
            new HttpMethod(method), new Uri(application.Urls.Single() + path));
        request.Content = new ByteArrayContent(body);
        new RequestSigner(credentials ?? AccessServer.Credentials(Root), Region, "scheduler")
            .Sign(request, body, Time.GetUtcNow());
        using var response = await Client.SendAsync(request);
        return new SchedulerAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("x-amzn-ErrorType", out var types) ? types.Single() : null);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await runner.DisposeAsync();
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.Sqs;
using Lambent.Server.Queues;
using Lambent.Server.Tests.Access;
using Lambent.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.Sqs;

/// <summary>What the API answered.</summary>
internal sealed record SqsAnswer(HttpStatusCode Status, string Text, string? QueryError)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? Type => (string?)Json["__type"];

    public string? Message => (string?)Json["message"];

    public JsonObject Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }
}

/// <summary>The SQS API on a free loopback port with signatures and access as in the product.</summary>
internal sealed class SqsServer : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private static readonly HttpClient Client = new();

    private readonly WebApplication application;
    private readonly SqliteStore store;
    private readonly string folder;
    private readonly MoveTaskRunner moves;

    private SqsServer(WebApplication application, SqliteStore store, string folder, MoveTaskRunner moves)
    {
        this.application = application;
        this.store = store;
        this.folder = folder;
        this.moves = moves;
    }

    public SqliteStore Store => store;

    public string Address => application.Urls.Single();

    public required ShiftedTime Time { get; init; }

    public required QueueSweeper Sweeper { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required AccessKey Root { get; init; }

    public static async Task<SqsServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lambent-sqs-").FullName;
        var time = new ShiftedTime();
        var store = SqliteStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "lambent.db") }, time);
        var keys = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, keys, time);
        var root = (await accounts.EnsureRootAsync()).Value;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(store)).Value, _ => true, time);
        var signals = new QueueSignals();
        var sweeper = new QueueSweeper(store, time, NullLogger<QueueSweeper>.Instance);
        var moves = new MoveTaskRunner(store, signals, Region, time, NullLogger<MoveTaskRunner>.Instance);
        moves.Start();
        var queues = new QueueService(store, signals, sweeper, Region, time);
        var operations = SqsOperations.All(new SqsServices
        {
            Queues = queues,
            Sender = new MessageSender(store, signals, time),
            Receiver = new MessageReceiver(store, signals, Region, time, CancellationToken.None),
            Settler = new MessageSettler(store, signals, time),
            Moves = moves,
            Markers = await PageMarkers.LoadAsync(store),
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var verifier = new SignatureVerifier(
            new AccessKeySource(keys, sessions), new SignatureScope(Region, SqsEndpoint.Service), time);
        new SqsEndpoint(
            verifier, queues, operations, () => Guid.NewGuid().ToString(), NullLogger<SqsEndpoint>.Instance)
            .Map(application);
        await application.StartAsync();
        return new SqsServer(application, store, folder, moves)
        {
            Time = time, Sweeper = sweeper, Accounts = accounts, Sessions = sessions, Root = root,
        };
    }

    public string Url(string queue, string account = "000000000000") => $"{Address}/{account}/{queue}";

    /// <summary>One operation by the JSON protocol.</summary>
    public Task<SqsAnswer> CallAsync(string operation, JsonNode input, AccessKey? key = null) =>
        CallAsync(operation, input, AccessServer.Credentials(key ?? Root));

    public Task<SqsAnswer> CallAsync(string operation, JsonNode input, SigningCredentials credentials) =>
        SendAsync("/", input.ToJsonString(), "application/x-amz-json-1.0", credentials, $"AmazonSQS.{operation}");

    /// <summary>One operation by the Query protocol.</summary>
    public Task<SqsAnswer> QueryAsync(string form, string path = "/") => SendAsync(
        path, form, "application/x-www-form-urlencoded", AccessServer.Credentials(Root), null);

    public SigningCredentials Session(string function)
    {
        var session = Sessions.Issue(
            new Kernel.Functions.FunctionId(AccountId.Root, function), TimeSpan.FromHours(1));
        return new SigningCredentials(session.AccessKeyId, session.Secret, session.SessionToken);
    }

    /// <summary>Makes a queue and returns its URL.</summary>
    public async Task<string> QueueAsync(string name, params (string Name, string Value)[] attributes)
    {
        var given = new JsonObject([.. attributes.Select(
            attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)attribute.Value))]);
        var created = await CallAsync("CreateQueue", new JsonObject { ["QueueName"] = name, ["Attributes"] = given });
        return (string)created.Ok()["QueueUrl"]!;
    }

    public async Task<JsonObject> SendAsync(string url, string body, string? group = null, string? id = null)
    {
        var input = new JsonObject { ["QueueUrl"] = url, ["MessageBody"] = body };
        if (group is not null)
        {
            input["MessageGroupId"] = group;
            input["MessageDeduplicationId"] = id ?? Guid.NewGuid().ToString();
        }

        return (await CallAsync("SendMessage", input)).Ok();
    }

    public async Task<JsonObject[]> ReceiveAsync(string url, int most = 10, int? visibility = null, int wait = 0)
    {
        var input = new JsonObject
        {
            ["QueueUrl"] = url,
            ["MaxNumberOfMessages"] = most,
            ["WaitTimeSeconds"] = wait,
            ["MessageSystemAttributeNames"] = new JsonArray("All"),
            ["MessageAttributeNames"] = new JsonArray("All"),
        };
        if (visibility is not null)
        {
            input["VisibilityTimeout"] = visibility;
        }

        var answer = (await CallAsync("ReceiveMessage", input)).Ok();
        return [.. (answer["Messages"]?.AsArray() ?? []).Select(message => message!.AsObject())];
    }

    public Task<SqsAnswer> DeleteAsync(string url, JsonObject message) => CallAsync(
        "DeleteMessage",
        new JsonObject { ["QueueUrl"] = url, ["ReceiptHandle"] = (string)message["ReceiptHandle"]! });

    public static string[] Bodies(IEnumerable<JsonObject> messages) =>
        [.. messages.Select(message => (string)message["Body"]!)];

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await moves.DisposeAsync();
        await Sweeper.DisposeAsync();
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<SqsAnswer> SendAsync(
        string path, string text, string contentType, SigningCredentials credentials, string? target)
    {
        var body = Encoding.UTF8.GetBytes(text);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address + path));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        if (target is not null)
        {
            request.Headers.Add("X-Amz-Target", target);
        }

        new RequestSigner(credentials, Region, "sqs").Sign(request, body, Time.GetUtcNow());
        using var response = await Client.SendAsync(request);
        return new SqsAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("x-amzn-query-error", out var errors) ? errors.Single() : null);
    }
}

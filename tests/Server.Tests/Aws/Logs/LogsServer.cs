using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Logs;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Tests.Access;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.Logs;

/// <summary>What the API answered.</summary>
internal sealed record LogsAnswer(HttpStatusCode Status, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The name of the failure and its message.</summary>
    public string Failure => $"{Json["__type"]}: {Json["message"]}";

    public JsonObject Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }
}

/// <summary>The API of CloudWatch Logs on a free loopback port, with signatures and access as in the product.</summary>
internal sealed class LogsServer : IAsyncDisposable
{
    public const string Group = "/aws/lambda/f";
    private const string Region = "us-east-1";
    private static readonly HttpClient Client = new();

    private readonly WebApplication application;
    private readonly CancellationTokenSource stopping;
    private readonly DirectoryInfo folder;

    private LogsServer(WebApplication application, CancellationTokenSource stopping, DirectoryInfo folder) =>
        (this.application, this.stopping, this.folder) = (application, stopping, folder);

    public required TelemetryStore Store { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required AccessKey Root { get; init; }

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public static async Task<LogsServer> StartAsync()
    {
        var (clock, memory) = (TimeProvider.System, new InMemoryStore());
        var folder = Directory.CreateTempSubdirectory("lambent-logs-");
        var telemetry = TelemetryStore.Open(
            new TelemetryOptions
            {
                Path = Path.Combine(folder.FullName, "telemetry.db"), WriteDelay = TimeSpan.FromMilliseconds(1),
            },
            clock);
        var keys = new AccessKeyDirectory(memory);
        var accounts = new AccountService(memory, keys, clock);
        var root = (await accounts.EnsureRootAsync()).Value;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(memory)).Value, _ => true, clock);
        var stopping = new CancellationTokenSource();
        var operations = LogsOperations.All(new LogsServices
        {
            Store = telemetry,
            Markers = await PageMarkers.LoadAsync(memory),
            Region = Region,
            Time = clock,
            Stopping = stopping.Token,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var verifier = new SignatureVerifier(
            new AccessKeySource(keys, sessions), new SignatureScope(Region, LogsEndpoint.Service), clock);
        new LogsEndpoint(verifier, operations, new RequestIds(clock).Next, NullLogger<LogsEndpoint>.Instance)
            .Map(application);
        await application.StartAsync();
        return new LogsServer(application, stopping, folder)
        {
            Store = telemetry, Accounts = accounts, Sessions = sessions, Root = root,
        };
    }

    public static LogLine Line(string text, double secondsAgo, string environment = "e1") => new(
        new FunctionId(AccountId.Root, "f"), "$LATEST", environment, "r1", Now.AddSeconds(-secondsAgo), text);

    public async Task WriteAsync(params LogLine[] lines)
    {
        foreach (var line in lines)
        {
            Store.Write(line);
        }

        await Store.FlushAsync();
    }

    public Task<LogsAnswer> CallAsync(string operation, JsonNode? body = null, AccessKey? key = null) =>
        SendAsync(operation, body?.ToJsonString() ?? "", AccessServer.Credentials(key ?? Root));

    public async Task<LogsAnswer> SendAsync(string operation, string text, SigningCredentials? credentials = null)
    {
        using var response = await OpenAsync(operation, text, credentials);
        return new LogsAnswer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The answer as soon as its head is there.</summary>
    public async Task<HttpResponseMessage> OpenAsync(
        string operation, string text, SigningCredentials? credentials = null)
    {
        var body = Encoding.UTF8.GetBytes(text);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(application.Urls.Single()));
        request.Content = new ByteArrayContent(body);
        request.Headers.Add("X-Amz-Target", $"Logs_20140328.{operation}");
        new RequestSigner(credentials ?? AccessServer.Credentials(Root), Region, "logs").Sign(request, body, Now);
        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await application.DisposeAsync();
        Store.Dispose();
        stopping.Dispose();
        folder.Delete(recursive: true);
    }
}

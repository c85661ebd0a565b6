using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.StepFunctions;
using Lambent.Server.Tests.Access;
using Lambent.Server.Tests.Workflows;
using Lambent.Server.Workflows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>What the API answered.</summary>
internal sealed record StepFunctionsAnswer(HttpStatusCode Status, string Text)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The name of the failure and its message.</summary>
    public string Failure => $"{((string?)Json["__type"])?.Split('#')[^1]}: {Json["message"]}";

    public JsonObject Ok()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return Json;
    }
}

/// <summary>
/// The API of Step Functions on a free loopback port, with signatures and access as in the product, over executions
/// whose time the test moves.
/// </summary>
internal sealed class StepFunctionsServer : IAsyncDisposable
{
    public const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
    public const string Role = "arn:aws:iam::000000000000:role/r";
    public const string Pass = """{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}""";

    private static readonly HttpClient Client = new();

    private readonly WebApplication application;

    private StepFunctionsServer(WebApplication application) => this.application = application;

    public required WorkflowBench Bench { get; init; }

    public required ExecutionSweeper Sweeper { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required AccessKey Root { get; init; }

    public static async Task<StepFunctionsServer> StartAsync()
    {
        var bench = await new WorkflowBench().OpenAsync();
        var (store, clock) = (bench.Store, TimeProvider.System);
        var keys = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, keys, clock);
        var root = (await accounts.EnsureRootAsync()).Value;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(store)).Value, _ => true, clock);
        var sweeper = new ExecutionSweeper(store, bench.Time, NullLogger<ExecutionSweeper>.Instance);
        var operations = StepFunctionsOperations.All(new StepFunctionsServices
        {
            Machines = new StateMachineService(store, sweeper, bench.NextId, WorkflowBench.Region, bench.Time),
            Activities = new ActivityService(
                store, bench.Workers, WorkflowBench.Region, bench.Time, CancellationToken.None),
            Executions = bench.Service,
            Tester = new StateTester(bench.Runner, bench.NextId, WorkflowBench.Region, bench.Time),
            Markers = await PageMarkers.LoadAsync(store),
            Region = WorkflowBench.Region,
            Time = bench.Time,
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var verifier = new SignatureVerifier(
            new AccessKeySource(keys, sessions),
            new SignatureScope(WorkflowBench.Region, StepFunctionsEndpoint.Service),
            clock);
        new StepFunctionsEndpoint(
            verifier, operations, bench.NextId, NullLogger<StepFunctionsEndpoint>.Instance).Map(application);
        await application.StartAsync();
        return new StepFunctionsServer(application)
        {
            Bench = bench, Sweeper = sweeper, Accounts = accounts, Sessions = sessions, Root = root,
        };
    }

    public static string Execution(string name, string machine = "m") =>
        $"arn:aws:states:us-east-1:000000000000:execution:{machine}:{name}";

    public Task<StepFunctionsAnswer> CallAsync(string operation, JsonNode? body = null, AccessKey? key = null) =>
        SendAsync(operation, body?.ToJsonString() ?? "", AccessServer.Credentials(key ?? Root));

    public async Task<StepFunctionsAnswer> SendAsync(
        string operation, string text, SigningCredentials? credentials = null)
    {
        var body = Encoding.UTF8.GetBytes(text);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(application.Urls.Single()));
        request.Content = new ByteArrayContent(body);
        request.Headers.Add("X-Amz-Target", $"AWSStepFunctions.{operation}");
        new RequestSigner(credentials ?? AccessServer.Credentials(Root), WorkflowBench.Region, "states")
            .Sign(request, body, TimeProvider.System.GetUtcNow());
        using var response = await Client.SendAsync(request);
        return new StepFunctionsAnswer(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes a machine and gives its ARN.</summary>
    public async Task<string> DefineAsync(string definition = Pass, string name = "m", string type = "STANDARD")
    {
        var created = await CallAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = name, ["definition"] = definition, ["roleArn"] = Role, ["type"] = type,
        });
        return (string)created.Ok()["stateMachineArn"]!;
    }

    /// <summary>Starts an execution and gives its ARN.</summary>
    public async Task<string> StartExecutionAsync(string name, string input = "{}", string machine = Machine)
    {
        var started = await CallAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = machine, ["name"] = name, ["input"] = input,
        });
        return (string)started.Ok()["executionArn"]!;
    }

    /// <summary>An execution when it has ended.</summary>
    public async Task<JsonObject> EndAsync(string arn)
    {
        var parts = arn.Split(':');
        await Bench.EndAsync(new(AccountId.Root, parts[6], parts[7]));
        return (await CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = arn })).Ok();
    }

    public async Task<JsonArray> HistoryAsync(string arn)
    {
        var answer = await CallAsync("GetExecutionHistory", new JsonObject { ["executionArn"] = arn });
        return answer.Ok()["events"]!.AsArray();
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await Sweeper.DisposeAsync();
        await Bench.DisposeAsync();
    }
}

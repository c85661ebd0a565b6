using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>
/// Generated from the API's model: each member missing, null, of every wrong type, too long, beyond its range or none
/// of its enumeration. It is refused as the caller's mistake, never as a failure of the server, and changes nothing.
/// </summary>
public sealed class WrongRequestTests : IAsyncLifetime
{
    /// <summary>
    /// Members by operation: the name, a star when it is demanded, its type and for text its greatest length. A member
    /// that has no valid value here stands in the requests as its wrong ones alone.
    /// </summary>
    private static readonly Dictionary<string, string> Model = new()
    {
        ["CreateStateMachine"] =
            "name*:80 definition*:1048576 roleArn*:256 type:enum tags:list publish:bool versionDescription:256 "
            + "loggingConfiguration:object tracingConfiguration:object encryptionConfiguration:object",
        ["UpdateStateMachine"] =
            "stateMachineArn*:256 definition:1048576 roleArn:256 publish:bool versionDescription:256 "
            + "loggingConfiguration:object tracingConfiguration:object encryptionConfiguration:object",
        ["DescribeStateMachine"] = "stateMachineArn*:256 includedData:enum",
        ["DeleteStateMachine"] = "stateMachineArn*:256",
        ["ListStateMachines"] = "maxResults:int nextToken:1024",
        ["ValidateStateMachineDefinition"] = "definition*:1048576 type:enum severity:enum maxResults:int",
        ["TestState"] =
            "definition*:1048576 roleArn:256 input:262144 inspectionLevel:enum revealSecrets:bool variables:262144 "
            + "stateName:80 mock:object stateConfiguration:object",
        ["PublishStateMachineVersion"] = "stateMachineArn*:256 description:256",
        ["DeleteStateMachineVersion"] = "stateMachineVersionArn*:2000",
        ["ListStateMachineVersions"] = "stateMachineArn*:256 nextToken:1024 maxResults:int",
        ["CreateStateMachineAlias"] = "name*:80 description:256 routingConfiguration*:list",
        ["DescribeStateMachineAlias"] = "stateMachineAliasArn*:256",
        ["UpdateStateMachineAlias"] = "stateMachineAliasArn*:256 description:256 routingConfiguration:list",
        ["DeleteStateMachineAlias"] = "stateMachineAliasArn*:256",
        ["ListStateMachineAliases"] = "stateMachineArn*:256 nextToken:1024 maxResults:int",
        ["StartExecution"] = "stateMachineArn*:256 name:80 input:262144 traceHeader:256",
        ["StartSyncExecution"] = "stateMachineArn*:256 name:80 input:262144 traceHeader:256 includedData:enum",
        ["StopExecution"] = "executionArn*:256 error:256 cause:32768",
        ["RedriveExecution"] = "executionArn*:256 clientToken:64",
        ["DescribeExecution"] = "executionArn*:256 includedData:enum",
        ["DescribeStateMachineForExecution"] = "executionArn*:256 includedData:enum",
        ["ListExecutions"] =
            "stateMachineArn:256 statusFilter:enum maxResults:int nextToken:3096 mapRunArn:2000 redriveFilter:enum",
        ["GetExecutionHistory"] =
            "executionArn*:256 maxResults:int reverseOrder:bool nextToken:1024 includeExecutionData:bool",
        ["DescribeMapRun"] = "mapRunArn*:2000",
        ["ListMapRuns"] = "executionArn*:256 maxResults:int nextToken:1024",
        ["UpdateMapRun"] = "mapRunArn*:2000 maxConcurrency:count toleratedFailurePercentage:number",
        ["CreateActivity"] = "name*:80 tags:list encryptionConfiguration:object",
        ["DescribeActivity"] = "activityArn*:256",
        ["DeleteActivity"] = "activityArn*:256",
        ["ListActivities"] = "maxResults:int nextToken:1024",
        ["GetActivityTask"] = "activityArn*:256 workerName:80",
        ["SendTaskSuccess"] = "taskToken*:2048 output*:262144",
        ["SendTaskFailure"] = "taskToken*:2048 error:256 cause:32768",
        ["SendTaskHeartbeat"] = "taskToken*:2048",
        ["TagResource"] = "resourceArn*:256 tags*:list",
        ["UntagResource"] = "resourceArn*:256 tagKeys*:list",
        ["ListTagsForResource"] = "resourceArn*:256",
    };

    private static readonly Dictionary<string, string> Valid = new()
    {
        ["name"] = "other",
        ["definition"] = StepFunctionsServer.Pass,
        ["roleArn"] = StepFunctionsServer.Role,
        ["stateMachineArn"] = StepFunctionsServer.Machine,
        ["executionArn"] = StepFunctionsServer.Execution("e"),
        ["activityArn"] = "arn:aws:states:us-east-1:000000000000:activity:work",
        ["resourceArn"] = StepFunctionsServer.Machine,
        ["stateMachineVersionArn"] = StepFunctionsServer.Machine + ":1",
        ["stateMachineAliasArn"] = StepFunctionsServer.Machine + ":live",
    };

    private static readonly JsonNode?[] AllTypes =
        ["text", 5, 1.5, true, new JsonArray(), new JsonObject(), new JsonArray(5), new JsonArray((JsonNode?)null)];

    private StepFunctionsServer server = null!;

    public static TheoryData<string> Operations { get; } = [.. Model.Keys];

    public async ValueTask InitializeAsync()
    {
        server = await StepFunctionsServer.StartAsync();
        await server.DefineAsync("""{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""");
        await server.StartExecutionAsync("e");
        (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = "work" })).Ok();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Wrong_members_areRefused_andChangeNothing(string operation)
    {
        var before = Dump();
        var members = Model[operation].Split(' ').Select(Member.Read).ToList();
        foreach (var member in members)
        {
            foreach (var wrong in member.WrongValues())
            {
                var body = new JsonObject();
                foreach (var other in members.Where(other => other != member && other.IsRequired))
                {
                    body[other.Name] = other.Type == "list"
                        ? new JsonArray()
                        : Valid.GetValueOrDefault(other.Name, "text");
                }

                if (wrong is not Missing)
                {
                    body[member.Name] = ((JsonNode?)wrong)?.DeepClone();
                }

                var answer = await server.CallAsync(operation, body);
                answer.Status.ShouldBe(HttpStatusCode.BadRequest, $"{operation} {body.ToJsonString()[..Math.Min(
                    500, body.ToJsonString().Length)]} → {answer.Text}");
                answer.Failure.ShouldNotStartWith("InternalFailure");
            }
        }

        Dump().ShouldBe(before);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"stateMachineArn\":\"\\ud800\"}")]
    public async Task Body_thatIsNoObject_isRefused(string body)
    {
        (await server.SendAsync("DescribeStateMachine", body)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("arn:aws:states:us-east-1:000000000000:execution:m:e", "Resource type not valid in this context")]
    [InlineData("arn:aws:states:eu-west-1:000000000000:stateMachine:m", "Region not valid in this context")]
    [InlineData("arn:aws:lambda:us-east-1:000000000000:function:m", "arn:aws:lambda")]
    [InlineData("m", "Invalid ARN prefix: m")]
    [InlineData("arn:aws:states:us-east-1:000000000000:stateMachine:", "arn:")]
    [InlineData("arn:aws:states:us-east-1:000000000000:stateMachine:a:b:c", "arn:")]
    [InlineData("arn:::::::", "arn:")]
    public async Task Arn_thatIsNone_isRefused(string arn, string message)
    {
        var answer = await server.CallAsync("DescribeStateMachine", new JsonObject { ["stateMachineArn"] = arn });
        answer.Failure.ShouldStartWith("InvalidArn: Invalid Arn: '" + message);
    }

    [Fact]
    public async Task Unknown_operation_isRefused()
    {
        (await server.CallAsync("ListPlanets")).Failure.ShouldStartWith("UnknownOperationException");
    }

    /// <summary>All that requests could have changed.</summary>
    private string Dump() => server.Bench.Store.Read(transaction => string.Join(
        '\n',
        transaction.StateMachines.List(AccountId.Root, "", 100).Select(machine =>
            $"{machine.Id.Name} {machine.Revision} {machine.IsDeleting} {machine.Versions.Count} {machine.Tags.Count}")
        .Concat(transaction.Activities.List(AccountId.Root, "", 100).Select(activity =>
            $"{activity.Name} {activity.Tags.Count}"))
        .Concat(transaction.Executions.List(AccountId.Root, new(null, null), 100).Select(execution =>
            $"{execution.Id} {execution.Status} {execution.RedriveCount}"))));

    private sealed record Missing;

    private sealed record Member(string Name, bool IsRequired, string Type)
    {
        public static Member Read(string text)
        {
            var parts = text.Split(':');
            return new Member(parts[0].TrimEnd('*'), parts[0].EndsWith('*'), parts[1]);
        }

        public IEnumerable<object?> WrongValues()
        {
            if (IsRequired)
            {
                yield return new Missing();
                yield return null;
            }

            foreach (var value in AllTypes.Where(value => !Fits(value!)))
            {
                yield return value;
            }

            switch (Type)
            {
                case "enum":
                    yield return (JsonNode)"NONE_OF_IT";
                    break;
                case "int":
                    yield return (JsonNode)(-1);
                    yield return (JsonNode)1_001;
                    yield return (JsonNode)99_999_999_999;
                    break;
                case "count" or "number":
                    yield return (JsonNode)(-1);
                    break;
                case "list":
                    yield return new JsonArray("text", 5, new JsonArray());
                    break;
                default:
                    if (int.TryParse(Type, out var length))
                    {
                        yield return (JsonNode)new string('x', length + 1);
                    }

                    break;
            }
        }

        private bool Fits(JsonNode value) => (Type, value.GetValueKind()) switch
        {
            ("bool", JsonValueKind.True) or ("object", JsonValueKind.Object) => true,
            ("list", JsonValueKind.Array) => value.AsArray().Count == 0,
            ("number", JsonValueKind.Number) => true,
            ("int" or "count", JsonValueKind.Number) => value.ToJsonString() == "5",
            ("bool" or "object" or "list" or "number" or "int" or "count", _) => false,
            (_, var kind) => kind == JsonValueKind.String,
        };
    }
}

using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>Activities, tasks and access over real HTTP.</summary>
public sealed class ActivityTests : IAsyncLifetime
{
    private const string Activity = "arn:aws:states:us-east-1:000000000000:activity:work";

    private const string Definition = $$"""
        {"StartAt":"A","States":{"A":{"Type":"Task","Resource":"{{Activity}}","HeartbeatSeconds":60,"End":true} } }
        """;

    private StepFunctionsServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StepFunctionsServer.StartAsync();
        (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = "work" })).Ok();
        await server.DefineAsync(Definition);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Worker_takesATask_beats_andSucceeds()
    {
        var arn = await server.StartExecutionAsync("e", """{"a":1}""");
        var token = await TakeAsync("""{"a":1}""");
        (await Send("SendTaskHeartbeat", token)).Ok();
        (await Send("SendTaskSuccess", token, ("output", "not json"))).Failure.ShouldStartWith(
            "InvalidOutput: Invalid Output: 'Unrecognized token 'not'");
        (await Send("SendTaskSuccess", token, ("output", """{"done":true}"""))).Ok();
        var ended = await server.EndAsync(arn);
        ((string?)ended["output"]).ShouldBe("""{"done":true}""");
        var events = await server.HistoryAsync(arn);
        events[3]!["activityStartedEventDetails"]!.ToJsonString().ShouldBe("""{"workerName":"w"}""");
        events[2]!["activityScheduledEventDetails"]!.ToJsonString().ShouldContain("\"heartbeatInSeconds\":60");
        (await Send("SendTaskSuccess", token, ("output", "1"))).Failure.ShouldBe(
            "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'");
    }

    [Fact]
    public async Task Worker_fails_aTask()
    {
        var arn = await server.StartExecutionAsync("e");
        var token = await TakeAsync("{}");
        (await Send("SendTaskFailure", token, ("error", "Mine"), ("cause", "because"))).Ok();
        var ended = await server.EndAsync(arn);
        ((string?)ended["error"]).ShouldBe("Mine");
        ((string?)ended["cause"]).ShouldBe("because");
    }

    [Theory]
    [InlineData("made-up")]
    [InlineData("!")]
    [InlineData("MDAwMDAwMDAwMDAwIG0gZSAzIDAw")]
    public async Task Token_thatWasMadeUp_isRefused(string token)
    {
        await server.StartExecutionAsync("e");
        (await Send("SendTaskSuccess", token, ("output", "1"))).Failure.ShouldBe(
            "InvalidToken: Invalid Token: 'Invalid token'");
        (await Send("SendTaskHeartbeat", token)).Failure.ShouldStartWith("InvalidToken");
    }

    [Fact]
    public async Task Poll_withoutWork_endsAfterAMinute_withoutAToken()
    {
        var polled = server.CallAsync("GetActivityTask", new JsonObject { ["activityArn"] = Activity });
        await server.Bench.PassAsync(() => polled.IsCompleted, TimeSpan.FromSeconds(5));
        (await polled).Ok().ToJsonString().ShouldBe("""{"taskToken":null}""");
    }

    [Fact]
    public async Task Activities_areListed_describedAndDeleted()
    {
        (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = "work" })).Ok();
        (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = "zeta" })).Ok();
        var page = (await server.CallAsync("ListActivities", new JsonObject { ["maxResults"] = 1 })).Ok();
        ((string?)page["activities"]![0]!["name"]).ShouldBe("work");
        var next = (await server.CallAsync("ListActivities", new JsonObject
        {
            ["maxResults"] = 1, ["nextToken"] = page["nextToken"]!.DeepClone(),
        })).Ok();
        ((string?)next["activities"]![0]!["name"]).ShouldBe("zeta");
        var request = new JsonObject { ["activityArn"] = Activity };
        ((string?)(await server.CallAsync("DescribeActivity", request)).Ok()["name"]).ShouldBe("work");
        (await server.CallAsync("DeleteActivity", request)).Ok();
        (await server.CallAsync("DeleteActivity", request)).Ok();
        foreach (var operation in new[] { "DescribeActivity", "GetActivityTask" })
        {
            (await server.CallAsync(operation, request)).Failure.ShouldBe(
                $"ActivityDoesNotExist: Activity Does Not Exist: '{Activity}'");
        }
    }

    [Theory]
    [InlineData("\0activity")]
    [InlineData("activity\u001f")]
    [InlineData("activity name")]
    [InlineData("activity\"name")]
    [InlineData("activity#name")]
    [InlineData("activity/name")]
    [InlineData("activity:name")]
    [InlineData("activity\\name")]
    [InlineData("activity~name")]
    [InlineData("activity\u007f")]
    public async Task Name_withWhatAwsForbids_isRefused(string name)
    {
        (await server.CallAsync("CreateActivity", new JsonObject { ["name"] = name })).Failure.ShouldBe(
            $"InvalidName: Invalid Name: '{name}'");
        (await server.CallAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["name"] = name,
        })).Failure.ShouldBe($"InvalidName: Invalid Name: '{name}'");
    }

    [Fact]
    public async Task Other_account_getsNothing()
    {
        var other = (await server.Accounts.CreateAsync("other")).Value;
        var arn = await server.StartExecutionAsync("e");
        var token = await TakeAsync("{}");
        foreach (var (operation, member, value) in new[]
        {
            ("DescribeStateMachine", "stateMachineArn", StepFunctionsServer.Machine),
            ("StartExecution", "stateMachineArn", StepFunctionsServer.Machine),
            ("DeleteStateMachine", "stateMachineArn", StepFunctionsServer.Machine),
            ("DescribeExecution", "executionArn", arn),
            ("StopExecution", "executionArn", arn),
            ("GetActivityTask", "activityArn", Activity),
            ("TagResource", "resourceArn", Activity),
        })
        {
            var body = new JsonObject { [member] = value, ["tags"] = new JsonArray() };
            (await server.CallAsync(operation, body, other.Key)).Failure.ShouldContain(
                $"is not authorized to perform: states:{operation} on resource: {value}");
        }

        (await server.CallAsync(
            "SendTaskSuccess", new JsonObject { ["taskToken"] = token, ["output"] = "1" }, other.Key)).Failure
            .ShouldStartWith("InvalidToken");
        (await server.CallAsync("ListStateMachines", null, other.Key)).Ok()["stateMachines"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Function_mayStartExecutionsAndEndTasks_andChangeNothing()
    {
        var issued = server.Sessions.Issue(new FunctionId(AccountId.Root, "f"), TimeSpan.FromHours(1));
        var session = new SigningCredentials(issued.AccessKeyId, issued.Secret, issued.SessionToken);
        var arn = await server.StartExecutionAsync("e");
        var token = await TakeAsync("{}");
        (await server.SendAsync("DescribeExecution", $$"""{"executionArn":"{{arn}}"}""", session)).Ok();
        (await server.SendAsync(
            "StartExecution", $$"""{"stateMachineArn":"{{StepFunctionsServer.Machine}}"}""", session)).Ok();
        foreach (var operation in new[] { "StopExecution", "DeleteStateMachine", "UpdateStateMachine" })
        {
            (await server.SendAsync(
                operation, $$"""{"stateMachineArn":"{{StepFunctionsServer.Machine}}"}""", session)).Failure
                .ShouldStartWith("AccessDeniedException");
        }

        (await server.SendAsync("SendTaskSuccess", $$"""{"taskToken":"{{token}}","output":"1"}""", session)).Ok();
        ((string?)(await server.EndAsync(arn))["output"]).ShouldBe("1");
    }

    private async Task<string> TakeAsync(string input)
    {
        var given = (await server.CallAsync("GetActivityTask", new JsonObject
        {
            ["activityArn"] = Activity, ["workerName"] = "w",
        })).Ok();
        ((string?)given["input"]).ShouldBe(input);
        return (string)given["taskToken"]!;
    }

    private Task<StepFunctionsAnswer> Send(
        string operation, string token, params (string Name, string Value)[] members)
    {
        var body = new JsonObject { ["taskToken"] = token };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        return server.CallAsync(operation, body);
    }
}

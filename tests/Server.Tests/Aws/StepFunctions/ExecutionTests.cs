using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Machines;
using Lambent.Server.Tests.Workflows;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>Executions over real HTTP.</summary>
public sealed class ExecutionTests : IAsyncLifetime
{
    private const string Function = "arn:aws:lambda:us-east-1:000000000000:function:f";
    private const string Waiting = """{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}""";

    private const string Tasks = $$"""
        {"StartAt":"F","States":{
          "F":{"Type":"Task","Resource":"{{Function}}","TimeoutSeconds":60,"Next":"I"},
          "I":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",
               "Parameters":{"FunctionName":"f","Payload.$":"$"},
               "Retry":[{"ErrorEquals":["Again"],"MaxAttempts":1}],"Assign":{"x":[1]},"End":true} } }
        """;

    private StepFunctionsServer server = null!;

    public async ValueTask InitializeAsync() => server = await StepFunctionsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Execution_isDescribed_andItsHistoryHasAwsEvents()
    {
        await server.DefineAsync(Tasks);
        var arn = await server.StartExecutionAsync("e", """{"a":1}""");
        var ended = await server.EndAsync(arn);
        ((string?)ended["status"]).ShouldBe("SUCCEEDED", ended.ToJsonString());
        ((string?)ended["input"]).ShouldBe("""{"a":1}""");
        ended["inputDetails"]!.ToJsonString().ShouldBe("""{"included":true}""");
        ((string?)ended["redriveStatus"]).ShouldBe("NOT_REDRIVABLE");

        var events = await server.HistoryAsync(arn);
        string.Join(' ', events.Select(shown => (string?)shown!["type"])).ShouldBe(
            "ExecutionStarted TaskStateEntered LambdaFunctionScheduled LambdaFunctionStarted LambdaFunctionSucceeded "
            + "TaskStateExited TaskStateEntered TaskScheduled TaskStarted TaskSucceeded TaskStateExited "
            + "ExecutionSucceeded");
        events.Select(shown => (int)shown!["id"]!).ShouldBe(Enumerable.Range(1, 12));
        Details(events[0]!).ShouldBe(
            """{"input":"{\"a\":1}","inputDetails":{"truncated":false},"""
            + "\"roleArn\":\"arn:aws:iam::000000000000:role/r\"}");
        Details(events[2]!).ShouldBe(
            $$"""{"resource":"{{Function}}","input":"{\"a\":1}","inputDetails":{"truncated":false},"""
            + "\"timeoutInSeconds\":60}");
        events[3]!.AsObject().Count.ShouldBe(4);
        Details(events[7]!).ShouldBe(
            """{"resourceType":"lambda","resource":"invoke","region":"us-east-1","parameters":"{\"FunctionName\":"""
            + """\"f\",\"Payload\":{\"a\":1}}"}""");
        Details(events[8]!).ShouldBe("""{"resourceType":"lambda","resource":"invoke"}""");
        Details(events[10]!).ShouldContain(
            "\"assignedVariables\":{\"x\":\"[1]\"},\"assignedVariablesDetails\":{\"truncated\":false}");

        var bare = (await server.CallAsync("GetExecutionHistory", new JsonObject
        {
            ["executionArn"] = arn, ["includeExecutionData"] = false,
        })).Ok()["events"]!;
        Details(bare[1]!).ShouldBe("""{"name":"F","inputDetails":{"truncated":false}}""");
    }

    [Fact]
    public async Task Hidden_events_areNotShown_andPagesGoBothWays()
    {
        var calls = 0;
        server.Bench.Call = (_, input) => Task.FromResult<TaskEnding?>(
            ++calls == 2 ? TaskEnding.Failed("Again", "once") : TaskEnding.Of(input));
        await server.DefineAsync(Tasks);
        var arn = await server.StartExecutionAsync("e");
        await server.Bench.PassAsync(
            () => server.Bench.Service.List(AccountId.Root, new(null, null), 1)[0].StoppedAt is not null,
            TimeSpan.FromSeconds(1));
        var whole = await server.HistoryAsync(arn);
        whole.Count.ShouldBe(15);
        var forwards = await PagesAsync(arn, false, 4);
        forwards.ShouldBe(Enumerable.Range(1, 15));
        (await PagesAsync(arn, true, 4)).ShouldBe(forwards.Reverse<int>());
        (await server.CallAsync("GetExecutionHistory", new JsonObject
        {
            ["executionArn"] = arn, ["nextToken"] = "made-up",
        })).Failure.ShouldBe("InvalidToken: Invalid Token: 'Invalid token'");
    }

    [Fact]
    public async Task Page_ofLargeEvents_endsEarly()
    {
        var states = string.Join(',', Enumerable.Range(0, 30).Select(number =>
            $$"""
            "S{{number}}":{"Type":"Pass",{{(number == 29 ? "\"End\":true" : $"\"Next\":\"S{number + 1}\"")}}}
            """));
        await server.DefineAsync("{\"StartAt\":\"S0\",\"States\":{" + states + "}}");
        var arn = await server.StartExecutionAsync("e", $"\"{new string('x', 250_000)}\"");
        await server.EndAsync(arn);
        var page = (await server.CallAsync("GetExecutionHistory", new JsonObject { ["executionArn"] = arn })).Ok();
        page["events"]!.AsArray().Count.ShouldBe(17);
        (await PagesAsync(arn, false, 1_000, isFull: false)).ShouldBe(Enumerable.Range(1, 62));
    }

    [Fact]
    public async Task Start_withAName_isIdempotent_withTheSameInputOnly()
    {
        await server.DefineAsync(Waiting);
        var first = await server.StartExecutionAsync("e", """{"a":1}""");
        (await server.StartExecutionAsync("e", """{ "a": 1 }""")).ShouldBe(first);
        var other = await server.CallAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["name"] = "e", ["input"] = """{"a":2}""",
        });
        other.Failure.ShouldBe($"ExecutionAlreadyExists: Execution Already Exists: '{first}'");
    }

    [Theory]
    [InlineData("", "'Invalid execution input.'")]
    [InlineData(
        "not json",
        "'Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or "
        + "'false')'")]
    [InlineData("{'a':1}", "'Unexpected character (''' (code 39)): was expecting double-quote to start field name'")]
    [InlineData(
        "{\"a\":1,'b':2}",
        "'Unexpected character (''' (code 39)): was expecting double-quote to start field name'")]
    [InlineData("{\"a\":nope}", "'Unrecognized token 'nope': was expecting (JSON String")]
    [InlineData("{", "'")]
    [InlineData("1 2", "'")]
    [InlineData("\"\\ud800\"", "'")]
    public async Task Input_thatIsNotJson_isRefused_inAwsWords(string input, string message)
    {
        await server.DefineAsync();
        var answer = await server.CallAsync("StartExecution", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["input"] = input,
        });
        answer.Failure.ShouldStartWith(
            $"InvalidExecutionInput: Invalid State Machine Execution Input: {message}");
    }

    [Fact]
    public async Task Stopped_execution_saysWhy_andIsRedrivenOnce()
    {
        await server.DefineAsync(Waiting);
        var arn = await server.StartExecutionAsync("e");
        (await Redrive(arn)).Failure.ShouldBe("ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven");
        (await server.CallAsync("StopExecution", new JsonObject
        {
            ["executionArn"] = arn, ["error"] = "Mine", ["cause"] = "because",
        })).Ok()["stopDate"].ShouldNotBeNull();
        var stopped = await server.EndAsync(arn);
        ((string?)stopped["status"]).ShouldBe("ABORTED");
        ((string?)stopped["error"]).ShouldBe("Mine");
        ((string?)stopped["redriveStatus"]).ShouldBe("REDRIVABLE");
        Details((await server.HistoryAsync(arn))[^1]!).ShouldBe("""{"error":"Mine","cause":"because"}""");

        var first = (await Redrive(arn, "token")).Ok();
        var second = (await Redrive(arn, "token")).Ok();
        second["redriveDate"]!.ToJsonString().ShouldBe(first["redriveDate"]!.ToJsonString());
        var described = (await Describe(arn)).Ok();
        ((string?)described["status"]).ShouldBe("RUNNING");
        ((int)described["redriveCount"]!).ShouldBe(1);
        Details((await server.HistoryAsync(arn)).Single(shown => (string?)shown!["type"] == "ExecutionRedriven")!)
            .ShouldBe("""{"redriveCount":1}""");
        var listed = await server.CallAsync("ListExecutions", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["redriveFilter"] = "REDRIVEN",
        });
        listed.Ok()["executions"]!.AsArray().Count.ShouldBe(1);
        (await server.CallAsync("StopExecution", new JsonObject { ["executionArn"] = arn })).Ok();
        server.Bench.Time.Advance(TimeSpan.FromDays(15));
        (await Redrive(arn)).Failure.ShouldContain("14 days");
    }

    [Fact]
    public async Task Executions_areListed_latestFirst_byStatusAndPage()
    {
        await server.DefineAsync(Waiting);
        for (var number = 0; number < 5; number++)
        {
            await server.StartExecutionAsync($"e{number}");
            server.Bench.Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        var stopped = StepFunctionsServer.Execution("e2");
        await server.CallAsync("StopExecution", new JsonObject { ["executionArn"] = stopped });
        (await ListedAsync(null)).ShouldBe("e4 e3 e2 e1 e0");
        (await ListedAsync("ABORTED")).ShouldBe("e2");
        (await ListedAsync("RUNNING")).ShouldBe("e4 e3 e1 e0");
        (await server.CallAsync("ListExecutions", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["statusFilter"] = "succeeded",
        })).Failure.ShouldBe(
            "ValidationException: 1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy "
            + "constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, "
            + "FAILED, RUNNING]");
    }

    [Fact]
    public async Task Running_execution_keepsItsDefinition()
    {
        var arn = await server.DefineAsync(Waiting);
        var execution = await server.StartExecutionAsync("e");
        (await server.CallAsync("UpdateStateMachine", new JsonObject
        {
            ["stateMachineArn"] = arn, ["definition"] = StepFunctionsServer.Pass,
        })).Ok();
        var runsOn = (await server.CallAsync(
            "DescribeStateMachineForExecution", new JsonObject { ["executionArn"] = execution })).Ok();
        ((string?)runsOn["definition"]).ShouldBe(Waiting);
        ((string?)runsOn["stateMachineArn"]).ShouldBe(arn);
    }

    [Fact]
    public async Task Express_executions_areWaitedFor_andNotKeptForQuestions()
    {
        var arn = await server.DefineAsync(StepFunctionsServer.Pass, "x", "EXPRESS");
        var sync = (await server.CallAsync("StartSyncExecution", new JsonObject
        {
            ["stateMachineArn"] = arn, ["name"] = "e", ["input"] = """{"a":1}""",
        })).Ok();
        ((string?)sync["status"]).ShouldBe("SUCCEEDED");
        ((string?)sync["output"]).ShouldBe("""{"a":1}""");
        ((string?)sync["name"]).ShouldBe("e");
        ((string?)sync["executionArn"]).ShouldStartWith("arn:aws:states:us-east-1:000000000000:express:x:e:");
        sync["billingDetails"]!.ToJsonString().ShouldBe(
            """{"billedMemoryUsedInMB":64,"billedDurationInMilliseconds":100}""");

        var first = await server.StartExecutionAsync("e", machine: arn);
        var second = await server.StartExecutionAsync("e", """{"other":1}""", arn);
        second.ShouldNotBe(first);
        const string Refused = "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'";
        foreach (var operation in new[] { "DescribeExecution", "GetExecutionHistory", "StopExecution" })
        {
            (await server.CallAsync(operation, new JsonObject { ["executionArn"] = first })).Failure.ShouldBe(Refused);
        }

        (await server.CallAsync("ListExecutions", new JsonObject { ["stateMachineArn"] = arn })).Failure.ShouldBe(
            "StateMachineTypeNotSupported: This operation is not supported by this type of state machine");
        await server.DefineAsync();
        (await server.CallAsync("StartSyncExecution", new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine,
        })).Failure.ShouldBe(
            "StateMachineTypeNotSupported: This operation is not supported by this type of state machine");
    }

    [Fact]
    public async Task Synchronous_execution_endsAfter5Minutes_orWhenItsCallerLeaves()
    {
        var arn = await server.DefineAsync(Waiting, "x", "EXPRESS");
        var request = new JsonObject { ["stateMachineArn"] = arn };
        var waited = server.CallAsync("StartSyncExecution", request);
        await server.Bench.PassAsync(() => waited.IsCompleted, TimeSpan.FromSeconds(30));
        var ended = (await waited).Ok();
        ((string?)ended["status"]).ShouldBe("TIMED_OUT");
        ((string?)ended["error"]).ShouldBe("States.Timeout");

        using var leaves = new CancellationTokenSource();
        var machine = new StateMachineId(AccountId.Root, "x");
        var alone = server.Bench.Service.RunAsync(
            new StartRequest { Machine = machine, Input = DataObject.Empty }, leaves.Token);
        await WorkflowBench.WhenAsync(() => server.Bench.Runner.LoadedCount == 1);
        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(alone);
        await WorkflowBench.WhenAsync(() => server.Bench.Runner.LoadedCount == 0);
    }

    [Fact]
    public async Task Distributed_map_hasARun_thatIsDescribedAndChanged()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Bench.Call = async (_, input) =>
        {
            if (input is DataNumber { Value: > 1 })
            {
                await gate.Task;
            }

            return TaskEnding.Of(input);
        };
        await server.DefineAsync($$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","Label":"run","MaxConcurrency":2,"ItemProcessor":{
              "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"F","States":{
              "F":{"Type":"Task","Resource":"{{Function}}","End":true} } },"End":true} } }
            """);
        var arn = await server.StartExecutionAsync("e", "[1,2,3,4]");
        var listed = (await server.CallAsync("ListMapRuns", new JsonObject { ["executionArn"] = arn })).Ok();
        var run = (string)listed["mapRuns"]!.AsArray().ShouldHaveSingleItem()!["mapRunArn"]!;
        run.ShouldStartWith("arn:aws:states:us-east-1:000000000000:mapRun:m/run:");
        await WhenAsync(run, described => (int)described["itemCounts"]!["succeeded"]! == 1);
        var counts = (await RunAsync(run)).Ok();
        ((string?)counts["status"]).ShouldBe("RUNNING");
        ((int)counts["itemCounts"]!["running"]!).ShouldBe(2);
        ((int)counts["itemCounts"]!["total"]!).ShouldBe(4);
        (await server.CallAsync("UpdateMapRun", new JsonObject { ["mapRunArn"] = run })).Failure
            .ShouldStartWith("ValidationException");
        (await server.CallAsync("UpdateMapRun", new JsonObject { ["mapRunArn"] = run, ["maxConcurrency"] = 10 })).Ok();
        await WhenAsync(run, described => (int)described["itemCounts"]!["running"]! == 3);
        gate.SetResult();
        await server.EndAsync(arn);
        var done = (await RunAsync(run)).Ok();
        ((string?)done["status"]).ShouldBe("SUCCEEDED");
        ((int)done["itemCounts"]!["succeeded"]!).ShouldBe(4);
        var late = await server.CallAsync(
            "UpdateMapRun", new JsonObject { ["mapRunArn"] = run, ["maxConcurrency"] = 10 });
        late.Failure.ShouldStartWith("ValidationException: The Map Run has completed");
        (await RunAsync(run + "0")).Failure.ShouldStartWith("ResourceNotFound");
        Details((await server.HistoryAsync(arn)).Single(shown => (string?)shown!["type"] == "MapRunStarted")!)
            .ShouldBe($$"""{"mapRunArn":"{{run}}"}""");
        await ChildrenOfAsync(run);
    }

    private async Task ChildrenOfAsync(string run)
    {
        var page = new JsonObject { ["mapRunArn"] = run, ["maxResults"] = 3 };
        var listed = (await server.CallAsync("ListExecutions", page)).Ok();
        var first = listed["executions"]!.AsArray();
        first.Count.ShouldBe(3);
        page["nextToken"] = (string)listed["nextToken"]!;
        var rest = (await server.CallAsync("ListExecutions", page)).Ok();
        var last = rest["executions"]!.AsArray().ShouldHaveSingleItem()!;
        rest["nextToken"].ShouldBeNull();

        var child = (string)last["executionArn"]!;
        child.ShouldStartWith("arn:aws:states:us-east-1:000000000000:execution:m/run:e.");
        var described = (await Describe(child)).Ok();
        ((string?)described["mapRunArn"]).ShouldBe(run);
        ((string?)described["status"]).ShouldBe("SUCCEEDED");
        ((string?)described["input"]).ShouldBe("1");
        ((string?)described["output"]).ShouldBe("1");
        var history = await server.HistoryAsync(child);
        history.Select(shown => (string?)shown!["type"]).ShouldBe(
        [
            "ExecutionStarted", "TaskStateEntered", "LambdaFunctionScheduled", "LambdaFunctionStarted",
            "LambdaFunctionSucceeded", "TaskStateExited", "ExecutionSucceeded",
        ]);
        history.Select(shown => (int)shown!["previousEventId"]!).ShouldBe([0, 0, 2, 3, 4, 5, 6]);
        (await Describe(child + "0")).Failure.ShouldStartWith("ExecutionDoesNotExist");

        var machine = (await server.CallAsync(
            "DescribeStateMachineForExecution", new JsonObject { ["executionArn"] = child })).Ok();
        ((string?)machine["mapRunArn"]).ShouldBe(run);
        ((string?)machine["label"]).ShouldBe("run");
        ((string?)machine["stateMachineArn"]).ShouldEndWith(":stateMachine:m/run");
        JsonNode.Parse((string)machine["definition"]!)!["ProcessorConfig"]!["Mode"]!.GetValue<string>()
            .ShouldBe("DISTRIBUTED");
    }

    [Fact]
    public async Task Child_executions_areStopped_andRedrivenWithTheirRun()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Bench.Call = async (_, input) =>
        {
            await gate.Task;
            return TaskEnding.Of(input);
        };
        await server.DefineAsync($$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","Label":"run","ToleratedFailureCount":1,"ItemProcessor":{
              "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"F","States":{
              "F":{"Type":"Task","Resource":"{{Function}}","End":true} } },"End":true} } }
            """);
        var arn = await server.StartExecutionAsync("e", "[1,2,3]");
        var run = (string)(await server.CallAsync("ListMapRuns", new JsonObject { ["executionArn"] = arn })).Ok()
            ["mapRuns"]![0]!["mapRunArn"]!;
        var children = (await server.CallAsync("ListExecutions", new JsonObject { ["mapRunArn"] = run })).Ok()
            ["executions"]!.AsArray().Select(one => (string)one!["executionArn"]!).ToList();
        foreach (var child in children[1..])
        {
            (await server.CallAsync("StopExecution", new JsonObject
            {
                ["executionArn"] = child, ["error"] = "Enough", ["cause"] = "of it",
            })).Ok();
        }

        var stopped = (await Describe(children[1])).Ok();
        ((string?)stopped["status"]).ShouldBe("ABORTED");
        ((string?)stopped["error"]).ShouldBe("Enough");
        ((string?)(await Describe(arn)).Ok()["error"]).ShouldBe("States.ExceedToleratedFailureThreshold");
        ((string?)(await Describe(children[0])).Ok()["status"]).ShouldBe("ABORTED");

        gate.SetResult();
        (await server.CallAsync("RedriveExecution", new JsonObject { ["executionArn"] = arn })).Ok();
        await server.EndAsync(arn);
        var again = (await Describe(children[1])).Ok();
        ((string?)again["status"]).ShouldBe("SUCCEEDED");
        ((int)again["redriveCount"]!).ShouldBe(1);
        (await server.HistoryAsync(children[1])).Select(shown => (string?)shown!["type"]).ToList()[^1]
            .ShouldBe("ExecutionSucceeded");
    }

    private async Task WhenAsync(string run, Func<JsonObject, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo((await RunAsync(run)).Ok()))
        {
            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private Task<StepFunctionsAnswer> RunAsync(string run) =>
        server.CallAsync("DescribeMapRun", new JsonObject { ["mapRunArn"] = run });

    private Task<StepFunctionsAnswer> Describe(string arn) =>
        server.CallAsync("DescribeExecution", new JsonObject { ["executionArn"] = arn });

    private Task<StepFunctionsAnswer> Redrive(string arn, string? token = null) =>
        server.CallAsync("RedriveExecution", new JsonObject { ["executionArn"] = arn, ["clientToken"] = token });

    private static string Details(JsonNode shown) => shown.AsObject()
        .Single(member => member.Key.EndsWith("EventDetails", StringComparison.Ordinal)).Value!
        .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private async Task<List<int>> PagesAsync(string arn, bool reverse, int size, bool isFull = true)
    {
        List<int> ids = [];
        var request = new JsonObject { ["executionArn"] = arn, ["reverseOrder"] = reverse, ["maxResults"] = size };
        while (true)
        {
            var page = (await server.CallAsync("GetExecutionHistory", request)).Ok();
            ids.AddRange(page["events"]!.AsArray().Select(shown => (int)shown!["id"]!));
            if (page["nextToken"] is not { } token)
            {
                return ids;
            }

            if (isFull)
            {
                page["events"]!.AsArray().Count.ShouldBe(size);
            }

            request["nextToken"] = token.DeepClone();
        }
    }

    private async Task<string> ListedAsync(string? status)
    {
        List<string> names = [];
        var request = new JsonObject
        {
            ["stateMachineArn"] = StepFunctionsServer.Machine, ["statusFilter"] = status, ["maxResults"] = 2,
        };
        while (true)
        {
            var page = (await server.CallAsync("ListExecutions", request)).Ok();
            names.AddRange(page["executions"]!.AsArray().Select(shown => (string)shown!["name"]!));
            if (page["nextToken"] is not { } token)
            {
                return string.Join(' ', names);
            }

            request["nextToken"] = token.DeepClone();
        }
    }
}

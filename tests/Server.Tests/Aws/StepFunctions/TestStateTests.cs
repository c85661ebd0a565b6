using System.Text.Json.Nodes;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.StepFunctions;

/// <summary>Single states, tried over real HTTP.</summary>
public sealed class TestStateTests : IAsyncLifetime
{
    private const string Task = """
        {"Type":"Task","Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","Parameters":{"p.$":"$.a"},
         "ResultSelector":{"r.$":"$"},"ResultPath":"$.out",
         "Retry":[{"ErrorEquals":["Again"],"IntervalSeconds":3,"BackoffRate":2,"MaxAttempts":2}],
         "Catch":[{"ErrorEquals":["States.ALL"],"Next":"Caught"}],"Next":"After"}
        """;

    private StepFunctionsServer server = null!;

    public async ValueTask InitializeAsync() => server = await StepFunctionsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Task_isReallyDone_andEachStepIsShown()
    {
        var answer = (await Try(Task, ("input", """{"a":1}"""), ("inspectionLevel", "DEBUG"))).Ok();
        ((string?)answer["status"]).ShouldBe("SUCCEEDED");
        ((string?)answer["output"]).ShouldBe("""{"a":1,"out":{"r":{"p":1}}}""");
        ((string?)answer["nextState"]).ShouldBe("After");
        var inspection = answer["inspectionData"]!;
        ((string?)inspection["input"]).ShouldBe("""{"a":1}""");
        ((string?)inspection["afterInputPath"]).ShouldBe("""{"a":1}""");
        ((string?)inspection["afterParameters"]).ShouldBe("""{"p":1}""");
        ((string?)inspection["result"]).ShouldBe("""{"p":1}""");
        ((string?)inspection["afterResultSelector"]).ShouldBe("""{"r":{"p":1}}""");
        ((string?)inspection["afterResultPath"]).ShouldBe("""{"a":1,"out":{"r":{"p":1}}}""");
        server.Bench.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Again", 0, "RETRIABLE", null)]
    [InlineData("Again", 2, "CAUGHT_ERROR", "Caught")]
    [InlineData("Other", 0, "CAUGHT_ERROR", "Caught")]
    [InlineData("States.DataLimitExceeded", 0, "FAILED", null)]
    public async Task Failure_ofATask_isRetried_caughtOrNot(string error, int retries, string status, string? next)
    {
        server.Bench.Call = (_, _) => System.Threading.Tasks.Task.FromResult<TaskEnding?>(
            TaskEnding.Failed(error, "because"));
        var answer = (await server.CallAsync("TestState", new JsonObject
        {
            ["definition"] = Task,
            ["roleArn"] = StepFunctionsServer.Role,
            ["input"] = """{"a":1}""",
            ["stateConfiguration"] = new JsonObject { ["retrierRetryCount"] = retries },
        })).Ok();
        ((string?)answer["status"]).ShouldBe(status);
        ((string?)answer["nextState"]).ShouldBe(next);
        ((string?)answer["error"]).ShouldBe(error);
        ((string?)answer["cause"]).ShouldBe("because");
        server.Bench.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task States_ofBothLanguages_areTried()
    {
        var jsonata = (await Try(
            """
            {"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $states.input.a + $x %}","Assign":{"y":2},"End":true}
            """,
            ("input", """{"a":1}"""), ("variables", """{"x":5}"""), ("inspectionLevel", "DEBUG"))).Ok();
        ((string?)jsonata["output"]).ShouldBe("6");
        ((string?)jsonata["inspectionData"]!["variables"]).ShouldBe("""{"x":5,"y":2}""");
        var choice = (await Try(
            """
            {"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"One"}],"Default":"None"}
            """,
            ("input", """{"a":1}"""))).Ok();
        ((string?)choice["nextState"]).ShouldBe("One");
        var fail = (await Try("""{"Type":"Fail","Error":"E","Cause":"c"}""")).Ok();
        fail.ToJsonString().ShouldBe("""{"error":"E","cause":"c","status":"FAILED"}""");
        var named = (await Try(
            """{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Result":7,"End":true}}}""",
            ("stateName", "B"))).Ok();
        ((string?)named["output"]).ShouldBe("7");
    }

    [Fact]
    public async Task Mock_takesThePlaceOfTheWork()
    {
        var answer = (await server.CallAsync("TestState", new JsonObject
        {
            ["definition"] = Task, ["input"] = """{"a":1}""", ["mock"] = new JsonObject { ["result"] = "5" },
        })).Ok();
        ((string?)answer["output"]).ShouldBe("""{"a":1,"out":{"r":5}}""");
        var parallel = (await server.CallAsync("TestState", new JsonObject
        {
            ["definition"] = """
                {"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],
                 "ResultPath":"$.r","End":true}
                """,
            ["mock"] = new JsonObject { ["result"] = "[1]" },
        })).Ok();
        ((string?)parallel["output"]).ShouldBe("""{"r":[1]}""");
        server.Bench.Calls.ShouldBeEmpty();
    }

    /// <summary>The definition, the mock or null, and the failure.</summary>
    public static TheoryData<string, string?, string> Refused { get; } = new()
    {
        {
            """{"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}""",
            null,
            "InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: "
            + "[Task, Wait, Pass, Succeed, Fail, Choice]"
        },
        {
            """{"Type":"Parallel","Branches":[],"End":true}""", """{"result":"[]"}""",
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at "
            + "/States/StateName/Branches'"
        },
        {
            """{"Type":"Fail"}""", """{"result":"1"}""",
            "ValidationException: State type 'Fail' is not supported when a mock is specified"
        },
        {
            Task, """{"result":"1","errorOutput":{}}""",
            "ValidationException: A test mock should have only one of the following fields: [result, errorOutput]."
        },
        { Task, """{"result":"nope"}""", "ValidationException: Mocked result must be valid JSON" },
        {
            """
            {"Type":"Parallel","Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}],"End":true}
            """,
            """{"result":"[1,2]"}""",
            "ValidationException: Mocked result must contain the same number of items as number of Parallel branches."
        },
        { Task, null, "ValidationException: RoleArn must be specified when testing a Task state" },
        { "nope", null, "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Mistakes_areRefused_inAwsWords(string definition, string? mock, string failure)
    {
        var answer = await server.CallAsync("TestState", new JsonObject
        {
            ["definition"] = definition, ["mock"] = mock is null ? null : JsonNode.Parse(mock),
        });
        answer.Failure.ShouldStartWith(failure);
    }

    private Task<StepFunctionsAnswer> Try(string definition, params (string Name, string Value)[] members)
    {
        var body = new JsonObject { ["definition"] = definition, ["roleArn"] = StepFunctionsServer.Role };
        foreach (var (name, value) in members)
        {
            body[name] = value;
        }

        return server.CallAsync("TestState", body);
    }
}

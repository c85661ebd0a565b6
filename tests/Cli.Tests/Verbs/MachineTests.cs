using System.Text.Json.Nodes;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

/// <summary>State machines: deploying them, and what their executions can be told.</summary>
public sealed class MachineTests : IAsyncLifetime
{
    private const string Arn = "arn:aws:states:eu-north-1:000000000000:stateMachine:order";

    private const string Definition = """
        {
          "StartAt": "A",
          "States": {
            "A": {"Type": "Pass", "Next": "B"},
            "B": {"Type": "Succeed"}
          }
        }
        """;

    private readonly CommandLine commandLine = new();
    private readonly List<string> operations = [];
    private FakeServer server = null!;
    private string? existing;
    private string diagnostics = "[]";

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server).Folder.Write("order.asl.json", Definition);
        server.On("POST /", AnswerAsync).On("GET /v1/machines", http => http.Response.WriteAsync(existing is null
            ? """{"machines":[]}"""
            : $$"""{"machines":[{"name":"order","arn":"{{Arn}}"}]}"""));
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Deploy_ofADefinition_createsAMachine_updatesIt_andSaysWhatChanged()
    {
        var created = await commandLine.RunAsync("deploy", "order.asl.json");
        created.ExitCode.ShouldBe(0, created.Error);
        created.Output.ShouldBe("created order\n");
        created.Error.ShouldContain("lambent execution start order");
        operations.ShouldBe(["ValidateStateMachineDefinition", "CreateStateMachine"]);

        existing = Definition;
        (await commandLine.RunAsync("deploy", "order.asl.json")).Output.ShouldBe("unchanged order\n");
        existing = Definition.Replace("\"B\"", "\"Old\"").Replace("\"Pass\"", "\"Wait\"");
        operations.Clear();
        (await commandLine.RunAsync("deploy", ".", "--dry-run")).Output.ShouldBe("planned order\n");
        operations.ShouldNotContain("UpdateStateMachine");
        var updated = await commandLine.RunAsync("deploy", ".", "--json");
        operations[^1].ShouldBe("UpdateStateMachine");
        updated.Json.GetProperty("schema").GetString().ShouldBe("lambent.machines/1");
        updated.Json.GetProperty("machines")[0].GetProperty("changes").GetRawText().ShouldBe(
            """[{"field":"state","before":"A","after":"changed"},"""
            + """{"field":"state","before":null,"after":"B"},{"field":"state","before":"Old","after":null}]""");
    }

    [Fact]
    public async Task Deploy_ofADefinitionThatIsWrong_saysWhereAndChangesNothing()
    {
        diagnostics = """
            [{"severity":"WARNING","code":"W","message":"Odd","location":"/StartAt"},
             {"severity":"ERROR","code":"SCHEMA_VALIDATION_FAILED","message":"Bad","location":"/States/B/Next"}]
            """;
        var refused = await commandLine.RunAsync("deploy", "order.asl.json");
        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("order.asl.json:5: Bad at /States/B/Next");
        refused.Error.ShouldContain("order.asl.json:2: Odd at /StartAt");
        refused.Error.ShouldContain("DefinitionInvalid");
        operations.ShouldBe(["ValidateStateMachineDefinition"]);

        commandLine.Folder.Write("broken.asl.json", "{\n  \"States\" }");
        var broken = await commandLine.RunAsync("deploy", "broken.asl.json");
        broken.ExitCode.ShouldBe(2);
        broken.Error.ShouldContain("broken.asl.json:2:12 is not JSON");
    }

    [Theory]
    [InlineData("--memory is for functions", "order.asl.json", "--memory", "128")]
    [InlineData("There is no file", "none.asl.json")]
    public async Task Deploy_ofADefinition_refusesWhatDoesNotFit(string said, params string[] arguments)
    {
        var refused = await commandLine.RunAsync(["deploy", .. arguments]);

        refused.ExitCode.ShouldNotBe(0);
        refused.Error.ShouldContain(said);
        operations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Signal_sendsAnEvent_andSaysWhenItWasSentBefore()
    {
        var isNew = true;
        server.On("POST /v1/executions/order/o1/events/paid", http => http.Response.WriteAsync(
            $$"""{"machine":"order","name":"o1","event":"paid","isNew":{{(isNew ? "true" : "false")}} }"""));

        var sent = await commandLine.RunAsync("execution", "signal", "order/o1", "paid", "--data", """{"by":"card"}""");
        isNew = false;
        var again = await commandLine.RunAsync("execution", "signal", "order/o1", "paid", "--key", "k");
        var json = (await commandLine.RunAsync("execution", "signal", "order/o1", "paid", "--json")).Json;

        sent.Output.ShouldBe("sent paid to order/o1\n");
        server.Requests.First().Body.ShouldBe("""{"by":"card"}""");
        again.Output.ShouldBe("paid was sent to order/o1 before\n");
        server.Requests.Last().Body.ShouldBe("null");
        json.GetProperty("schema").GetString().ShouldBe("lambent.signal/1");
    }

    [Fact]
    public async Task List_asksForAttributes()
    {
        server.OnJson("GET /v1/executions", """{"executions":[]}""");

        var listed = await commandLine.RunAsync(
            "ls", "executions", "--where", "customer=42", "--where", "total>=10");
        var refused = await commandLine.RunAsync("ls", "machines", "--where", "a=1");

        listed.ExitCode.ShouldBe(0, listed.Error);
        server.Requests.First().Query.ShouldContain("where=customer%3D42&where=total%3E%3D10");
        refused.ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Wait_followsAnExecutionThatGoesOnAsANewOne()
    {
        server.OnJson("GET /v1/executions/order/o1", Entry("o1", ",\"continuedAs\":\"order/o1.2\""))
            .OnJson("GET /v1/executions/order/o1.2", Entry("o1.2", ",\"continuedFrom\":\"order/o1\",\"output\":7"));

        (await commandLine.RunAsync("execution", "get", "order/o1")).Output.ShouldContain("order/o1  continued");
        var followed = await commandLine.RunAsync("execution", "get", "order/o1", "--wait", "5");

        followed.Output.ShouldContain("order/o1.2  succeeded");
        followed.Output.ShouldContain("from order/o1");
    }

    private static string Entry(string name, string more) => $$"""
        {"machine":"order","name":"{{name}}","status":"succeeded","startedAt":"2026-11-21T12:00:00+00:00",
         "stoppedAt":"2026-11-21T12:00:10+00:00"{{more}} }
        """;

    private Task AnswerAsync(HttpContext http)
    {
        var operation = http.Request.Headers["X-Amz-Target"].ToString().Split('.')[^1];
        operations.Add(operation);
        if (operation == "DescribeStateMachine")
        {
            operations.Remove(operation);
        }

        return http.Response.WriteAsync(operation switch
        {
            "ValidateStateMachineDefinition" => $$"""
                {"result":"{{(diagnostics.Contains("ERROR") ? "FAIL" : "OK")}}","diagnostics":{{diagnostics}},
                 "truncated":false}
                """,
            "DescribeStateMachine" => new JsonObject
            {
                ["stateMachineArn"] = Arn, ["type"] = "STANDARD", ["definition"] = existing,
            }.ToJsonString(),
            _ => $$"""{"stateMachineArn":"{{Arn}}"}""",
        });
    }
}

using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class ExecutionTests : IAsyncLifetime
{
    private const string Path = "/v1/executions/orders/o1";

    private const string Entry = """
        {"machine":"orders","name":"o1","arn":"arn:aws:states:eu-north-1:000000000000:execution:orders:o1",
         "status":"failed","isPaused":false,"type":"standard","startedAt":"2026-11-21T12:00:00+00:00",
         "stoppedAt":"2026-11-21T12:00:10+00:00","error":"Declined","cause":"no\u001b[31m money","redriveCount":1,
         "redrivenAt":"2026-11-21T12:00:05+00:00","revision":"r1","roleArn":"role","input":{"id":4711},
         "currentStates":[],"definition":"{}"}
        """;

    private const string Timeline = """
        {"machine":"orders","name":"o1","status":"failed","isPaused":false,"error":"Declined","cause":"no money",
         "startedAt":"2026-11-21T12:00:00+00:00","stoppedAt":"2026-11-21T12:00:10+00:00",
         "now":"2026-11-21T12:00:20+00:00","rowCount":3,
         "rows":[
          {"number":0,"state":"Both","type":"Parallel","branch":0,"depth":0,"enteredAt":"2026-11-21T12:00:00+00:00",
           "exitedAt":"2026-11-21T12:00:10+00:00","status":"failed","error":"Declined",
           "attempts":[{"scheduledAt":"2026-11-21T12:00:00+00:00","outcome":"failed"}]},
          {"number":1,"state":"Pause","type":"Wait","branch":1,"parent":0,"index":1,"depth":1,
           "enteredAt":"2026-11-21T12:00:00+00:00","exitedAt":"2026-11-21T12:00:10+00:00","status":"aborted",
           "attempts":[]},
          {"number":2,"state":"Charge","type":"Task","branch":2,"parent":0,"index":0,"depth":1,
           "enteredAt":"2026-11-21T12:00:00+00:00","exitedAt":"2026-11-21T12:00:10+00:00","status":"failed",
           "error":"Declined","attempts":[
            {"scheduledAt":"2026-11-21T12:00:00+00:00","startedAt":"2026-11-21T12:00:01+00:00",
             "endedAt":"2026-11-21T12:00:03+00:00","outcome":"failed","error":"Busy",
             "retryAt":"2026-11-21T12:00:08+00:00"},
            {"scheduledAt":"2026-11-21T12:00:08+00:00","startedAt":"2026-11-21T12:00:08+00:00",
             "endedAt":"2026-11-21T12:00:10+00:00","outcome":"failed","error":"Declined"}]}],
         "pauses":[{"from":"2026-11-21T12:00:01+00:00","to":"2026-11-21T12:00:02+00:00"}],
         "redrives":["2026-11-21T12:00:05+00:00"]}
        """;

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson($"GET {Path}", Entry).OnJson($"GET {Path}/timeline", Timeline)
            .OnJson($"POST {Path}/pause", Entry).OnJson($"POST {Path}/resume", Entry)
            .OnJson($"POST {Path}/stop", Entry).OnJson($"POST {Path}/redrive", Entry).OnJson($"POST {Path}/skip", Entry)
            .OnJson("GET /v1/machines", """
                {"machines":[{"name":"orders","arn":"arn:aws:states:eu-north-1:000000000000:stateMachine:orders",
                  "type":"standard","isDeleting":false,"revision":"r1","running":2,"failed":1,
                  "createdAt":"2026-11-21T12:00:00+00:00","updatedAt":"2026-11-21T12:00:00+00:00"}]}
                """)
            .OnJson("POST /", """
                {"executionArn":"arn:aws:states:eu-north-1:000000000000:execution:orders:o1","startDate":1}
                """)
            .OnJson($"GET {Path}/journal", """
                {"events":[{"sequence":1,"historyId":1,"at":"2026-11-21T12:00:00+00:00","type":"ExecutionStarted",
                  "branch":0,"input":{"id":4711}},
                 {"sequence":2,"at":"2026-11-21T12:00:01.5+00:00","type":"RetryScheduled","branch":3,"name":"Charge",
                  "error":"Busy","cause":"{\"errorMessage\":\"wait\"}","until":"2026-11-21T12:00:08+00:00"}]}
                """)
            .On("GET /v1/executions", http => http.Response.WriteAsync(
                http.Request.Query.ContainsKey("after")
                    ? $$"""{"executions":[{{Entry.Replace("o1", "o2")}}]}"""
                    : $$"""{"executions":[{{Entry}}],"next":"1/k"}"""));
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("paused orders/o1", $"POST {Path}/pause", "pause", "orders/o1")]
    [InlineData("resumed orders/o1", $"POST {Path}/resume", "resume", "orders/o1")]
    [InlineData("stopped orders/o1", $"POST {Path}/stop", "stop", "orders/o1", "--error", "E")]
    [InlineData("redriven orders/o1", $"POST {Path}/redrive", "redrive", "orders/o1")]
    [InlineData("skipped orders/o1", $"POST {Path}/skip", "skip", "orders/o1", "Charge", "--output", "{\"a\":1}")]
    [InlineData(
        "paused orders/o1", $"POST {Path}/pause",
        "pause", "arn:aws:states:eu-north-1:000000000000:execution:orders:o1")]
    public async Task Execution_verb_callsTheApi(string expected, string called, params string[] arguments)
    {
        var result = await commandLine.RunAsync(["execution", .. arguments]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe(expected + "\n");
        server.Requests.Last().ToString().ShouldBe(called);
        var json = (await commandLine.RunAsync(["execution", .. arguments, "--json"])).Json;
        json.GetProperty("schema").GetString().ShouldBe("lambent.execution/1");
        json.GetProperty("execution").GetProperty("name").GetString().ShouldBe("o1");
    }

    [Fact]
    public async Task Skip_and_stop_sendWhatIsGiven()
    {
        await commandLine.RunAsync("execution", "skip", "orders/o1", "Charge", "--output", "[1,{\"b\":null}]");
        server.Requests.Last().Body.ShouldBe("""{"state":"Charge","output":[1,{"b":null}]}""");
        await commandLine.RunAsync("execution", "stop", "orders/o1", "--error", "E", "--cause", "C");
        server.Requests.Last().Body.ShouldBe("""{"error":"E","cause":"C"}""");
    }

    [Fact]
    public async Task Start_looksUpTheMachine_andWaits()
    {
        var started = await commandLine.RunAsync("execution", "start", "orders:live", "--input", "{\"a\":1}");
        started.ExitCode.ShouldBe(0, started.Error);
        started.Output.ShouldBe("started orders/o1\n");
        started.Error.ShouldContain("lambent execution timeline orders/o1");
        var sent = server.Requests.Single(request => request.Method == "POST");
        sent.Body.ShouldContain("stateMachine:orders:live");
        sent.Authorization.ShouldContain("/states/");

        var waited = await commandLine.RunAsync("execution", "start", "orders", "--name", "o1", "--wait");
        waited.ExitCode.ShouldBe(8);
        waited.Error.ShouldContain("no money");
        waited.Error.ShouldNotContain("\u001b");
        server.OnJson($"GET {Path}", Entry.Replace("\"failed\"", "\"succeeded\"")
            .Replace("\"input\"", "\"output\":[7],\"input\""));
        (await commandLine.RunAsync("execution", "start", "orders", "--wait", "-q")).Output.ShouldBe("[7]\n");
    }

    [Fact]
    public async Task Get_showsOne_andItsEndIsTheExitCode()
    {
        var result = await commandLine.RunAsync("execution", "get", "orders/o1");
        result.ExitCode.ShouldBe(8);
        result.Output.ShouldContain("orders/o1  failed");
        result.Output.ShouldContain("  took      10.0 s");
        result.Output.ShouldContain("  cause     no money");
        server.OnJson($"GET {Path}", Entry.Replace("\"failed\"", "\"running\""));
        (await commandLine.RunAsync("execution", "get", "orders/o1")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Lists_followPages_andKeepTheirShape()
    {
        var result = await commandLine.RunAsync("ls", "executions", "--machine", "orders", "--status", "failed");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Lines.Length.ShouldBe(3);
        result.Lines[1].ShouldStartWith("orders/o1  failed");
        server.Requests.Last().Query.ShouldContain("machine=orders&status=failed&after=1%2Fk");
        var json = (await commandLine.RunAsync("ls", "executions", "--limit", "1", "--json")).Json;
        json.GetProperty("executions").GetArrayLength().ShouldBe(1);
        (await commandLine.RunAsync("ls", "machines")).Lines[1].ShouldStartWith("orders  standard  2        1");
        var machine = (await commandLine.RunAsync("ls", "machines", "--json")).Json.GetProperty("machines")[0];
        string.Join(',', machine.EnumerateObject().Select(member => member.Name))
            .ShouldBe("name,arn,type,isDeleting,revision,running,failed,createdAt,updatedAt");
    }

    [Fact]
    public async Task Timeline_drawsBranchesBelowTheirState_withTheirAttempts()
    {
        var result = await commandLine.RunAsync("execution", "timeline", "orders/o1", "--width", "80");
        result.ExitCode.ShouldBe(0, result.Error);
        var lines = result.Lines;
        lines[0].ShouldBe("orders/o1  failed after 10.0 s");
        lines[2].ShouldStartWith("Both ");
        lines[3].ShouldStartWith("  [0] Charge");
        lines[3].ShouldContain("░░");
        lines[3].ShouldContain("▒▒");
        lines[3].ShouldContain("····");
        lines[3].ShouldContain("failed, 2 attempts: Declined");
        lines[4].ShouldStartWith("  [1] Pause");
        lines[4].ShouldContain("given up");
        result.Output.ShouldContain("error     Declined: no money");
        result.Output.ShouldContain("redriven  2026-11-21 12:00:05Z");
        lines.ShouldAllBe(line => line.Length <= 84);
        result.Output.ShouldNotContain("\u001b");
        var json = (await commandLine.RunAsync("execution", "timeline", "orders/o1", "--json")).Json;
        json.GetProperty("timeline").GetProperty("rows").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task History_listsAll_withWhatIsOursAlone()
    {
        var result = await commandLine.RunAsync("execution", "history", "orders/o1");
        result.Lines[1].ShouldContain("ExecutionStarted");
        result.Lines[1].ShouldContain("gets {\"id\":4711}");
        result.Lines[2].ShouldContain("1.500 s");
        result.Lines[2].ShouldContain("Busy: wait  until 2026-11-21T12:00:08Z");
        var json = (await commandLine.RunAsync("execution", "history", "orders/o1", "--json")).Json;
        json.GetProperty("events")[1].GetProperty("type").GetString().ShouldBe("RetryScheduled");
    }

    [Fact]
    public async Task Many_are_changed_inParts_untilTheCount()
    {
        var parts = new Queue<string>([
            """{"changed":2,"refused":1,"next":"5/k"}""", """{"changed":3,"refused":0,"next":"6/k"}"""]);
        server.On("POST /v1/executions/redrive", http => http.Response.WriteAsync(parts.Dequeue()));
        var result = await commandLine.RunAsync(
            "execution", "redrive", "--machine", "orders", "--count", "5", "--rate", "2.5", "--error", "Busy");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe("redriven 5 executions of orders; 1 had changed meanwhile\n");
        server.Requests.Last().Body.ShouldBe(
            """{"machine":"orders","error":"Busy","count":3,"perSecond":2.5,"after":"5/k"}""");
        var stop = await commandLine.RunAsync("execution", "stop", "--machine", "orders");
        stop.ExitCode.ShouldBe(2);
        stop.Error.ShouldContain("--yes");
    }

    [Theory]
    [InlineData("execution", "get", "orders")]
    [InlineData("execution", "skip", "orders/o1", "Charge")]
    [InlineData("execution", "skip", "orders/o1", "Charge", "--output", "{a")]
    [InlineData("execution", "start", "orders", "--input", "{a")]
    [InlineData("execution", "stop")]
    [InlineData("execution", "stop", "orders/o1", "--machine", "orders")]
    [InlineData("execution", "redrive", "orders/o1", "--count", "3")]
    [InlineData("execution", "redrive", "orders/o1", "--status", "aborted")]
    [InlineData("ls", "functions", "--machine", "orders")]
    [InlineData("ls", "executions", "--limit", "0")]
    public async Task Wrong_commandLine_exitsWith2(params string[] arguments) =>
        (await commandLine.RunAsync(arguments)).ExitCode.ShouldBe(2);

    [Fact]
    public async Task Misspelled_names_areGuessed()
    {
        server.OnError("GET /v1/executions/orders/o3", 404, "ExecutionNotFound", "Execution Does Not Exist");
        var execution = await commandLine.RunAsync("execution", "get", "orders/o3");
        execution.ExitCode.ShouldBe(3);
        execution.Error.ShouldContain("Did you mean");
        var machine = await commandLine.RunAsync("execution", "start", "order");
        machine.ExitCode.ShouldBe(3);
        machine.Error.ShouldContain("Did you mean 'orders'");
    }

    [Theory]
    [InlineData("orders/o1", "execution", "timeline", "ord")]
    [InlineData("orders", "execution", "start", "ord")]
    [InlineData("orders", "ls", "executions", "--machine", "o")]
    [InlineData("timed-out", "ls", "executions", "--status", "t")]
    [InlineData("execution", "exe")]
    public async Task Completion_offersNames(string expected, params string[] words) =>
        (await commandLine.RunAsync(["complete", "--", .. words])).Lines.ShouldContain(expected);
}

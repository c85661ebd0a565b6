using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Native;
using Lambent.Server.Tests.Workflows;
using Lambent.Server.Workflows;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class ExecutionOperationsTests : IAsyncLifetime
{
    private const string Waits = """
        {"StartAt": "P", "States": {
            "P": {"Type": "Pass", "Next": "W"},
            "W": {"Type": "Wait", "Seconds": 600, "Next": "T"},
            "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "End": true}}}
        """;

    private const string Fails = """
        {"StartAt": "T", "States": {
            "T": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:f", "Next": "End"},
            "End": {"Type": "Succeed"}}}
        """;

    private const string Path = "/v1/executions/waits/one";

    private readonly WorkflowBench bench = new();
    private NativeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        await bench.OpenAsync();
        await bench.DefineAsync("waits", Waits);
        await bench.DefineAsync("fails", Fails);
        server = await NativeServer.StartAsync((endpoints, routes) => new ExecutionOperations(
            bench.Service,
            new ExecutionViews(bench.Store, new MachineDirectory(bench.Store), WorkflowBench.Region),
            new ExecutionBulk(bench.Service, bench.Time),
            WorkflowBench.Region,
            bench.Time).Map(endpoints, routes));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task Event_is_sent_once_by_its_key_and_what_is_wrong_with_it_is_said()
    {
        await bench.DefineAsync("listens", """
            {"StartAt": "L", "States": {"L": {"Type": "Task", "Resource": "arn:aws:states:::lambent:waitForEvent",
                "Parameters": {"Name": "go"}, "End": true}}}
            """);
        await bench.StartAsync("listens", "one");
        const string Events = "/v1/executions/listens/one/events";
        async Task<NativeAnswer> Send(string name, string? json, string? key = null)
        {
            using var content = new StringContent(json ?? "");
            content.Headers.Add("X-Lambent-Idempotency-Key", key ?? "");
            return await server.SendAsync("POST", $"{Events}/{name}", json is null ? null : content);
        }

        (await Send("other", "{\"a\": [1]}")).Json["isNew"]!.GetValue<bool>().ShouldBeTrue();
        (await Send("bad%20name", "1")).ShouldFail(400, ErrorCode.InvalidParameter, "event");
        (await Send("go", "not json")).ShouldFail(400, ErrorCode.InvalidParameter, "body");
        (await Send("go", null)).Json["isNew"]!.GetValue<bool>().ShouldBeTrue();
        (await Send("go", "2")).ShouldFail(409, ErrorCode.WorkflowConflict);
        (await server.SendAsync("POST", "/v1/executions/listens/none/events/go"))
            .ShouldFail(404, ErrorCode.ExecutionNotFound, "executionArn");

        var answer = (await server.SendAsync("GET", "/v1/executions/listens/one")).Json;
        answer["status"]!.ToString().ShouldBe("succeeded");
        answer["output"].ShouldBeNull();
    }

    [Fact]
    public async Task List_is_of_those_with_an_attribute()
    {
        await bench.DefineAsync("named", """
            {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambent:setAttributes",
                "Parameters": {"Attributes": {"n.$": "$.n"}}, "End": true}}}
            """);
        await bench.StartAsync("named", "one", """{"n":1}""");
        await bench.StartAsync("named", "two", """{"n":2}""");

        var found = (await server.SendAsync("GET", "/v1/executions?where=n%3D2&limit=1")).Json;

        found["executions"]!.AsArray().Single()!["name"]!.ToString().ShouldBe("two");
        found["executions"]![0]!["attributes"]!.ToJsonString().ShouldBe("""{"n":2}""");
        (await server.SendAsync("GET", "/v1/executions?where=n")).ShouldFail(400, ErrorCode.InvalidParameter, "where");
    }

    [Fact]
    public async Task Get_shows_where_an_execution_is_and_what_it_got()
    {
        await bench.StartAsync("waits", "one", """{"a":[1,{"b":null}]}""");

        var answer = (await server.SendAsync("GET", Path)).Json;

        answer["status"]!.ToString().ShouldBe("running");
        answer["currentStates"]!.ToJsonString().ShouldBe("""["W"]""");
        answer["input"]!.ToJsonString().ShouldBe("""{"a":[1,{"b":null}]}""");
        answer["revision"]!.ToString().ShouldBe("r1");
        answer["definition"]!.ToString().ShouldBe(Waits);
        (await server.SendAsync("GET", Path, json: null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.ExecutionNotFound, "executionArn");
    }

    [Fact]
    public async Task Executions_are_listed_the_latest_first_by_pages_and_filters()
    {
        for (var number = 0; number < 5; number++)
        {
            await bench.StartAsync("waits", $"w{number}");
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await bench.StartAsync("fails", "f");
        await bench.EndAsync(new ExecutionId(Lambent.Kernel.Access.AccountId.Root, "fails", "f"));
        var names = new List<string>();
        string? after = null;
        do
        {
            var place = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var page = (await server.SendAsync("GET", $"/v1/executions?machine=waits&limit=2{place}")).Json;
            names.AddRange(page["executions"]!.AsArray().Select(entry => entry!["name"]!.ToString()));
            after = page["next"]?.ToString();
        }
        while (after is not null);

        names.ShouldBe(["w4", "w3", "w2", "w1", "w0"]);
        (await server.SendAsync("GET", "/v1/executions?status=succeeded")).Json["executions"]!.AsArray()
            .Single()!["name"]!.ToString().ShouldBe("f");
        (await server.SendAsync("GET", "/v1/machines")).Json["machines"]!.AsArray()
            .Select(machine => $"{machine!["name"]} {machine["running"]}").ShouldBe(["fails 0", "waits 5"]);
    }

    [Fact]
    public async Task Journal_has_all_events_by_pages()
    {
        var id = await bench.StartAsync("waits", "one");
        await server.SendAsync("POST", $"{Path}/pause");
        var types = new List<string>();
        for (JsonNode? from = 1; from is not null;)
        {
            var page = (await server.SendAsync("GET", $"{Path}/journal?from={from}&limit=2")).Json;
            page["events"]!.AsArray().Count.ShouldBeInRange(1, 2);
            types.AddRange(page["events"]!.AsArray().Select(happened => happened!["type"]!.ToString()));
            from = page["next"];
        }

        types.ShouldBe(bench.Journal(id).Select(happened => happened.Type.ToString()));
        types.ShouldContain("ExecutionPaused");
    }

    [Fact]
    public async Task Iterations_of_a_distributed_map_are_listed_in_pages()
    {
        await bench.DefineAsync("each", """
            {"StartAt": "M", "States": {"M": {"Type": "Map", "Label": "items", "End": true, "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "C", "States": {
                    "C": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 2, "Next": "F"}],
                        "Default": "P"},
                    "F": {"Type": "Fail", "Error": "Two"}, "P": {"Type": "Succeed"}}},
                "ToleratedFailureCount": 1}}}
            """);
        var id = await bench.StartAsync("each", "one", "[1, 2, 3]");
        await bench.EndAsync(id);

        const string Iterations = "/v1/executions/each/one/iterations";
        var first = (await server.SendAsync("GET", $"{Iterations}?limit=2")).Json;
        var rest = (await server.SendAsync("GET", $"{Iterations}?limit=2&after={first["next"]}")).Json;
        first["iterations"]!.AsArray().Concat(rest["iterations"]!.AsArray())
            .Select(shown => $"{shown!["map"]} {shown["index"]} {shown["status"]} {shown["error"]}")
            .ShouldBe(["items 2 succeeded ", "items 1 failed Two", "items 0 succeeded "]);
        rest["next"].ShouldBeNull();
        var failed = (await server.SendAsync("GET", $"{Iterations}?status=failed")).Json["iterations"]!.AsArray();
        failed.ShouldHaveSingleItem()!["arn"]!.ToString().ShouldStartWith(
            "arn:aws:states:us-east-1:000000000000:execution:each/items:one.");
        (await server.SendAsync("GET", $"{Iterations}?status=odd"))
            .ShouldFail(400, ErrorCode.InvalidParameter, "status");
    }

    [Fact]
    public async Task Timeline_and_graph_show_what_goes_on()
    {
        await bench.StartAsync("waits", "one");

        var timeline = (await server.SendAsync("GET", $"{Path}/timeline?limit=1")).Json;
        timeline["rowCount"]!.GetValue<int>().ShouldBe(2);
        timeline["next"]!.GetValue<int>().ShouldBe(1);
        timeline["rows"]![0]!["state"]!.ToString().ShouldBe("P");
        var second = (await server.SendAsync("GET", $"{Path}/timeline?from=1")).Json["rows"]!.AsArray().Single()!;
        $"{second["state"]} {second["status"]}".ShouldBe("W waiting");
        var graph = (await server.SendAsync("GET", $"{Path}/graph")).Json["graph"]!;
        graph["nodes"]!.AsArray().Select(node => $"{node!["name"]} {node["status"]} {node["open"]}")
            .ShouldBe(["P succeeded 0", "W waiting 1", "T  0"]);
        graph["edges"]!.AsArray().Select(edge => $"{edge!["from"]}-{edge["to"]} {edge["kind"]} {edge["taken"]}")
            .ShouldBe(["P-W next 1", "W-T next 0"]);
    }

    [Fact]
    public async Task Paused_resumed_skipped_execution_ends()
    {
        var id = await bench.StartAsync("waits", "one");

        (await server.SendAsync("POST", $"{Path}/pause")).Json["isPaused"]!.GetValue<bool>().ShouldBeTrue();
        (await server.SendAsync("POST", $"{Path}/pause")).ShouldFail(409, ErrorCode.WorkflowConflict);
        (await server.SendAsync("POST", $"{Path}/skip", """{"state":"P","output":1}"""))
            .ShouldFail(409, ErrorCode.WorkflowConflict);
        (await server.SendAsync("POST", $"{Path}/skip", """{"state":"W","output":{"x":[1]}}""")).Json["status"]!
            .ToString().ShouldBe("running");
        (await server.SendAsync("POST", $"{Path}/resume")).Json["isPaused"]!.GetValue<bool>().ShouldBeFalse();
        await bench.EndAsync(id);

        bench.Outcome(id).ShouldBe("""Succeeded {"x":[1]}""");
        (await server.SendAsync("POST", $"{Path}/redrive")).ShouldFail(409, ErrorCode.ExecutionNotRedrivable);
        (await server.SendAsync("POST", $"{Path}/stop")).ShouldFail(409, ErrorCode.WorkflowConflict);
    }

    [Fact]
    public async Task Misspelled_state_does_not_take_up_an_execution_that_failed()
    {
        bench.Call = (_, _) => Task.FromResult<TaskEnding?>(TaskEnding.Failed("Broken", null));
        var id = await bench.StartAsync("fails", "f");
        await bench.EndAsync(id);
        var before = bench.Journal(id).Count;

        (await server.SendAsync("POST", "/v1/executions/fails/f/skip", """{"state":"End","output":1}"""))
            .ShouldFail(409, ErrorCode.WorkflowConflict);
        bench.Journal(id).Count.ShouldBe(before);
        bench.Record(id).Status.ShouldBe(ExecutionStatus.Failed);

        await server.SendAsync("POST", "/v1/executions/fails/f/skip", """{"state":"T","output":"by hand"}""");
        await bench.EndAsync(id);
        bench.Outcome(id).ShouldBe("Succeeded \"by hand\"");
    }

    [Fact]
    public async Task Many_are_stopped_and_redriven_by_count_and_filter()
    {
        for (var number = 0; number < 4; number++)
        {
            await bench.StartAsync("waits", $"w{number}");
            bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var stopped = (await server.SendAsync(
            "POST", "/v1/executions/stop", """{"machine":"waits","count":3,"error":"Enough"}""")).Json;
        stopped["changed"]!.GetValue<int>().ShouldBe(3);
        Count("running").ShouldBe(1);
        (await server.SendAsync(
            "POST", "/v1/executions/redrive", """{"machine":"waits","status":"aborted","error":"Other"}"""))
            .Json["changed"]!.GetValue<int>().ShouldBe(0);
        (await server.SendAsync(
            "POST", "/v1/executions/redrive", """{"machine":"waits","status":"aborted","error":"Enough"}"""))
            .Json["changed"]!.GetValue<int>().ShouldBe(3);
        Count("running").ShouldBe(4);

        int Count(string status) => bench.Service.List(
            Lambent.Kernel.Access.AccountId.Root,
            new ExecutionFilter("waits", ExecutionRequests.Status(status).Value),
            100).Count;
    }

    [Theory]
    [InlineData("GET", "/v1/executions?status=done", null, "status")]
    [InlineData("GET", "/v1/executions?limit=0", null, "limit")]
    [InlineData("GET", "/v1/executions?after=x", null, "after")]
    [InlineData("GET", "/v1/executions?after=9999999999999999999%2Fk", null, "after")]
    [InlineData("GET", Path + "/journal?from=0", null, "from")]
    [InlineData("GET", Path + "/timeline?limit=1e3", null, "limit")]
    [InlineData("GET", Path + "?wait=61", null, "wait")]
    [InlineData("POST", Path + "/skip", "{}", "state")]
    [InlineData("POST", "/v1/executions/stop", "{}", "machine")]
    [InlineData("POST", "/v1/executions/stop", """{"machine":"m","status":"failed"}""", "status")]
    [InlineData("POST", "/v1/executions/redrive", """{"machine":"m","status":"running"}""", "status")]
    [InlineData("POST", "/v1/executions/redrive", """{"machine":"m","count":0}""", "count")]
    [InlineData("POST", "/v1/executions/redrive", """{"machine":"m","perSecond":0}""", "perSecond")]
    public async Task Wrong_request_is_refused_and_names_the_field(
        string method, string path, string? body, string field)
    {
        await bench.StartAsync("waits", "one");
        (await server.SendAsync(method, path, body)).ShouldFail(400, ErrorCode.InvalidParameter, field);
    }

    [Fact]
    public async Task Generated_bad_input_is_refused_and_changes_nothing()
    {
        var id = await bench.StartAsync("waits", "one");
        var before = bench.Journal(id).Count;
        var chance = new Random(20261121);
        string[] heads = ["", "{", "[]", "null", "\"x\"", "{\"state\":", "\u0000", "{\"output\":1}", "1e999"];
        string[] values =
        [
            "null", "-1", "1e400", "\"\"", "[]", "{}", "true", "\"\\ud800\"",
            new string('[', 300) + new string(']', 300), $"\"{new string('x', 300_000)}\"", "9223372036854775808",
        ];
        string[] members = ["state", "output", "error", "cause", "machine", "status", "count", "perSecond", "after"];
        string[] routes =
        [
            $"{Path}/skip", $"{Path}/resume", $"{Path}/redrive", "/v1/executions/stop", "/v1/executions/redrive",
            "/v1/executions/waits/none/stop", "/v1/executions/%F0%9F%92%A9/%20/pause", "/v1/executions/a%2Fb/c/skip",
        ];
        for (var round = 0; round < 300; round++)
        {
            var body = chance.Next(3) == 0 ? Pick(heads) : "{" + string.Join(',', Enumerable.Range(0, chance.Next(1, 4))
                .Select(_ => $"\"{Pick(members)}\":{Pick(values)}")) + "}";
            var query = chance.Next(2) == 0 ? "" : $"?{Pick(["limit", "from", "wait", "after", "status"])}={Pick(
                ["-1", "x", "%00", "99999999999999999999", "1/", "/", "%F0%9F%92%A9"])}";
            var isRead = chance.Next(3) == 0;
            var route = isRead
                ? Pick(["/v1/executions", Path, $"{Path}/journal", $"{Path}/timeline", $"{Path}/graph", "/v1/machines"])
                : Pick(routes);

            var answer = await server.SendAsync(isRead ? "GET" : "POST", route + query, isRead ? null : body);

            ((int)answer.Status).ShouldBeLessThan(500, $"{route}{query} {body[..Math.Min(200, body.Length)]}");
        }

        bench.Journal(id).Count.ShouldBe(before);
        bench.Record(id).Status.ShouldBe(ExecutionStatus.Running);

        string Pick(string[] from) => from[chance.Next(from.Length)];
    }
}

using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class ScheduleTests : IAsyncLifetime
{
    private const string Entry = """
        {"group":"default","name":"nightly","arn":"a","expression":"30 2 * * *","zone":"UTC","state":"enabled",
         "target":"arn:aws:lambda:eu-north-1:000000000000:function:report","misfire":"fire-last","overlap":"allow",
         "fired":3,"missedCount":2,"held":0,"next":["2026-11-22T02:30:00+00:00","2026-11-23T02:30:00+00:00"],
         "missed":[{"group":"default","name":"nightly","firstAt":"2026-11-20T02:30:00+00:00",
                    "lastAt":"2026-11-20T02:30:00+00:00","count":1,"reason":"late"}]}
        """;

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        const string path = "/v1/schedules/default/nightly";
        server.OnJson($"PUT {path}", Entry).OnJson($"GET {path}", Entry)
            .OnJson($"POST {path}/pause", Entry).OnJson($"POST {path}/resume", Entry)
            .OnJson($"POST {path}/run", """{"group":"default","name":"nightly","id":"id-1"}""")
            .OnJson("DELETE /schedules/nightly", "{}")
            .OnJson("GET /v1/schedules", $$"""
                {"schedules":[{{Entry}}],
                 "upcoming":[{"group":"default","name":"nightly","at":"2026-11-22T02:30:00+00:00"}],
                 "missed":[{"group":"default","name":"nightly","firstAt":"2026-11-19T02:30:00+00:00",
                            "lastAt":"2026-11-20T02:30:00+00:00","count":2,"reason":"overlap"}],"isComplete":true}
                """)
            .OnJson("GET /2015-03-31/functions/report", """{"Configuration":{"FunctionName":"report"}}""")
            .OnJson("GET /2015-03-31/functions/", """{"Functions":[{"FunctionName":"report"}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("paused nightly", "POST /v1/schedules/default/nightly/pause", "schedule", "pause", "nightly")]
    [InlineData("resumed nightly", "POST /v1/schedules/default/nightly/resume", "schedule", "resume", "nightly")]
    [InlineData("fired nightly: id-1", "POST /v1/schedules/default/nightly/run", "schedule", "run", "nightly")]
    [InlineData("deleted nightly", "DELETE /schedules/nightly?groupName=default", "schedule", "rm", "nightly", "--yes")]
    [InlineData(
        "created nightly", "PUT /v1/schedules/default/nightly",
        "schedule", "create", "nightly", "--when", "30 2 * * *", "--function", "report")]
    public async Task Schedule_verb_callsTheApi(string expected, string called, params string[] arguments)
    {
        var result = await commandLine.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe(expected + "\n");
        if (arguments[1] == "create")
        {
            result.Error.ShouldContain("next: 2026-11-22T02:30:00Z, 2026-11-23T02:30:00Z");
        }

        server.Requests.Last().ToString().ShouldBe(called);
    }

    [Fact]
    public async Task Create_sendsWhatIsGiven_andShowsTheNextTimes()
    {
        commandLine.Folder.Write("input.json", """{"a":1}""");
        var result = await commandLine.RunAsync(
            "schedule", "create", "nightly", "--when", "30 2 * * *", "--function", "report", "--zone", "Europe/Berlin",
            "--runs", "3", "--misfire", "skip", "--overlap", "skip", "--start", "2030-01-01T00:00:00Z",
            "--input", "@" + commandLine.Folder.Combine("input.json"), "--json");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Json.GetProperty("schema").GetString().ShouldBe("lambent.schedule/1");
        var body = server.Requests.Last().Body;
        foreach (var member in new[]
            {
                "\"expression\":\"30 2 * * *\"", "\"zone\":\"Europe/Berlin\"", "\"runs\":3", "\"misfire\":\"skip\"",
                "\"overlap\":\"skip\"", "\"startAt\":\"2030-01-01T00:00:00", "\"input\":\"{\\u0022a\\u0022:1}\"",
                "\"mustBeNew\":true",
            })
        {
            body.ShouldContain(member);
        }
    }

    [Theory]
    [InlineData("schedule", "create", "s", "--when", "rate(1 day)")]
    [InlineData("schedule", "create", "s", "--when", "rate(1 day)", "--function", "f", "--queue", "q")]
    [InlineData("schedule", "create", "s", "--function", "f")]
    [InlineData("schedule", "create", "s", "--when", "rate(1 day)", "--function", "f", "--start", "soon")]
    [InlineData("schedule", "create", "s", "--when", "rate(1 day)", "--function", "f", "--input", "@none")]
    [InlineData("schedule", "rm", "nightly")]
    [InlineData("ls", "functions", "--schedule", "nightly")]
    public async Task Wrong_commandLine_exitsWith2(params string[] arguments) =>
        (await commandLine.RunAsync(arguments)).ExitCode.ShouldBe(2);

    [Fact]
    public async Task Misspelled_names_areGuessed()
    {
        server.OnError(
            "POST /v1/schedules/default/nightli/run", 404, "ScheduleNotFound", "Schedule nightli does not exist.");
        var run = await commandLine.RunAsync("schedule", "run", "nightli");
        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("nightly");
        server.OnError(
            "GET /2015-03-31/functions/reprot", 404, "ResourceNotFoundException", "Function not found: reprot");
        var create = await commandLine.RunAsync(
            "schedule", "create", "s", "--when", "rate(1 day)", "--function", "reprot");
        create.ExitCode.ShouldBe(3);
        create.Error.ShouldContain("report");
    }

    [Fact]
    public async Task List_showsSchedules_nextTimes_andWhatWasMissed()
    {
        var result = await commandLine.RunAsync("ls", "schedules");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("nightly  30 2 * * *  UTC   enabled  2026-11-22T02:30:00Z  3      2");
        result.Output.ShouldContain("NEXT TIMES");
        result.Output.ShouldContain("2026-11-19T02:30:00Z to 2026-11-20T02:30:00Z");
        result.Output.ShouldContain("the one before was still being worked on");
        var json = (await commandLine.RunAsync("ls", "schedules", "--json")).Json;
        json.GetProperty("schedules")[0].GetProperty("name").GetString().ShouldBe("nightly");
        json.GetProperty("upcoming")[0].GetProperty("at").GetString().ShouldBe("2026-11-22T02:30:00+00:00");
        json.GetProperty("missed")[0].GetProperty("count").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task List_ofOne_showsItsTimes()
    {
        var result = await commandLine.RunAsync("ls", "schedules", "--schedule", "nightly");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("2026-11-23T02:30:00Z  nightly");
        result.Output.ShouldContain("no server ran when it was due");
    }

    [Fact]
    public async Task Completion_offersSchedules()
    {
        var result = await commandLine.RunAsync("complete", "--", "schedule", "pause", "ni");
        result.Lines.ShouldContain("nightly");
    }
}

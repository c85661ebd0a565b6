using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

/// <summary>
/// What functions, callers and senders wrote is shown as text: no terminal acts on it, whichever verb prints it.
/// </summary>
public sealed class InertTextTests : IAsyncLifetime
{
    /// <summary>In JSON: retitles the window, turns red, erases the screen, goes back; markup in between.</summary>
    private const string Evil =
        "\\u001b]0;evil\\u0007\\u001b[31m<script>alert(1)</script>\\u009b2J\\r\\u0008";

    private const string Time = "2026-11-21T12:00:00+00:00";

    private const string Entry = $$"""
        {"id":"e1","kind":"{{Evil}}","status":"{{Evil}}","type":"{{Evil}}","message":"{{Evil}}","culprit":"{{Evil}}",
         "firstSeen":"{{Time}}","lastSeen":"{{Time}}","count":2,"counts":[1,1],"functions":["{{Evil}}"],
         "resolvedIn":"{{Evil}}","reopenedBy":"{{Evil}}"}
        """;

    private const string Call = $$"""
        {"id":"{{Evil}}","function":"{{Evil}}","version":"{{Evil}}","outcome":"{{Evil}}","origin":"{{Evil}}",
         "cameFrom":"{{Evil}}","replayOf":"{{Evil}}","startedAt":"{{Time}}","durationMilliseconds":5,
         "isStored":true,"errorGroup":"{{Evil}}"}
        """;

    private const string Span = $$"""
        {"spanId":"0000000000000001","name":"{{Evil}}","origin":"custom","function":"{{Evil}}","version":"{{Evil}}",
         "requestId":"{{Evil}}","startedAt":"{{Time}}","offsetMilliseconds":0,"durationMilliseconds":5,"status":"error",
         "message":"{{Evil}}","depth":0,"attributes":{"{{Evil}}":"{{Evil}}"},
         "link":{"traceId":"{{Evil}}","spanId":"{{Evil}}","name":"{{Evil}}"} }
        """;

    private readonly CommandLine commandLine = new() { IsTerminal = true };
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson("GET /v1/errors", $$"""{"errors":[{{Entry}}]}""");
        server.OnJson("GET /v1/errors/e1", $$"""
            {"error":{{Entry}},
             "versions":[{"function":"{{Evil}}","version":"{{Evil}}","firstSeen":"{{Time}}","lastSeen":"{{Time}}",
                "count":2}],
             "samples":[{"number":1,"at":"{{Time}}","function":"{{Evil}}","version":"{{Evil}}","requestId":"{{Evil}}",
                "kind":"{{Evil}}","type":"{{Evil}}","message":"{{Evil}}","stack":"{{Evil}}\\n  at {{Evil}}"}],
             "frames":[{"text":"{{Evil}}","function":"{{Evil}}","isApplication":true,"line":3,
                "source":{"file":"{{Evil}}","line":3,"column":1,"name":"{{Evil}}"},
                "context":[{"line":3,"text":"{{Evil}}"}],"problem":"{{Evil}}"}]}
            """);
        server.OnJson("GET /v1/invocations", $$"""{"invocations":[{{Call}}]}""");
        server.OnJson("GET /v1/invocations/i1", $$"""
            {"id":"{{Evil}}","function":"{{Evil}}","invokedArn":"{{Evil}}","attempts":[{"version":"{{Evil}}",
             "environment":"{{Evil}}","outcome":"{{Evil}}","origin":"{{Evil}}","startedAt":"{{Time}}",
             "durationMilliseconds":5,"phases":{"queue":0,"place":0,"fetch":0,"start":0,"init":0},
             "memoryMegabytes":128,"maxMemoryUsedMegabytes":60}],"cameFrom":"{{Evil}}","replayOf":"{{Evil}}",
             "replays":[{{Call}}],"input":{"json":{"{{Evil}}":"{{Evil}}"},"bytes":9,"isMasked":false},
             "output":{"text":"{{Evil}}","bytes":9,"isMasked":false},"errorGroup":"{{Evil}}",
             "whyNotReplayable":"{{Evil}}"}
            """);
        server.OnJson("GET /v1/traces", $$"""
            {"traces":[{"traceId":"{{Evil}}","name":"{{Evil}}","requestId":"{{Evil}}","startedAt":"{{Time}}",
             "durationMilliseconds":5,"calls":1,"status":"{{Evil}}","functions":["{{Evil}}"]}]}
            """);
        server.OnJson("GET /v1/traces/t1", $$"""
            {"traceId":"{{Evil}}","startedAt":"{{Time}}","durationMilliseconds":5,"status":"error","isCut":false,
             "spans":[{{Span}}],"linkedFrom":[{"traceId":"{{Evil}}","spanId":"{{Evil}}","name":"{{Evil}}"}]}
            """);
        server.On("GET /v1/logs", http => http.Response.WriteAsync(
            $$"""{"time":"{{Time}}","function":"{{Evil}}","version":"1","requestId":"r","environment":"e","""
            + $$""" "text":"{{Evil}}"}""" + "\n"));
        server.OnJson("GET /v1/alerts", $$"""
            {"alerts":[{"name":"{{Evil}}","metric":"{{Evil}}","statistic":"{{Evil}}","target":"{{Evil}}","above":1,
             "window":"{{Evil}}","webhooks":["{{Evil}}"],"emails":["{{Evil}}"],"state":"{{Evil}}","since":"{{Time}}",
             "value":2}]}
            """);
        server.OnJson("GET /v1/alerts/a1/history", $$"""
            {"changes":[{"at":"{{Time}}","from":"ok","to":"alert","value":2,"text":"{{Evil}}"}]}
            """);
        server.OnJson("GET /v1/bill", $$"""
            {"from":"{{Time}}","to":"{{Time}}","currency":"USD","lines":[{"group":{"function":"{{Evil}}"},
             "invocations":1,"billedMilliseconds":2,"gigabyteSeconds":"0.1","cost":"0.01"}],
             "total":{"invocations":1,"billedMilliseconds":2,"gigabyteSeconds":"0.1","cost":"0.01"} }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("ls", "errors")]
    [InlineData("error", "show", "e1")]
    [InlineData("ls", "invocations")]
    [InlineData("invocation", "show", "i1")]
    [InlineData("ls", "traces")]
    [InlineData("trace", "t1", "--no-color")]
    [InlineData("logs")]
    [InlineData("alert", "ls")]
    [InlineData("alert", "history", "a1")]
    [InlineData("bill", "--group-by", "function")]
    [InlineData("bill", "--group-by", "function", "--csv")]
    public async Task Stored_text_isShownAndActsOnNothing(params string[] arguments)
    {
        var result = await commandLine.RunAsync(arguments);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("<script>alert(1)</script>");
        (result.Output + result.Error).Where(character => char.IsControl(character) && character is not ('\n' or '\t'))
            .ShouldBeEmpty();
    }
}

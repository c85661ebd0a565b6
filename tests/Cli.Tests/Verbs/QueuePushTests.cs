using System.Text.Json;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class QueuePushTests : IAsyncLifetime
{
    private const string Path = "/v1/queues/jobs/push";

    private const string Push =
        """
        {"queue":"jobs","mode":"multicast","state":"enabled","subscribers":[{"name":"a","url":"http://a.test/"}],
        "retries":3,"retryDelaySeconds":60,"concurrency":16,"errorQueue":"errors","running":0,"attempts":4,
        "failedAttempts":1,"delivered":3,"givenUp":0,"lastProblem":"a: The answer was 500.","secret":"whsec_x"}
        """;

    private const string Message =
        """
        {"id":"m1","nextAt":"2026-11-21T08:00:00Z","rounds":1,
        "subscribers":[{"name":"a","state":"pending","tries":1,"status":500,"problem":"The answer was 500."}]}
        """;

    private readonly CommandLine commandLine = new();
    private readonly List<string> bodies = [];
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On($"PUT {Path}", async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            bodies.Add(await reader.ReadToEndAsync());
            await http.Response.WriteAsync(Push);
        });
        server.On($"GET {Path}", http => http.Response.WriteAsync(Push));
        server.On("GET /v1/push", http => http.Response.WriteAsync($$"""{"queues":[{{Push}}]}"""));
        server.On($"GET {Path}/messages", http => http.Response.WriteAsync($$"""{"messages":[{{Message}}]}"""));
        server.On($"POST {Path}/pause", http => http.Response.WriteAsync(Push));
        server.On($"POST {Path}/resume", http => http.Response.WriteAsync(Push));
        server.On($"DELETE {Path}", http => NoContent(http));
        server.On($"DELETE {Path}/messages/m1/a", http => NoContent(http));
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("secret   whsec_x", "set", "jobs", "--to", "http://a.test/", "--error-queue", "errors")]
    [InlineData("last problem: a: The answer was 500.", "show", "jobs")]
    [InlineData("jobs   multicast  enabled  1            3          0         0        errors", "ls")]
    [InlineData("m1       a           pending  1      500     2026-11-21T08:00:00Z  The", "messages", "jobs")]
    [InlineData("paused jobs", "pause", "jobs")]
    [InlineData("resumed jobs", "resume", "jobs")]
    [InlineData("acknowledged jobs", "ack", "jobs", "m1", "a")]
    [InlineData("removed jobs", "rm", "jobs", "--yes")]
    public async Task Push_verb_callsTheApi(string expected, params string[] arguments)
    {
        var result = await commandLine.RunAsync(["queue", "push", .. arguments]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain(expected);
        var json = await commandLine.RunAsync(["queue", "push", .. arguments, "--json"]);
        json.ExitCode.ShouldBe(0, json.Error);
        using var document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("schema").GetString()!.ShouldStartWith("lambent.push");
    }

    [Fact]
    public async Task Ls_listsThem()
    {
        var result = await commandLine.RunAsync("ls", "pushes");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("jobs   multicast  enabled");
    }

    [Fact]
    public async Task Set_givesSubscribersTheirNamesAndHeaders()
    {
        await commandLine.RunAsync(
            "queue", "push", "set", "jobs", "--to", "http://a.test/?x=1", "--to", "billing=https://b.test/",
            "--error-queue", "errors", "--mode", "unicast", "--retries", "5", "--retry-delay", "9",
            "--concurrency", "2", "--header", "X-Team: blue");
        using var body = JsonDocument.Parse(bodies.ShouldHaveSingleItem());
        body.RootElement.GetProperty("mode").GetString().ShouldBe("unicast");
        body.RootElement.GetProperty("retries").GetInt32().ShouldBe(5);
        body.RootElement.GetProperty("retryDelaySeconds").GetInt32().ShouldBe(9);
        body.RootElement.GetProperty("concurrency").GetInt32().ShouldBe(2);
        var subscribers = body.RootElement.GetProperty("subscribers");
        subscribers[0].GetProperty("name").GetString().ShouldBe("subscriber-1");
        subscribers[0].GetProperty("url").GetString().ShouldBe("http://a.test/?x=1");
        subscribers[1].GetProperty("name").GetString().ShouldBe("billing");
        subscribers[1].GetProperty("headers").GetProperty("X-Team").GetString().ShouldBe("blue");
    }

    [Fact]
    public async Task Set_ofOneSetting_leavesTheOthers()
    {
        await commandLine.RunAsync("queue", "push", "set", "jobs", "--retries", "0");
        bodies.ShouldBe(["""{"retries":0}"""]);
        (await commandLine.RunAsync("queue", "push", "set", "jobs", "--header", "X: y")).ExitCode.ShouldBe(2);
        (await commandLine.RunAsync("queue", "push", "set", "jobs", "--to", "http://x/", "--header", "bad"))
            .ExitCode.ShouldBe(2);
    }

    private static Task NoContent(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}

using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class WhyTests : IAsyncLifetime
{
    private const string Route = "/v1/scaling/hello";

    private const string Decision = """
        {"concurrency":7,"environments":7,"wanted":667,"reason":"Backlog","limit":"Reserved","ratePerSecond":1.5}
        """;

    private const string Described = $$"""
        {"name":"hello","controllers":[{"controller":"calls","function":"hello","version":"$LATEST",
        "explanation":["Wants 3 environments: that many calls are there at a time."],
        "last":{"at":"2026-11-21T08:00:00Z","isChange":true,"decision":{{Decision}} } },
        {"controller":"queue","function":"hello","source":"orders","explanation":["Wants 7 calls in flight."],
        "last":{"at":"2026-11-21T08:00:01Z","isChange":true,"decision":{{Decision}} } }]}
        """;

    private const string Listed = $$"""
        {"name":"hello","controllers":[{"controller":"queue","function":"hello","source":"orders",
        "decisions":[{"number":1,"at":"2026-11-21T08:00:00Z","isChange":true,"decision":{{Decision}} }]}]}
        """;

    private const string Differs = $$"""
        {"replayed":12,"differing":[{"controller":"queue","function":"hello","source":"orders","number":3,
        "at":"2026-11-21T08:00:00Z","recorded":{{Decision}},"now":{"concurrency":9,"environments":1,"reason":"Idle"} }]}
        """;

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson($"GET {Route}", Described);
        server.OnJson($"GET {Route}/decisions", Listed);
        server.OnJson($"GET {Route}/replay", """{"replayed":12,"differing":[]}""");
        server.OnJson("POST /v1/scaling", Differs);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Why_printsTheSentences()
    {
        var result = await commandLine.RunAsync("why", "hello");

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldContain("calls of hello, 2026-11-21 ");
        result.Output.ShouldContain("  Wants 3 environments: that many calls are there at a time.");
        result.Output.ShouldContain("queue orders for hello, ");
    }

    [Fact]
    public async Task Why_ofAFunctionThatWasNotCalled_saysSo()
    {
        server.OnJson($"GET {Route}", """{"name":"hello","controllers":[]}""");

        (await commandLine.RunAsync("why", "hello")).Output.ShouldContain("hello: nothing was decided");
    }

    [Fact]
    public async Task Why_decisions_areATable()
    {
        var result = await commandLine.RunAsync("why", "hello", "--decisions");

        result.Output.ShouldContain("queue orders for hello");
        result.Output.ShouldContain("7      7             1.5     Backlog  Reserved (of 667)  yes");
    }

    [Fact]
    public async Task Why_json_passesOnWhatTheServerSaid()
    {
        (await commandLine.RunAsync("why", "hello", "--json")).Output
            .ShouldStartWith("""{"schema":"lambent.scaling/1","name":"hello","controllers":[{"controller":"calls",""");
        (await commandLine.RunAsync("why", "hello", "--decisions", "--json")).Output
            .ShouldStartWith("""{"schema":"lambent.scaling-decisions/1","name":"hello",""");
        (await commandLine.RunAsync("why", "hello", "--replay", "--json")).Output.TrimEnd()
            .ShouldBe("""{"schema":"lambent.scaling-replay/1","replayed":12,"differing":[]}""");
    }

    [Fact]
    public async Task Why_replay_saysWhetherTheResultsAgree()
    {
        var same = await commandLine.RunAsync("why", "hello", "--replay");
        same.ExitCode.ShouldBe(0);
        same.Output.ShouldContain("12 decisions made again, all the same");

        var file = commandLine.Folder.Write("before.json", Listed);
        var other = await commandLine.RunAsync("why", "hello", "--replay", "--recorded", file);
        other.ExitCode.ShouldBe(5);
        other.Output.ShouldContain("12 decisions made again, 1 of them differ");
        other.Output.ShouldContain("7 calls in 7 environments (Backlog) then, 9 calls in 1 environment (Idle) now");
        server.Requests.Single(request => request.Method == "POST").Body.ShouldBe(Listed);
    }

    [Theory]
    [InlineData("exclude each other", "--decisions", "--replay")]
    [InlineData("--recorded needs --replay", "--recorded", "x")]
    [InlineData("cannot be read", "--replay", "--recorded", "nothing.json")]
    public async Task Why_thatIsWrong_saysSoWithoutAsking(string message, params string[] arguments)
    {
        var result = await commandLine.RunAsync(["why", "hello", .. arguments]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        server.Requests.ShouldBeEmpty();
    }
}

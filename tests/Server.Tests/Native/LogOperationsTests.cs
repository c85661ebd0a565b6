using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class LogOperationsTests
{
    [Fact]
    public async Task Lines_are_told_in_the_order_of_their_times_with_their_names()
    {
        await using var server = await NativeServer.StartAsync();
        Write(server, "one", minutesAgo: 2, text: "first\n", request: "r1");
        Write(server, "two", minutesAgo: 1, text: "second\n");

        var answer = await server.SendAsync("GET", "/v1/logs");

        answer.ContentType.ShouldBe("application/x-ndjson");
        Texts(answer).ShouldBe(["first\n", "second\n"]);
        var line = JsonNode.Parse(answer.Text.Split('\n')[0])!.AsObject();
        line.Select(member => member.Key).ShouldBe(
            ["time", "function", "version", "requestId", "environment", "text"]);
        line["function"]!.ToString().ShouldBe("one");
        line["requestId"]!.ToString().ShouldBe("r1");
    }

    [Theory]
    [InlineData("?function=one", "a,b")]
    [InlineData("?request=r1", "a")]
    [InlineData("?since=90s", "c")]
    [InlineData("?since=150s", "b,c")]
    [InlineData("?since=1h", "a,b,c")]
    [InlineData("?since=2026-11-21T07:58:30Z", "c")]
    [InlineData("?limit=1", "c")] // The newest, not the oldest.
    [InlineData("?function=none", "")]
    public async Task Parameters_narrow_what_is_told(string query, string expected)
    {
        await using var server = await NativeServer.StartAsync();
        Write(server, "one", minutesAgo: 3, text: "a", request: "r1");
        Write(server, "one", minutesAgo: 2, text: "b");
        Write(server, "two", minutesAgo: 1, text: "c");

        string.Join(',', Texts(await server.SendAsync("GET", "/v1/logs" + query))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("?grep=needle", "a needle")]
    [InlineData("?level=warn", "[ERROR] b")]
    [InlineData("?where=user.id%3D7", "{\"user\":{\"id\":7}}")]
    [InlineData("?pattern=%7B%20%24.user.id%20%3D%207%20%7D", "{\"user\":{\"id\":7}}")]
    [InlineData("?version=3", "")]
    [InlineData("?until=150s", "a needle")]
    public async Task Lines_are_searched(string query, string expected)
    {
        await using var server = await NativeServer.StartAsync();
        Write(server, "one", minutesAgo: 3, text: "a needle");
        Write(server, "one", minutesAgo: 2, text: "[ERROR] b");
        Write(server, "two", minutesAgo: 1, text: "{\"user\":{\"id\":7}}");

        var answer = await server.SendAsync("GET", "/v1/logs" + query);

        string.Join(',', Texts(answer)).ShouldBe(expected);
    }

    [Fact]
    public async Task Older_pages_are_reached_with_the_cursor()
    {
        await using var server = await NativeServer.StartAsync();
        for (var minute = 5; minute > 0; minute--)
        {
            Write(server, "one", minute, $"{minute}");
        }

        var first = await server.SendAsync("GET", "/v1/logs?limit=2");
        Texts(first).ShouldBe(["2", "1"]);
        var second = await server.SendAsync("GET", $"/v1/logs?limit=9&cursor={first.Headers["x-lambent-logs-next"]}");
        Texts(second).ShouldBe(["5", "4", "3"]);
        second.Headers.ContainsKey("x-lambent-logs-next").ShouldBeFalse();
        second.Headers["x-lambent-logs-oldest"].ShouldBe(
            server.Time.GetUtcNow().AddMinutes(-5).UtcDateTime.ToString("O"));
    }

    [Fact]
    public async Task Lines_of_another_account_are_not_told()
    {
        await using var server = await NativeServer.StartAsync();
        Write(server, "one", minutesAgo: 1, text: "secret");

        var answer = await server.SendAsync("GET", "/v1/logs?function=one", (string?)null, NativeServer.Tenant);

        answer.Text.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("limit=99999999999", "limit")]
    [InlineData("since=yesterday", "since")]
    [InlineData("since=m", "since")]
    [InlineData("since=-5m", "since")]
    [InlineData("since=99999999d", "since")]
    [InlineData("until=never", "until")]
    [InlineData("level=loud", "level")]
    [InlineData("where=x", "where")]
    [InlineData("pattern=%5Ba%5D", "pattern")]
    [InlineData("pattern=%7B%20x", "pattern")]
    public async Task Parameter_that_is_none_is_refused(string query, string field)
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("GET", $"/v1/logs?{query}")).ShouldFail(400, ErrorCode.ValidationFailed, field);
    }

    private static void Write(
        NativeServer server, string function, int minutesAgo, string text, string? request = null) =>
        server.Telemetry.Write(new LogLine(
            TestFunctions.Id(function),
            "$LATEST",
            "env-1",
            request,
            server.Time.GetUtcNow().AddMinutes(-minutesAgo),
            text));

    private static List<string> Texts(NativeAnswer answer) =>
    [
        .. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["text"]!.ToString()),
    ];
}

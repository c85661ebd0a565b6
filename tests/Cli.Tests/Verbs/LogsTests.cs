using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class LogsTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On("GET /v1/logs", http =>
        {
            http.Response.ContentType = "application/x-ndjson";
            return http.Response.WriteAsync(
                "{\"time\":\"2026-01-01T10:00:00.1Z\",\"function\":\"a\",\"version\":\"$LATEST\",\"requestId\":\"r\","
                + "\"environment\":\"e\",\"text\":\"\\u001b[31mred\\u001b[0m\\n\"}\n\n"
                + "{\"time\":\"2026-01-01T10:00:01Z\",\"function\":\"b\",\"text\":\"two\"}\n");
        });
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Logs_all_showsTheFunctionOfEachLine()
    {
        var result = await commandLine.RunAsync("logs");
        result.Lines.ShouldBe(["2026-01-01T10:00:00.100Z a \u001b[31mred\u001b[0m", "2026-01-01T10:00:01.000Z b two"]);
        server.Requests.Single().Query.ShouldBe("?since=1h");
    }

    [Fact]
    public async Task Logs_onATerminal_losesTheControlCodes()
    {
        commandLine.IsTerminal = true;
        var result = await commandLine.RunAsync("logs", "a");
        result.Lines[0].ShouldBe("2026-01-01T10:00:00.100Z red");
    }

    [Theory]
    [InlineData("?function=a&since=15m&limit=20&follow=true", "a", "--since", "15m", "--limit", "20", "--follow")]
    [InlineData("?request=r-1", "--request", "r-1")]
    [InlineData(
        "?since=1h&level=warn&grep=a%20b&where=x%3D1&where=y%3D2", "--level", "warn", "--grep", "a b", "--where", "x=1",
        "--where", "y=2")]
    [InlineData("?since=1h&until=5m&version=3&pattern=-x", "--until", "5m", "--qualifier", "3", "--pattern=-x")]
    [InlineData("?since=2026-01-01T00%3A00%3A00Z", "--since", "2026-01-01T00:00:00Z")]
    public async Task Logs_options_becomeTheQuery(string query, params string[] options)
    {
        await commandLine.RunAsync(["logs", .. options]);
        server.Requests.Single().Query.ShouldBe(query);
    }

    [Fact]
    public async Task Logs_json_isOneObjectALine()
    {
        var result = await commandLine.RunAsync("logs", "--json");
        result.Lines.Length.ShouldBe(2);
        result.Lines[1].ShouldBe(
            "{\"schema\":\"lambent.log/1\",\"time\":\"2026-01-01T10:00:01Z\",\"function\":\"b\",\"version\":null,"
            + "\"requestId\":null,\"environment\":null,\"text\":\"two\"}");
    }

    [Fact]
    public async Task Logs_thatComeInPages_arePutTogetherInOrder()
    {
        server.On("GET /v1/logs", http =>
        {
            var isFirst = !http.Request.Query.ContainsKey("cursor");
            http.Response.Headers["x-lambent-logs-oldest"] = "2026-01-01T00:00:00Z";
            if (isFirst)
            {
                http.Response.Headers["x-lambent-logs-next"] = "older";
            }

            return http.Response.WriteAsync(
                $"{{\"time\":\"2026-01-01T10:00:0{(isFirst ? 2 : 1)}Z\",\"function\":\"a\",\"text\":\"x\"}}\n");
        });

        var result = await commandLine.RunAsync("logs", "a", "--limit", "5");

        result.Lines.ShouldBe(["2026-01-01T10:00:01.000Z x", "2026-01-01T10:00:02.000Z x"]);
        server.Requests.Select(request => request.Query).ShouldBe(
            ["?function=a&since=1h&limit=5", "?function=a&since=1h&limit=4&cursor=older"]);
    }
}

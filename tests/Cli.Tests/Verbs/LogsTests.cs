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
}

using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

/// <summary>Rates, bills, alerts and figures against a server that answers as it is told.</summary>
public sealed class MeteringTests : IAsyncLifetime
{
    private const string Rates = """
        {"current":{"from":"2026-11-01T00:00:00+00:00","perGigabyteSecond":0.0000166667,"perMillionRequests":0.2,
          "currency":"USD"},
         "history":[{"from":"2026-11-01T00:00:00+00:00","perGigabyteSecond":0.0000166667,"perMillionRequests":0.2,
          "currency":"USD"}]}
        """;

    private const string Alert = """
        {"name":"errors","metric":"error-rate","above":0.05,"window":"5m","webhooks":["ops"],"emails":[],
         "state":"alert",
         "since":"2026-11-21T12:00:00+00:00","value":0.5}
        """;

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Rates_set_sendsThePricesAsTheyWereWritten()
    {
        server.OnJson("PUT /v1/rates", Rates);
        var result = await commandLine.RunAsync(
            "rates", "set", "--gb-second", "0.0000166667", "--million-requests", "0.20");
        result.ExitCode.ShouldBe(0, result.Error);
        server.Requests.Single().Body.ShouldContain("0.0000166667");
        server.Requests.Single().Body.ShouldContain("\"USD\"");
        result.Output.ShouldContain("0.0000166667");
        result.Output.ShouldContain("now");
    }

    [Fact]
    public async Task Rates_show_isATableOrTheAnswer()
    {
        server.OnJson("GET /v1/rates", Rates);
        (await commandLine.RunAsync("rates", "show")).Lines[1].ShouldStartWith("2026-11-01 00:00Z");
        (await commandLine.RunAsync("rates", "show", "--json")).Json.GetProperty("schema").GetString()
            .ShouldStartWith("lambent.rates/");
    }

    [Fact]
    public async Task Bill_linesAndTotal_areShownAndAFormulaIsNoneInASpreadsheet()
    {
        server.OnJson("GET /v1/bill", """
            {"from":"2026-11-01T00:00:00+00:00","to":"2026-11-02T00:00:00+00:00","currency":"USD",
             "lines":[{"group":{"function":"=SUM(A1)"},"invocations":1234,"billedMilliseconds":5678,
              "gigabyteSeconds":"0.7","cost":"0.012"}],
             "total":{"invocations":1234,"billedMilliseconds":5678,"gigabyteSeconds":"0.7","cost":"0.012"}}
            """);
        var table = await commandLine.RunAsync("bill", "--group-by", "function");
        table.Output.ShouldContain("1,234");
        table.Output.ShouldContain("0.012 USD");
        table.Output.ShouldContain("TOTAL");
        server.Requests.Last().Query.ShouldContain("groupBy=function");
        (await commandLine.RunAsync("bill", "--group-by", "function", "--csv")).Lines[1].ShouldBe(
            "\"'=SUM(A1)\",1234,5678,0.7,0.012,USD");
    }

    [Fact]
    public async Task Alert_verbs_askForWhatTheySay()
    {
        server.OnJson("PUT /v1/alerts/errors", Alert)
            .OnJson("GET /v1/alerts", $$"""{"alerts":[{{Alert}}]}""")
            .OnJson("GET /v1/alerts/errors", Alert)
            .OnJson("POST /v1/alerts/errors/test", """{"value":0.5,"samples":10,"told":1}""")
            .On("DELETE /v1/alerts/errors", http =>
            {
                http.Response.StatusCode = 204;
                return Task.CompletedTask;
            });

        var created = await commandLine.RunAsync(
            "alert", "create", "errors", "--metric", "error-rate", "--above", "0.05", "--webhook", "ops");
        created.ExitCode.ShouldBe(0, created.Error);
        server.Requests.Last().Body.ShouldContain("\"above\":0.05");
        (await commandLine.RunAsync("alert", "ls")).Output.ShouldContain("errors");
        (await commandLine.RunAsync("alert", "show", "errors")).Output.ShouldContain("error-rate");
        (await commandLine.RunAsync("alert", "test", "errors")).Output.ShouldContain("1 receiver");
        (await commandLine.RunAsync("alert", "rm", "errors")).Output.ShouldBe("deleted errors\n");
        (await commandLine.RunAsync("alert", "show", "none")).ExitCode.ShouldBe(3);
    }

    [Theory]
    [InlineData("rates", "set", "--gb-second", "0.1")]
    [InlineData("alert", "create", "errors")]
    public async Task Missing_optionIsUsage(params string[] arguments)
    {
        (await commandLine.RunAsync(arguments)).ExitCode.ShouldBe(2);
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Top_once_isOneTable()
    {
        server.OnJson("GET /v1/metrics/data", """
            {"from":"2026-11-21T12:00:00+00:00","to":"2026-11-21T12:01:00+00:00","periodSeconds":60,"times":[],
             "groups":[{"group":{"function":"hello"},"series":[
              {"metric":"invocations","statistic":"sum","unit":"count","total":600,"values":[]},
              {"metric":"errors","statistic":"sum","unit":"count","total":6,"values":[]}]}],"groupsLeftOut":0}
            """);
        var result = await commandLine.RunAsync("top", "--once");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("hello");
        result.Output.ShouldContain("600");
        result.Output.ShouldContain("6 (1 %)");
    }
}

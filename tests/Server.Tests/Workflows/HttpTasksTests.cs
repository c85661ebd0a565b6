using System.Text.Json.Nodes;
using Lambent.Server.Tests.Aws.StepFunctions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Workflows;

/// <summary>Tasks that call an API over real HTTP, tried as single states.</summary>
public sealed class HttpTasksTests : IAsyncLifetime
{
    private StepFunctionsServer server = null!;
    private WebApplication api = null!;
    private string seen = "";

    public async ValueTask InitializeAsync()
    {
        server = await StepFunctionsServer.StartAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        api = builder.Build();
        api.Map("/{**path}", AnswerAsync);
        await api.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Call_sends_what_the_definition_says_and_gives_the_answer()
    {
        var answer = (await TryAsync("/orders", """
            "Method":"POST","RequestBody":{"id":7},"Headers":{"X-Key":"k"},"QueryParameters":{"a b":["1","2"]}
            """)).Ok();

        ((string?)answer["status"]).ShouldBe("SUCCEEDED");
        var result = JsonNode.Parse((string)answer["output"]!)!;
        ((int?)result["StatusCode"]).ShouldBe(200);
        ((string?)result["StatusText"]).ShouldBe("OK");
        ((string?)result["Headers"]!["content-type"]![0]).ShouldBe("application/json");
        ((string?)result["ResponseBody"]!["got"]).ShouldBe("POST /orders?a%20b=1&a%20b=2 {\"id\":7} k application/json");
    }

    [Fact]
    public async Task Form_is_sent_as_one_when_asked_for()
    {
        await TryAsync("/form", """
            "Method":"PUT","RequestBody":{"a":"1 2","b":[3]},"Transform":{"RequestBodyEncoding":"URL_ENCODED"}
            """);

        seen.ShouldBe("PUT /form a=1+2&b=3  application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task Trace_shows_what_was_sent_and_what_came_back()
    {
        var answer = (await TryAsync(
            "/orders", """ "Method":"POST","RequestBody":{"id":7},"Headers":{"X-Key":"k"} """, level: "TRACE")).Ok();

        var request = answer["inspectionData"]!["request"]!;
        ((string?)request["method"]).ShouldBe("POST");
        ((string?)request["protocol"]).ShouldBe("http");
        ((string?)request["url"]).ShouldBe($"{api.Urls.Single()}/orders");
        ((string?)request["body"]).ShouldBe("""{"id":7}""");
        ((string?)JsonNode.Parse((string)request["headers"]!)!["X-Key"]).ShouldBe("k");
        var response = answer["inspectionData"]!["response"]!;
        ((string?)response["statusCode"]).ShouldBe("200");
        ((string?)response["statusMessage"]).ShouldBe("OK");
        ((string?)response["body"]).ShouldStartWith("""{"got":"POST /orders""");
        (await TryAsync("/orders", """ "Method":"GET" """, level: "DEBUG")).Ok()["inspectionData"]!["request"]
            .ShouldBeNull();
    }

    [Theory]
    [InlineData("/status/404", "States.Http.StatusCode.404", "no")]
    [InlineData("/status/503", "States.Http.StatusCode.503", "no")]
    [InlineData("/redirect", "States.Http.StatusCode.302", "")]
    [InlineData("/large", "States.DataLimitExceeded", "larger")]
    [InlineData("/hangup", "States.Http.Socket", "")]
    public async Task Failure_has_the_name_that_catchers_know(string path, string error, string cause)
    {
        var answer = (await TryAsync(path, """ "Method":"GET" """)).Ok();

        ((string?)answer["status"]).ShouldBe("FAILED");
        ((string?)answer["error"]).ShouldBe(error);
        ((string?)answer["cause"]).ShouldNotBeNull().ShouldContain(cause);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/", "States.Http.Socket", "may not be called")]
    [InlineData("http://10.0.0.1/", "States.Http.Socket", "may not be called")]
    [InlineData("file:///etc/passwd", "States.Runtime", "'ApiEndpoint' must be a URL with http or https")]
    [InlineData("nonsense", "States.Runtime", "'ApiEndpoint' must be a URL with http or https")]
    public async Task Address_that_may_not_be_called_is_refused(string url, string error, string cause)
    {
        var answer = (await TryUrlAsync(url, """ "Method":"GET" """)).Ok();

        ((string?)answer["error"]).ShouldBe(error);
        ((string?)answer["cause"]).ShouldNotBeNull().ShouldContain(cause);
    }

    [Theory]
    [InlineData(""" "Method":"TRACE" """, "'Method' must be one of")]
    [InlineData(""" "Method":"GET","Headers":{"Host":"other"} """, "'Headers.Host' is no header")]
    [InlineData(""" "Method":"GET","Headers":{"X-A":"b\r\nX-C: d"} """, "'Headers.X-A' is no header")]
    [InlineData(""" "Method":"GET","Authentication":{"ConnectionArn":"c"} """, "connections do not exist here")]
    public async Task Wrong_request_is_refused_by_its_field(string parameters, string cause)
    {
        var answer = (await TryAsync("/orders", parameters)).Ok();

        ((string?)answer["error"]).ShouldBe("States.Runtime");
        ((string?)answer["cause"]).ShouldNotBeNull().ShouldContain(cause);
        seen.ShouldBeEmpty();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var body = await reader.ReadToEndAsync();
        var path = http.Request.Path.Value!;
        seen = $"{http.Request.Method} {http.Request.GetEncodedPathAndQuery()} {body} {http.Request.Headers["X-Key"]} "
            + http.Request.ContentType;
        switch (path.Split('/')[1])
        {
            case "status":
                http.Response.StatusCode = int.Parse(path.Split('/')[2], null);
                await http.Response.WriteAsync("no");
                break;
            case "redirect":
                http.Response.Redirect("http://127.0.0.1:1/");
                break;
            case "large":
                await http.Response.WriteAsync(new string('x', 300_000));
                break;
            case "hangup":
                http.Abort();
                break;
            default:
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync(new JsonObject { ["got"] = seen }.ToJsonString());
                break;
        }
    }

    private Task<StepFunctionsAnswer> TryAsync(string path, string parameters, string level = "INFO") =>
        TryUrlAsync(api.Urls.Single() + path, parameters, level);

    private Task<StepFunctionsAnswer> TryUrlAsync(string url, string parameters, string level = "INFO") =>
        server.CallAsync("TestState", new JsonObject
        {
            ["definition"] = $$"""
                {"Type":"Task","Resource":"arn:aws:states:::http:invoke",
                 "Parameters":{"ApiEndpoint":"{{url}}",{{parameters}}},"End":true}
                """,
            ["roleArn"] = StepFunctionsServer.Role,
            ["inspectionLevel"] = level,
        });
}

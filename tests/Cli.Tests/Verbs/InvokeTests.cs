using System.Text;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class InvokeTests : IAsyncLifetime
{
    private const string Route = "POST /2015-03-31/functions/hello/invocations";

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On(Route, async http =>
        {
            http.Response.Headers["x-amzn-RequestId"] = "id-1";
            http.Response.Headers["X-Amz-Executed-Version"] = "$LATEST";
            if (http.Request.Headers["X-Amz-Invocation-Type"] == "Event")
            {
                http.Response.StatusCode = 202;
                return;
            }

            if (http.Request.Headers["X-Amz-Log-Type"] == "Tail")
            {
                http.Response.Headers["X-Amz-Log-Result"] = Convert.ToBase64String("START\nhi\n"u8);
            }

            await http.Request.Body.CopyToAsync(http.Response.Body);
        });
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("{\"a\":1}", "--data", "{\"a\":1}")]
    [InlineData("{}")]
    [InlineData("{\"f\":2}", "--data", "@event.json")]
    [InlineData("{\"in\":3}", "-d", "-")]
    [InlineData("-5", "--data", "-5")]
    public async Task Invoke_payload_goesThereAndBackUntouched(string expected, params string[] options)
    {
        commandLine.Folder.Write("event.json", "{\"f\":2}");
        commandLine.Input = "{\"in\":3}";
        var result = await commandLine.RunAsync(["invoke", "hello", .. options]);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldBe(expected);
    }

    [Fact]
    public async Task Invoke_request_isSignedForTheFoldersRegion()
    {
        await commandLine.RunAsync("invoke", "hello", "--qualifier", "live");
        var request = server.Requests.Single();
        request.Query.ShouldBe("?Qualifier=live");
        request.Authorization.ShouldStartWith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/");
        request.Authorization.ShouldContain("/eu-north-1/lambda/aws4_request");
    }

    [Fact]
    public async Task Invoke_async_printsTheRequestId()
    {
        var result = await commandLine.RunAsync("invoke", "hello", "--async");
        result.Output.ShouldBe("accepted id-1\n");
    }

    [Fact]
    public async Task Invoke_log_goesToStandardError()
    {
        var result = await commandLine.RunAsync("invoke", "hello", "--log");
        result.Output.ShouldBe("{}");
        result.Error.ShouldBe("START\nhi\n");
    }

    [Fact]
    public async Task Invoke_json_hasTheDocumentedShape()
    {
        var result = await commandLine.RunAsync("invoke", "hello", "--json", "--data", "{\"a\":[1]}");
        result.Output.ShouldBe(
            "{\"schema\":\"lambent.invocation/1\",\"statusCode\":200,\"requestId\":\"id-1\","
            + "\"executedVersion\":\"$LATEST\","
            + "\"functionError\":null,\"log\":null,\"payload\":{\"a\":[1]}}\n");
    }

    [Fact]
    public async Task Invoke_functionError_printsThePayloadAndExitsWith8()
    {
        server.On(Route, http =>
        {
            http.Response.Headers["X-Amz-Function-Error"] = "Unhandled";
            http.Response.Headers["x-amzn-RequestId"] = "id-2";
            return http.Response.WriteAsync("{\"errorType\":\"TypeError\",\"errorMessage\":\"x is undefined\"}");
        });
        var result = await commandLine.RunAsync("invoke", "hello");
        result.ExitCode.ShouldBe(8);
        result.Output.ShouldContain("errorMessage");
        result.Error.ShouldContain("TypeError: x is undefined");
        result.Error.ShouldContain("lambent logs hello --request id-2");
        result.Error.ShouldContain("your function hello");
    }

    [Fact]
    public async Task Invoke_unknownName_asksWhatWasMeant()
    {
        server.OnJson("GET /2015-03-31/functions/",
            "{\"Functions\":[{\"FunctionName\":\"hello\"},{\"FunctionName\":\"other\"}]}");
        var result = await commandLine.RunAsync("invoke", "helo");
        result.ExitCode.ShouldBe(3);
        result.Error.ShouldContain("Did you mean 'hello'?");
        result.Error.ShouldContain("request-1");
    }

    [Theory]
    [InlineData(429, "TooManyRequestsException", 6)]
    [InlineData(403, "AccessDeniedException", 4)]
    [InlineData(502, "ServiceException", 1)]
    public async Task Invoke_refused_exitsWithTheCodeOfTheRefusal(int status, string type, int expected)
    {
        server.OnError(Route, status, type, "No.");
        var result = await commandLine.RunAsync("invoke", "hello", "--json");
        result.ExitCode.ShouldBe(expected);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe(type);
        result.ErrorJson.GetProperty("requestId").GetString().ShouldBe("request-1");
    }

    [Fact]
    public async Task Invoke_withoutServer_saysHowToStartOne()
    {
        await server.DisposeAsync();
        var result = await commandLine.RunAsync("invoke", "hello", "--json");
        result.ExitCode.ShouldBe(1);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("ServerUnreachable");
        result.ErrorJson.GetProperty("hint").GetString()!.ShouldStartWith("lambent up");
    }

    [Fact]
    public async Task Invoke_onATerminal_printsNothingTheTerminalActsOn()
    {
        server.On(Route, http => http.Response.WriteAsync("\u001b]0;evil\u0007ok"));
        commandLine.IsTerminal = true;
        var result = await commandLine.RunAsync("invoke", "hello");
        Encoding.UTF8.GetBytes(result.Output).ShouldBe("ok\n"u8.ToArray());
    }
}

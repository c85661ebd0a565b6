using System.Text.Json;
using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class DeployTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;
    private FakeFunction function = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        function = new FakeFunction(server, "hello");
        commandLine.ConnectTo(server).Folder.Write("hello.js", "exports.handler = () => 1;");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Deploy_newFunction_createsItWithAllThatWasAsked()
    {
        var result = await commandLine.RunAsync(
            "deploy", "hello.js", "--memory", "256", "--timeout", "9", "--env", "A=1", "--env", "B=x=y",
            "--concurrency", "64",
            "--reserved", "5", "--isolation", "process", "--cpu", "quota", "--url", "--websocket", "true",
            "--request-stream", "false");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Lines.ShouldBe(["created hello", "url http://hello.localhost/"]);
        function.Configuration["Runtime"]!.GetValue<string>().ShouldBe("nodejs20.x");
        function.Configuration["Handler"]!.GetValue<string>().ShouldBe("hello.handler");
        function.Configuration["MemorySize"]!.GetValue<int>().ShouldBe(256);
        function.Configuration["Timeout"]!.GetValue<int>().ShouldBe(9);
        function.Configuration["Environment"]!["Variables"]!["B"]!.GetValue<string>().ShouldBe("x=y");
        function.Tags["lambent:environment-concurrency"]!.GetValue<string>().ShouldBe("64");
        function.Tags["lambent:isolation"]!.GetValue<string>().ShouldBe("process");
        function.Tags["lambent:cpu"]!.GetValue<string>().ShouldBe("quota");
        function.Tags["lambent:websocket"]!.GetValue<string>().ShouldBe("true");
        function.Tags["lambent:request-stream"]!.GetValue<string>().ShouldBe("false");
        function.Reserved.ShouldBe(5);
        function.Permissions.ShouldBe(["FunctionURLAllowPublicAccess"]);
        result.Error.ShouldContain("hello.js exports handler");
        result.Error.ShouldContain("next: lambent invoke hello");
    }

    [Fact]
    public async Task Deploy_withEventOptions_putsWhatChangesAndKeepsTheRest()
    {
        const string queue = "arn:aws:sqs:eu-north-1:000000000000:failed";
        var first = await commandLine.RunAsync(
            "deploy", "hello.js", "--on-failure", queue, "--retries", "1", "--sync-destination", queue);
        first.ExitCode.ShouldBe(0, first.Error);
        function.Tags["lambent:sync-destination"]!.GetValue<string>().ShouldBe(queue);
        function.Events!["MaximumRetryAttempts"]!.GetValue<int>().ShouldBe(1);

        var second = await commandLine.RunAsync("deploy", "hello.js", "--event-age", "90");
        second.Lines.ShouldBe(["updated hello"]);
        function.Events["MaximumRetryAttempts"]!.GetValue<int>().ShouldBe(1);
        function.Events["MaximumEventAgeInSeconds"]!.GetValue<int>().ShouldBe(90);
        function.Events["DestinationConfig"]!["OnFailure"]!["Destination"]!.GetValue<string>().ShouldBe(queue);

        server.Requests.Clear();
        var same = await commandLine.RunAsync("deploy", "hello.js", "--retries", "1", "--on-failure", queue);
        same.Lines.ShouldBe(["unchanged hello"]);
        server.Requests.ShouldAllBe(request => request.Method == "GET");

        (await commandLine.RunAsync("deploy", "hello.js", "--on-failure", "")).Lines.ShouldBe(["updated hello"]);
        function.Events["DestinationConfig"]!["OnFailure"]!["Destination"]!.GetValue<string>().ShouldBe("");
    }

    [Fact]
    public async Task Deploy_again_changesNothingAndSaysSo()
    {
        await commandLine.RunAsync("deploy", "hello.js");
        server.Requests.Clear();
        var result = await commandLine.RunAsync("deploy", "hello.js");
        result.Lines.ShouldBe(["unchanged hello"]);
        server.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Deploy_otherCode_sendsOnlyTheCode()
    {
        await commandLine.RunAsync("deploy", "hello.js");
        commandLine.Folder.Write("hello.js", "exports.handler = () => 2;");
        server.Requests.Clear();
        var result = await commandLine.RunAsync("deploy", "hello.js");
        result.Lines.ShouldBe(["updated hello"]);
        Changes().ShouldBe(["PUT /2015-03-31/functions/hello/code"]);
    }

    [Fact]
    public async Task Deploy_otherSettings_sendsOnlyThem()
    {
        await commandLine.RunAsync("deploy", "hello.js", "--env", "A=1", "--env", "B=2");
        server.Requests.Clear();
        var result = await commandLine.RunAsync(
            "deploy", "hello.js", "--memory", "512", "--env", "C=3", "--unset-env", "A", "--concurrency", "8");
        result.Lines.ShouldBe(["updated hello"]);
        Changes().ShouldBe(
            ["PUT /2015-03-31/functions/hello/configuration", $"POST /2017-03-31/tags/{function.Arn}"]);
        function.Configuration["Environment"]!["Variables"]!.ToJsonString().ShouldBe("{\"B\":\"2\",\"C\":\"3\"}");
        result.Error.ShouldContain("128 MB → 512 MB");
    }

    [Fact]
    public async Task Deploy_whenChangedMeanwhile_failsAsAConflict()
    {
        await commandLine.RunAsync("deploy", "hello.js");
        server.On("GET /v1/status", http =>
        {
            // Between what the deploy read and what it writes.
            function.ChangeElsewhere();
            http.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var result = await commandLine.RunAsync("deploy", "hello.js", "--memory", "512", "--json");
        result.ExitCode.ShouldBe(5);
        result.ErrorJson.GetProperty("code").GetString().ShouldBe("PreconditionFailedException");
    }

    [Fact]
    public async Task Deploy_dryRun_saysWhatWouldChangeAndChangesNothing()
    {
        await commandLine.RunAsync("deploy", "hello.js");
        server.Requests.Clear();
        var result = await commandLine.RunAsync(
            "deploy", "hello.js", "--timeout", "30", "--env", "SECRET=value", "--url", "--dry-run", "--json");
        result.Json.GetProperty("action").GetString().ShouldBe("planned");
        result.Json.GetProperty("changes").EnumerateArray().Select(change => change.GetProperty("field").GetString())
            .ShouldBe(["timeout", "variable", "url"]);
        result.Output.ShouldNotContain("value\"");
        server.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Deploy_serverThatNamesItsRuntimes_takesTheNewestOfThem()
    {
        server.OnJson(
            "GET /v1/status", "{\"version\":\"1\",\"runtimes\":[\"nodejs18.x\",\"nodejs22.x\",\"python3.11\"]}");
        var result = await commandLine.RunAsync("deploy", "hello.js", "--json");
        result.Json.GetProperty("runtime").GetString().ShouldBe("nodejs22.x");
    }

    [Fact]
    public async Task Deploy_zip_sendsItAsItIs()
    {
        await commandLine.RunAsync("deploy", "hello.js");
        File.WriteAllBytes(commandLine.Folder.Combine("hello.zip"), function.Zip);
        var result = await commandLine.RunAsync("deploy", "hello.zip");
        result.Lines.ShouldBe(["unchanged hello"]);
    }

    [Fact]
    public async Task Deploy_moduleWithoutPackageFile_isDeclaredAsModule()
    {
        commandLine.Folder.Write("hello.js", "export const handler = () => 1;");
        var result = await commandLine.RunAsync("deploy", "hello.js");
        result.ExitCode.ShouldBe(0, result.Error);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(function.Zip));
        using var reader = new StreamReader(zip.GetEntry("package.json")!.Open());
        (await reader.ReadToEndAsync()).ShouldBe("{\"type\":\"module\"}\n");
    }

    [Fact]
    public async Task Deploy_stateFailed_reportsTheServersReason()
    {
        server.OnJson(
            "GET /2015-03-31/functions/hello/configuration",
            "{\"FunctionName\":\"hello\",\"State\":\"Failed\",\"StateReason\":\"The runtime is not installed.\"}");
        var result = await commandLine.RunAsync("deploy", "hello.js", "--json");
        result.ExitCode.ShouldBe(1);
        result.ErrorJson.GetProperty("message").GetString().ShouldBe("The runtime is not installed.");
    }

    [Fact]
    public async Task Deploy_json_hasTheDocumentedShape()
    {
        var result = await commandLine.RunAsync("deploy", "hello.js", "--json");
        result.Json.EnumerateObject().Select(member => member.Name).ShouldBe(
        [
            "schema", "function", "arn", "action", "runtime", "handler", "inferred", "files", "packageBytes",
            "codeSha256", "changes", "url",
        ]);
        result.Json.GetProperty("schema").GetString().ShouldBe("lambent.deployment/1");
        result.Json.GetProperty("url").ValueKind.ShouldBe(JsonValueKind.Null);
        result.Error.ShouldBeEmpty();
    }

    private List<string> Changes() =>
        [.. server.Requests.Where(request => request.Method != "GET").Select(request => request.ToString())];
}

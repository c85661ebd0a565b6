using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>Debian's <c>aws</c> command, version 2.</summary>
[Collection(SharedServer.Name)]
public sealed class CommandLineTests(ServerFixture fixture)
{
    private const string Program = "/usr/bin/aws";
    private const string Role = "arn:aws:iam::000000000000:role/lambda";

    [Fact]
    public async Task Aws_command_creates_waits_calls_updates_lists_and_deletes()
    {
        ToolRun.Require(Program, "awscli");
        using var folder = new TemporaryFolder();
        ClientPackages.Write(folder.Path);
        const string name = "awscli-lifecycle";

        var created = await OkAsync(
            folder, "create-function", "--function-name", name, "--runtime", "python3.11", "--handler",
            "functions.hello", "--role", Role, "--zip-file", "fileb://python.zip");
        ((string?)created!["State"]).ShouldBe("Pending");
        await OkAsync(folder, "wait", "function-active-v2", "--function-name", name);
        var called = await OkAsync(
            folder, "invoke", "--function-name", name, "--cli-binary-format", "raw-in-base64-out", "--payload",
            """{"name":"Ada"}""", "answer.json");
        ((int?)called!["StatusCode"]).ShouldBe(200);
        (await File.ReadAllTextAsync(folder["answer.json"]))
            .ShouldBe("""{"hello": "Ada"}""", "as json.dumps writes it");

        await OkAsync(
            folder, "update-function-code", "--function-name", name, "--zip-file", "fileb://python-other.zip");
        await OkAsync(folder, "wait", "function-updated-v2", "--function-name", name);
        await OkAsync(
            folder, "update-function-configuration", "--function-name", name, "--handler", "functions.handler");
        await OkAsync(folder, "wait", "function-updated-v2", "--function-name", name);
        await OkAsync(folder, "invoke", "--function-name", name, "answer.json");
        (await File.ReadAllTextAsync(folder["answer.json"])).ShouldBe("\"other code\"");

        var listed = await OkAsync(
            folder, "list-functions", "--page-size", "2", "--query", $"Functions[?FunctionName=='{name}'].Runtime");
        listed!.ToJsonString().ShouldBe("""["python3.11"]""");
        await OkAsync(folder, "delete-function", "--function-name", name);
        var missing = await RunAsync(folder, "lambda", "get-function", "--function-name", name);
        missing.ExitCode.ShouldBe(254, missing.Everything);
        missing.Errors.ShouldContain(
            "An error occurred (ResourceNotFoundException) when calling the GetFunction operation: "
            + $"Function not found: arn:aws:lambda:us-east-1:000000000000:function:{name}");
    }

    [Fact]
    public async Task Aws_command_publishes_tags_and_permits()
    {
        ToolRun.Require(Program, "awscli");
        using var folder = new TemporaryFolder();
        ClientPackages.Write(folder.Path);
        const string name = "awscli-versions";
        await OkAsync(
            folder, "create-function", "--function-name", name, "--runtime", "nodejs20.x", "--handler", "index.hello",
            "--role", Role, "--zip-file", "fileb://node.zip", "--tags", "team=one");
        await OkAsync(folder, "wait", "function-active-v2", "--function-name", name);
        ((string?)(await OkAsync(folder, "publish-version", "--function-name", name))!["Version"]).ShouldBe("1");
        await OkAsync(folder, "create-alias", "--function-name", name, "--name", "live", "--function-version", "1");
        await OkAsync(
            folder, "add-permission", "--function-name", $"{name}:live", "--statement-id", "s1", "--action",
            "lambda:InvokeFunction", "--principal", "events.amazonaws.com");
        await OkAsync(
            folder, "put-function-concurrency", "--function-name", name, "--reserved-concurrent-executions", "3");
        var url = await OkAsync(folder, "create-function-url-config", "--function-name", name, "--auth-type", "NONE");
        ((string?)url!["FunctionUrl"]).ShouldNotBeNull();
        var got = await OkAsync(folder, "get-function", "--function-name", name);
        ((string?)got!["Tags"]!["team"]).ShouldBe("one");
        ((int?)got["Concurrency"]!["ReservedConcurrentExecutions"]).ShouldBe(3);
        var identity = await RunAsync(folder, "sts", "get-caller-identity");
        ((string?)JsonNode.Parse(identity.Output)!["Account"]).ShouldBe("000000000000", identity.Everything);
    }

    [Fact]
    public async Task Aws_command_configures_asynchronous_calls()
    {
        ToolRun.Require(Program, "awscli");
        using var folder = new TemporaryFolder();
        ClientPackages.Write(folder.Path);
        const string name = "awscli-events";
        const string queue = "arn:aws:sqs:us-east-1:000000000000:awscli-events-failed";
        await OkAsync(
            folder, "create-function", "--function-name", name, "--runtime", "nodejs20.x", "--handler", "index.hello",
            "--role", Role, "--zip-file", "fileb://node.zip");
        await OkAsync(folder, "wait", "function-active-v2", "--function-name", name);
        var refused = await RunAsync(
            folder, "lambda", "update-function-configuration", "--function-name", name, "--dead-letter-config",
            $"TargetArn={queue}");
        refused.Errors.ShouldContain($"The dead-letter target ARN {queue} is invalid");
        var made = await RunAsync(folder, "sqs", "create-queue", "--queue-name", "awscli-events-failed");
        made.ExitCode.ShouldBe(0, made.Everything);
        await OkAsync(
            folder, "update-function-configuration", "--function-name", name, "--dead-letter-config",
            $"TargetArn={queue}");

        var put = await OkAsync(
            folder, "put-function-event-invoke-config", "--function-name", name, "--maximum-retry-attempts", "1",
            "--destination-config", $$$"""{"OnFailure":{"Destination":"{{{queue}}}"}}""");
        ((string?)put!["DestinationConfig"]!["OnFailure"]!["Destination"]).ShouldBe(queue);
        await OkAsync(
            folder, "update-function-event-invoke-config", "--function-name", name, "--maximum-event-age-in-seconds",
            "120");
        var got = await OkAsync(folder, "get-function-event-invoke-config", "--function-name", name);
        ((int?)got!["MaximumRetryAttempts"]).ShouldBe(1);
        ((int?)got["MaximumEventAgeInSeconds"]).ShouldBe(120);
        var listed = await OkAsync(folder, "list-function-event-invoke-configs", "--function-name", name);
        listed!["FunctionEventInvokeConfigs"]!.AsArray().Count.ShouldBe(1);
        await OkAsync(folder, "delete-function-event-invoke-config", "--function-name", name);
        var missing = await RunAsync(
            folder, "lambda", "get-function-event-invoke-config", "--function-name", name);
        missing.Errors.ShouldContain("doesn't have an EventInvokeConfig");
    }

    private async Task<JsonNode?> OkAsync(TemporaryFolder folder, params string[] arguments)
    {
        var run = await RunAsync(folder, ["lambda", .. arguments]);
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }

    private Task<ToolResult> RunAsync(TemporaryFolder folder, params string[] arguments) => ToolRun.RunAsync(
        Program,
        ["--endpoint-url", fixture.Lambda.Address.GetLeftPart(UriPartial.Authority), "--output", "json", .. arguments],
        fixture.Lambda.Key.Variables(fixture.Lambda.Address),
        folder.Path);
}

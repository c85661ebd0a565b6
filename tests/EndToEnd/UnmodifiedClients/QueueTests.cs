using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>Queues by clients with nothing changed but the address: JSON, Query, and the <c>aws</c> command.</summary>
[Collection(SharedServer.Name)]
public sealed class QueueTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("messages")]
    [InlineData("batches")]
    [InlineData("fifo")]
    [InlineData("deadLetters")]
    public async Task JavaScript_sdk_uses_queues(string scenario)
    {
        var modules = await NodeModules.FolderAsync();
        await RunAsync("/usr/bin/node", "node/queues.mjs", "js-queue", scenario, modules);
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("batches")]
    [InlineData("fifo")]
    [InlineData("dead_letters")]
    public Task Python_sdk_uses_queues(string scenario)
    {
        ToolRun.Require("/usr/bin/python3", "python3");
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/boto3", "python3-boto3");
        return RunAsync("/usr/bin/python3", "python/queues.py", "py-queue", scenario, "");
    }

    [Fact]
    public async Task Aws_command_sends_and_receives()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        var url = (string)(await AwsAsync("create-queue", "--queue-name", "awscli-queue"))!["QueueUrl"]!;
        await AwsAsync("send-message", "--queue-url", url, "--message-body", "hello");
        var received = await AwsAsync("receive-message", "--queue-url", url, "--attribute-names", "All");
        ((string?)received!["Messages"]![0]!["Body"]).ShouldBe("hello");
        await AwsAsync("delete-queue", "--queue-url", url);
    }

    private async Task<JsonNode?> AwsAsync(params string[] arguments)
    {
        var endpoint = fixture.Lambda.Address.GetLeftPart(UriPartial.Authority);
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", endpoint, "--output", "json", "sqs", .. arguments],
            fixture.Lambda.Key.Variables(fixture.Lambda.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }

    private async Task RunAsync(string interpreter, string script, string prefix, string scenario, string modules)
    {
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = modules;
        variables["PYTHONDONTWRITEBYTECODE"] = "1";
        var run = await ToolRun.RunAsync(interpreter, [Repository.Client(script), scenario, prefix], variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }
}

using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>State machines by clients with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class StateMachineTests(ServerFixture fixture)
{
    private const string Definition = """
        {"StartAt":"A","States":{"A":{"Type":"Pass","Result":"done","End":true}}}
        """;

    private const string MapDefinition = """
        {"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each", "End": true, "ItemProcessor": {
          "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
          "StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}}}}
        """;

    [Theory]
    [InlineData("executions")]
    [InlineData("versions")]
    [InlineData("express")]
    public async Task JavaScript_sdk_uses_state_machines(string scenario)
    {
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = await NodeModules.FolderAsync();
        var run = await ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/state-machines.mjs"), scenario, "js-states"], variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }

    [Fact]
    public async Task Python_sdk_works_off_an_activity()
    {
        ToolRun.Require("/usr/bin/python3", "python3");
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/boto3", "python3-boto3");
        var run = await ToolRun.RunAsync(
            "/usr/bin/python3",
            [Repository.Client("python/state_machines.py"), "activity", "py-states"],
            fixture.Lambda.Key.Variables(fixture.Lambda.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith("passed activity\n");
    }

    [Fact]
    public async Task Aws_command_runs_an_execution()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        var created = await AwsAsync(
            "create-state-machine", "--name", "awscli", "--role-arn", "arn:aws:iam::000000000000:role/r",
            "--definition", Definition);
        var machine = (string)created!["stateMachineArn"]!;
        var started = await AwsAsync("start-execution", "--state-machine-arn", machine, "--input", "{\"a\":1}");
        var described = await AwsAsync("describe-execution", "--execution-arn", (string)started!["executionArn"]!);
        ((string?)described!["output"]).ShouldBe("\"done\"");
        await AwsAsync("delete-state-machine", "--state-machine-arn", machine);
    }

    [Fact]
    public async Task Aws_command_follows_a_map_run_and_its_children()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        var created = await AwsAsync(
            "create-state-machine", "--name", "awscli-map", "--role-arn", "arn:aws:iam::000000000000:role/r",
            "--definition", MapDefinition);
        var machine = (string)created!["stateMachineArn"]!;
        var started = await AwsAsync("start-execution", "--state-machine-arn", machine, "--input", "[3,4,5]");
        var execution = (string)started!["executionArn"]!;
        await Deadline.PollAsync(
            async () => (string)(await AwsAsync("describe-execution", "--execution-arn", execution))!["status"]!,
            status => status != "RUNNING",
            TimeSpan.FromSeconds(60));

        var runs = await AwsAsync("list-map-runs", "--execution-arn", execution);
        var run = (string)runs!["mapRuns"]!.AsArray().ShouldHaveSingleItem()!["mapRunArn"]!;
        var described = await AwsAsync("describe-map-run", "--map-run-arn", run);
        ((string?)described!["status"]).ShouldBe("SUCCEEDED");
        ((int)described["itemCounts"]!["succeeded"]!).ShouldBe(3);

        // Two requests of the client: it follows the pages.
        var listed = await AwsAsync("list-executions", "--map-run-arn", run, "--page-size", "2");
        var children = listed!["executions"]!.AsArray();
        children.Count.ShouldBe(3);
        var child = (string)children[^1]!["executionArn"]!;
        var of = await AwsAsync("describe-execution", "--execution-arn", child);
        ((string?)of!["input"]).ShouldBe("3");
        ((string?)of["mapRunArn"]).ShouldBe(run);
        var history = await AwsAsync("get-execution-history", "--execution-arn", child);
        ((string?)history!["events"]!.AsArray()[^1]!["type"]).ShouldBe("ExecutionSucceeded");
        var runsOn = await AwsAsync("describe-state-machine-for-execution", "--execution-arn", child);
        ((string?)runsOn!["label"]).ShouldBe("each");
        await AwsAsync("delete-state-machine", "--state-machine-arn", machine);
    }

    private async Task<JsonNode?> AwsAsync(params string[] arguments)
    {
        var endpoint = fixture.Lambda.Address.GetLeftPart(UriPartial.Authority);
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", endpoint, "--output", "json", "stepfunctions", .. arguments],
            fixture.Lambda.Key.Variables(fixture.Lambda.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }
}

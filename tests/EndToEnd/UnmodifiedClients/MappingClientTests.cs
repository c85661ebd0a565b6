using System.Text.Json.Nodes;
using Lambent.EndToEnd.Mappings;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>Event source mappings by clients with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class MappingClientTests(ServerFixture fixture)
{
    [Fact]
    public async Task JavaScript_sdk_managesMappings()
    {
        var modules = await NodeModules.FolderAsync();
        await PrepareAsync("js-mapped", "js-mapping");
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = modules;
        var run = await ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/mappings.mjs"), "js-mapped", "js-mapping"], variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith("passed mappings\n");
    }

    [Fact]
    public async Task Aws_command_managesMappings()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        await PrepareAsync("cli-mapped", "cli-mapping");
        var created = await AwsAsync(
            "create-event-source-mapping", "--function-name", "cli-mapped", "--event-source-arn",
            QueueFunction.Arn("cli-mapping"), "--function-response-types", "ReportBatchItemFailures");
        var id = (string)created!["UUID"]!;
        ((string?)created["State"]).ShouldBe("Creating");
        var listed = await AwsAsync("list-event-source-mappings", "--function-name", "cli-mapped");
        ((string?)listed!["EventSourceMappings"]![0]!["UUID"]).ShouldBe(id);
        var updated = await AwsAsync(
            "update-event-source-mapping", "--uuid", id, "--batch-size", "100",
            "--maximum-batching-window-in-seconds", "1", "--filter-criteria",
            """{"Filters":[{"Pattern":"{\"body\":{\"kind\":[\"order\"]}}"}]}""");
        ((int?)updated!["BatchSize"]).ShouldBe(100);
        await AwsAsync("delete-event-source-mapping", "--uuid", id);
    }

    private async Task PrepareAsync(string function, string queue)
    {
        await fixture.Lambda.CreateFunctionAsync(Programs.NodeFunction(function, "hello"));
        using var queues = new AwsJsonClient(fixture.Lambda.Address, fixture.Lambda.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = queue });
    }

    private async Task<JsonNode?> AwsAsync(params string[] arguments)
    {
        var endpoint = fixture.Lambda.Address.GetLeftPart(UriPartial.Authority);
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", endpoint, "--output", "json", "lambda", .. arguments],
            fixture.Lambda.Key.Variables(fixture.Lambda.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }
}

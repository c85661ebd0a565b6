using System.Globalization;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.UnmodifiedClients;

/// <summary>Schedules by clients with nothing changed but the address.</summary>
[Collection(SharedServer.Name)]
public sealed class ScheduleTests(ServerFixture fixture)
{
    [Theory]
    [InlineData("lifecycle")]
    [InlineData("groups")]
    [InlineData("fires")]
    public async Task JavaScript_sdk_uses_schedules(string scenario)
    {
        var variables = fixture.Lambda.Key.Variables(fixture.Lambda.Address);
        variables["CLIENT_MODULES"] = await NodeModules.FolderAsync();
        var run = await ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/schedules.mjs"), scenario, "js-schedule"], variables);
        run.ExitCode.ShouldBe(0, run.Everything);
        run.Output.ShouldEndWith($"passed {scenario}\n");
    }

    [Fact]
    public async Task Aws_command_makes_a_schedule_that_fires()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        using var queues = new AwsJsonClient(fixture.Lambda.Address, fixture.Lambda.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "awscli-ticks" });
        var at = DateTime.UnixEpoch.AddSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 10)
            .ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        await AwsAsync(
            "create-schedule", "--name", "awscli-once", "--schedule-expression", $"at({at})", "--flexible-time-window",
            "Mode=OFF", "--target",
            "Arn=arn:aws:sqs:us-east-1:000000000000:awscli-ticks,RoleArn=arn:aws:iam::000000000000:role/r");
        var listed = await AwsAsync("list-schedules", "--name-prefix", "awscli");
        ((string?)listed!["Schedules"]![0]!["Name"]).ShouldBe("awscli-once");
        var received = await queues.CallAsync("ReceiveMessage", new JsonObject
        {
            ["QueueUrl"] = queues.Url("awscli-ticks"), ["WaitTimeSeconds"] = 20,
        });
        ((string?)received["Messages"]![0]!["Body"]).ShouldNotBeNull().ShouldContain($"\"time\":\"{at}Z\"");
        await AwsAsync("delete-schedule", "--name", "awscli-once");
        (await AwsAsync("list-schedules", "--name-prefix", "awscli"))!["Schedules"]!.AsArray().ShouldBeEmpty();
    }

    private async Task<JsonNode?> AwsAsync(params string[] arguments)
    {
        var endpoint = fixture.Lambda.Address.GetLeftPart(UriPartial.Authority);
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", endpoint, "--output", "json", "scheduler", .. arguments],
            fixture.Lambda.Key.Variables(fixture.Lambda.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
        return run.Output.Trim().Length == 0 ? null : JsonNode.Parse(run.Output);
    }
}

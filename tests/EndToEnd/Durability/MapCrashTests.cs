using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Durability;

/// <summary>
/// The server is killed while a Map goes over the rows of a file, and the file is replaced meanwhile. Every row of the
/// file as it was is iterated over, and the results are in its order.
/// </summary>
public sealed class MapCrashTests
{
    private const int Rows = 10_000;
    private const int Kills = 3;
    private const string Role = "arn:aws:iam::000000000000:role/workflows";
    private const string Machine = "arn:aws:states:us-east-1:000000000000:stateMachine:rows";

    private const string Definition = """
        {"StartAt": "Rows", "States": {"Rows": {
          "Type": "Map", "MaxConcurrency": 1000, "End": true,
          "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
            "Parameters": {"Bucket": "map-files", "Key": "in.csv"},
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}},
          "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Wait", "States": {
              "Wait": {"Type": "Wait", "Seconds": 1, "Next": "Row"},
              "Row": {"Type": "Pass", "InputPath": "$.number", "End": true}}},
          "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket": "map-files", "Prefix": "out"},
            "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"}}}}}
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Map_over_a_file_survives_kills_and_keeps_its_items()
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        using var folder = new TemporaryFolder();
        var text = "number,text\n"
            + string.Concat(Enumerable.Range(0, Rows).Select(row => $"{row},\"a, \"\"{row}\"\"\"\n"));
        await File.WriteAllTextAsync(folder["in.csv"], text);
        await File.WriteAllTextAsync(folder["other.csv"], "number,text\nother,file\n");
        var execution = await BeginAsync(folder);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var server = await StartAsync(folder["data"]);
            await Deadline.PollAsync(() => SucceededAsync(server, execution), done => done >= kill * 1_500, Limit);
            if (kill == 1)
            {
                await CopyAsync(server, folder["other.csv"], "s3://map-files/in.csv");
            }

            await server.KillAsync();
        }

        await using var last = await StartAsync(folder["data"]);
        var ended = await EndAsync(last, execution);
        ((string?)ended["status"]).ShouldBe("SUCCEEDED", ended.ToJsonString());
        var manifest = JsonNode.Parse((string)ended["output"]!)!["ResultWriterDetails"]!["Key"];
        await CopyAsync(
            last, $"s3://map-files/{((string)manifest!).Replace("manifest", "SUCCEEDED_0")}", folder["results.json"]);
        var results = JsonNode.Parse(await File.ReadAllTextAsync(folder["results.json"]))!.AsArray();
        results.Select(result => (string)result!).ShouldBe(Enumerable.Range(0, Rows).Select(row => $"{row}"));
        (await last.StopAsync()).ShouldBe(0, last.Output);
    }

    private static Task<LambentServer> StartAsync(string folder) =>
        LambentServer.StartAsync(folder, "--warm-memory", "0");

    private static async Task<string> BeginAsync(TemporaryFolder folder)
    {
        await using var server = await StartAsync(folder["data"]);
        await AwsAsync(server, "mb", "s3://map-files");
        await CopyAsync(server, folder["in.csv"], "s3://map-files/in.csv");
        using var client = new AwsJsonClient(server.Address, server.Key);
        await client.CallWorkflowsAsync("CreateStateMachine", new JsonObject
        {
            ["name"] = "rows", ["roleArn"] = Role, ["definition"] = Definition,
        });
        var started = await client.CallWorkflowsAsync(
            "StartExecution", new JsonObject { ["stateMachineArn"] = Machine, ["name"] = "all" });
        await Deadline.PollAsync(
            () => SucceededAsync(server, (string)started["executionArn"]!), done => done > 0, Limit);
        await server.KillAsync();
        return (string)started["executionArn"]!;
    }

    private static async Task<int> SucceededAsync(LambentServer server, string execution)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        var runs = await client.CallWorkflowsAsync("ListMapRuns", new JsonObject { ["executionArn"] = execution });
        if (runs["mapRuns"]!.AsArray() is not [{ } run])
        {
            return 0;
        }

        var described = await client.CallWorkflowsAsync(
            "DescribeMapRun", new JsonObject { ["mapRunArn"] = (string)run["mapRunArn"]! });
        return (int)described["itemCounts"]!["succeeded"]!;
    }

    private static async Task<JsonObject> EndAsync(LambentServer server, string execution)
    {
        using var client = new AwsJsonClient(server.Address, server.Key);
        JsonObject? described = null;
        await Deadline.PollAsync(
            async () =>
            {
                described = (JsonObject)await client.CallWorkflowsAsync(
                    "DescribeExecution", new JsonObject { ["executionArn"] = execution });
                return (string)described["status"]!;
            },
            status => status != "RUNNING",
            Limit);
        return described!;
    }

    private static Task CopyAsync(LambentServer server, string from, string to) => AwsAsync(server, "cp", from, to);

    private static async Task AwsAsync(LambentServer server, params string[] arguments)
    {
        var run = await ToolRun.RunAsync(
            "/usr/bin/aws",
            ["--endpoint-url", server.Address.GetLeftPart(UriPartial.Authority), "s3", .. arguments],
            server.Key.Variables(server.Address));
        run.ExitCode.ShouldBe(0, run.Everything);
    }
}

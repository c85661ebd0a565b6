using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class QueueTriggerTests : IAsyncLifetime
{
    private const string Mappings = "/2015-03-31/event-source-mappings";
    private const string Mapping =
        "{\"UUID\":\"u1\",\"EventSourceArn\":\"arn:aws:sqs:us-east-1:000000000000:jobs\","
        + "\"FunctionArn\":\"arn:aws:lambda:us-east-1:000000000000:function:worker\",\"State\":\"Enabled\","
        + "\"BatchSize\":10,\"MaximumBatchingWindowInSeconds\":0,\"LastProcessingResult\":\"OK\","
        + "\"FilterCriteria\":{\"Filters\":[{\"Pattern\":\"{}\"}]},\"ScalingConfig\":{\"MaximumConcurrency\":7}}";

    private readonly CommandLine commandLine = new();
    private readonly List<(string Request, string Body)> calls = [];
    private string listed = "{\"EventSourceMappings\":[]}";
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On("POST /", AnswerQueueAsync);
        server.On($"GET {Mappings}", http => http.Response.WriteAsync(listed));
        server.On($"POST {Mappings}", AnswerMappingAsync);
        server.On($"PUT {Mappings}/u1", AnswerMappingAsync);
        server.On($"DELETE {Mappings}/u1", AnswerMappingAsync);
        server.OnJson("GET /2015-03-31/functions/worker/configuration", "{\"FunctionName\":\"worker\"}");
        server.OnJson("GET /2015-03-31/functions/", "{\"Functions\":[{\"FunctionName\":\"worker\"}]}");
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Trigger_withEveryOption_creates()
    {
        var result = await commandLine.RunAsync(
            "queue", "trigger", "jobs", "worker", "--batch", "100", "--window", "5", "--filter", "{\"body\":[\"a\"]}",
            "--filter", "{\"body\":[\"b\"]}", "--concurrency", "7", "--partial");

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("triggers jobs -> worker");
        var (request, body) = calls.ShouldHaveSingleItem();
        request.ShouldBe($"POST {Mappings}");
        JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse("""
            {
              "BatchSize": 100,
              "MaximumBatchingWindowInSeconds": 5,
              "ScalingConfig": { "MaximumConcurrency": 7 },
              "FilterCriteria": {
                "Filters": [{ "Pattern": "{\"body\":[\"a\"]}" }, { "Pattern": "{\"body\":[\"b\"]}" }]
              },
              "FunctionResponseTypes": ["ReportBatchItemFailures"],
              "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:jobs",
              "FunctionName": "worker"
            }
            """)).ShouldBeTrue(body);
    }

    [Theory]
    [InlineData("changed jobs -> worker", "PUT", "{\"BatchSize\":5}", "trigger", "jobs", "worker", "--batch", "5")]
    [InlineData("paused jobs -> worker", "PUT", "{\"Enabled\":false}", "pause", "jobs", "worker")]
    [InlineData("resumed jobs -> worker", "PUT", "{\"Enabled\":true}", "resume", "jobs", "worker")]
    [InlineData("untriggered jobs -> worker", "DELETE", "", "untrigger", "jobs", "worker")]
    public async Task Trigger_thatExists_isChanged(
        string expected, string method, string body, params string[] arguments)
    {
        listed = "{\"EventSourceMappings\":[" + Mapping + "]}";

        var result = await commandLine.RunAsync(["queue", .. arguments]);

        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain(expected);
        calls.ShouldHaveSingleItem().ShouldBe(($"{method} {Mappings}/u1", body));
    }

    [Fact]
    public async Task Names_thatAreMisspelt_areGuessed()
    {
        listed = "{\"EventSourceMappings\":[" + Mapping + "]}";
        var queue = await commandLine.RunAsync("queue", "trigger", "job", "worker");
        (queue.ExitCode, queue.Error.Contains("jobs")).ShouldBe((3, true), queue.Error);
        var function = await commandLine.RunAsync("queue", "trigger", "jobs", "worke");
        (function.ExitCode, function.Error.Contains("worker")).ShouldBe((3, true), function.Error);
        var pair = await commandLine.RunAsync("queue", "pause", "jobs", "worke");
        (pair.ExitCode, pair.Error.Contains("jobs worker")).ShouldBe((3, true), pair.Error);
    }

    [Fact]
    public async Task List_ofMappings_hasWhatIsKnown()
    {
        listed = "{\"EventSourceMappings\":[" + Mapping + "]}";

        (await commandLine.RunAsync("ls", "mappings")).Lines[1].ShouldStartWith("jobs   worker    Enabled");
        using var document = JsonDocument.Parse((await commandLine.RunAsync("ls", "mappings", "--json")).Output);
        var mapping = document.RootElement.GetProperty("mappings")[0];
        string.Join(',', mapping.EnumerateObject().Select(member => member.Name))
            .ShouldBe("id,queue,function,state,batchSize,windowSeconds,concurrency,filters,lastResult");
    }

    private async Task AnswerMappingAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        calls.Add(($"{http.Request.Method} {http.Request.Path}", await reader.ReadToEndAsync()));
        http.Response.StatusCode = 202;
        await http.Response.WriteAsync(Mapping);
    }

    private static async Task AnswerQueueAsync(HttpContext http)
    {
        using var input = await JsonDocument.ParseAsync(http.Request.Body);
        if (input.RootElement.TryGetProperty("QueueName", out var name) && name.GetString() == "job")
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(
                """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""");
            return;
        }

        await http.Response.WriteAsync(http.Request.Headers["X-Amz-Target"].ToString() switch
        {
            "AmazonSQS.GetQueueUrl" => """{"QueueUrl":"http://host/000000000000/jobs"}""",
            "AmazonSQS.ListQueues" => """{"QueueUrls":["http://host/000000000000/jobs"]}""",
            _ => """{"Attributes":{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:jobs"}}""",
        });
    }
}

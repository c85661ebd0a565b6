using System.Text.Json;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class QueueTests : IAsyncLifetime
{
    private readonly CommandLine commandLine = new();
    private readonly List<string> operations = [];
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On("POST /", AnswerAsync);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("created jobs", "CreateQueue", "queue", "create", "jobs")]
    [InlineData("sent m1", "GetQueueUrl SendMessage", "queue", "send", "jobs", "--body", "x")]
    [InlineData("m1  hello", "GetQueueUrl ReceiveMessage", "queue", "receive", "jobs")]
    [InlineData("m1  hello", "GetQueueUrl ReceiveMessage DeleteMessage", "queue", "receive", "jobs", "--delete")]
    [InlineData("purged jobs", "GetQueueUrl PurgeQueue", "queue", "purge", "jobs", "--yes")]
    [InlineData("deleted jobs", "GetQueueUrl DeleteQueue", "queue", "rm", "jobs", "--yes")]
    [InlineData("jobs", "ListQueues GetQueueAttributes", "ls", "queues")]
    public async Task Queue_verb_callsTheApi(string expected, string called, params string[] arguments)
    {
        var result = await commandLine.RunAsync(arguments);
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain(expected);
        string.Join(' ', operations).ShouldBe(called);
        server.Requests.ShouldAllBe(request => request.Authorization.Contains("/sqs/aws4_request"));
    }

    [Fact]
    public async Task List_json_hasWhatIsCounted()
    {
        var result = await commandLine.RunAsync("ls", "queues", "--json");
        using var document = JsonDocument.Parse(result.Output);
        var queue = document.RootElement.GetProperty("queues")[0];
        queue.GetProperty("name").GetString().ShouldBe("jobs");
        queue.GetProperty("waiting").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Purge_withoutAnyoneToAsk_isRefused()
    {
        (await commandLine.RunAsync("queue", "purge", "jobs")).ExitCode.ShouldBe(2);
        operations.ShouldBe(["GetQueueUrl"]);
    }

    [Fact]
    public async Task Missing_queue_exitsWith3()
    {
        var result = await commandLine.RunAsync("queue", "send", "none", "--body", "x");
        result.ExitCode.ShouldBe(3);
        result.Error.ShouldContain("The specified queue does not exist.");
        result.Error.ShouldContain("lambent ls queues");
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var input = await JsonDocument.ParseAsync(http.Request.Body);
        var operation = http.Request.Headers["X-Amz-Target"].ToString()["AmazonSQS.".Length..];
        operations.Add(operation);
        if (input.RootElement.TryGetProperty("QueueName", out var name) && name.GetString() == "none")
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsync(
                """{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}""");
            return;
        }

        await http.Response.WriteAsync(operation switch
        {
            "CreateQueue" or "GetQueueUrl" => """{"QueueUrl":"http://host/000000000000/jobs"}""",
            "ListQueues" => """{"QueueUrls":["http://host/000000000000/jobs"]}""",
            "GetQueueAttributes" =>
                """{"Attributes":{"ApproximateNumberOfMessages":"3","VisibilityTimeout":"30"}}""",
            "SendMessage" => """{"MessageId":"m1"}""",
            "ReceiveMessage" => """{"Messages":[{"MessageId":"m1","Body":"hello","ReceiptHandle":"h"}]}""",
            _ => "{}",
        });
    }
}

using System.Text.Json;
using Lambent.Cli.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class QueueTests : IAsyncLifetime
{
    private const string Report =
        """
        {"name":"jobs","arn":"arn:aws:sqs:us-east-1:000000000000:jobs","url":"http://host/000000000000/jobs",
        "fifo":false,"priorities":true,"waiting":3,"inFlight":1,"delayed":0,"deadLetterQueue":"dead","dead":2,
        "oldestAgeSeconds":65.2,"arrivalsPerSecond":1.25,"receivesPerSecond":1,"drainPerSecond":0.5,"sent":9,
        "received":5,"deleted":4,"emptyReceives":7,"filtered":1,"visibilityTimeoutSeconds":30,
        "consumers":[{"name":"function ship","state":"disabled","running":0,"limit":5}],
        "why":[{"code":"consumer-paused","text":"The function ship is paused or disabled."}]}
        """;

    private readonly CommandLine commandLine = new();
    private readonly List<string> operations = [];
    private readonly List<string> bodies = [];
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.On("POST /", AnswerAsync);
        server.On("GET /v1/queues", http => http.Response.WriteAsync($$"""{"queues":[{{Report}}]}"""));
        server.On("GET /v1/queues/jobs", http => http.Response.WriteAsync(Report));
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
    [InlineData("created jobs", "CreateQueue", "queue", "create", "jobs", "--priority")]
    [InlineData("sent m1", "GetQueueUrl SendMessage", "queue", "send", "jobs", "--body", "x", "--priority", "7")]
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
        queue.GetProperty("visibilityTimeoutSeconds").GetInt64().ShouldBe(30);
        queue.GetProperty("why")[0].GetProperty("code").GetString().ShouldBe("consumer-paused");
    }

    [Fact]
    public async Task List_showsHowQueuesStand()
    {
        var result = await commandLine.RunAsync("ls", "queues");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain(
            "jobs  3        1          0        2     65.2 s  1.25  0.5    30 s     consumer-paused");
    }

    [Fact]
    public async Task Describe_saysAll_andWhy()
    {
        var result = await commandLine.RunAsync("queue", "describe", "jobs");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("standard, with priorities");
        result.Output.ShouldContain("2 in dead");
        result.Output.ShouldContain("function ship  disabled");
        result.Output.ShouldContain("The function ship is paused or disabled.");
        var json = await commandLine.RunAsync("queue", "describe", "jobs", "--json");
        using var document = JsonDocument.Parse(json.Output);
        document.RootElement.GetProperty("schema").GetString().ShouldBe("lambent.queue-report/1");
        document.RootElement.GetProperty("filtered").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task Peek_showsMessages_andTakesNone()
    {
        server.On("GET /v1/queues/jobs/messages", http => http.Response.WriteAsync(
            """
            {"messages":[{"sequence":"1","id":"m1","state":"visible","body":"hello","bodyLength":5,
            "sentAt":"2026-11-22T10:00:00Z","visibleAt":"2026-11-22T10:00:00Z","receiveCount":2,"group":"g"}]}
            """));

        var result = await commandLine.RunAsync("queue", "peek", "jobs", "--group", "g");
        result.ExitCode.ShouldBe(0, result.Error);
        result.Output.ShouldContain("visible");
        result.Output.ShouldContain("hello");
        operations.ShouldBeEmpty();
        using var document = JsonDocument.Parse((await commandLine.RunAsync("queue", "peek", "jobs", "--json")).Output);
        document.RootElement.GetProperty("schema").GetString().ShouldBe("lambent.peeked-messages/1");
    }

    [Fact]
    public async Task Priority_isATagOfTheQueue_andAnAttributeOfTheMessage()
    {
        await commandLine.RunAsync("queue", "create", "jobs", "--priority");
        await commandLine.RunAsync("queue", "send", "jobs", "--body", "x", "--priority", "7");
        bodies[0].ShouldContain("\"tags\":{\"lambent:priority\":\"true\"}");
        bodies[^1].ShouldContain("\"lambent.priority\":{\"DataType\":\"Number\",\"StringValue\":\"7\"}");
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
        bodies.Add(input.RootElement.GetRawText());
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

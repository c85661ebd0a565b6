using System.Text.Json.Nodes;
using Lambent.Server.Tests.Aws.Sqs;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Queues;

public sealed class PriorityTests : IAsyncLifetime
{
    private SqsServer server = null!;

    public async ValueTask InitializeAsync() => server = await SqsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Receive_givesWhatIsUrgentFirst_andComesAgainInItsPlace()
    {
        var url = await QueueAsync();
        await SendAsync(url, "low", 0);
        await SendAsync(url, "middle", 5);
        await SendAsync(url, "plain", null);
        await SendAsync(url, "high", 9);

        var messages = await server.ReceiveAsync(url, most: 3);
        SqsServer.Bodies(messages).ShouldBe(["high", "middle", "low"]);
        ((string?)messages[0]["MessageAttributes"]!["lambent.priority"]!["StringValue"]).ShouldBe("9");
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["plain"]);

        // All are visible again at the same time.
        server.Time.Shift += TimeSpan.FromSeconds(31);
        SqsServer.Bodies(await server.ReceiveAsync(url, most: 2)).ShouldBe(["high", "middle"]);
    }

    [Fact]
    public async Task What_waitedLong_isNotOvertakenForEver()
    {
        var url = await QueueAsync();
        await SendAsync(url, "old", 0);
        server.Time.Shift += TimeSpan.FromMinutes(11);
        await SendAsync(url, "a step more urgent", 1);
        await SendAsync(url, "two steps more urgent", 2);

        SqsServer.Bodies(await server.ReceiveAsync(url))
            .ShouldBe(["two steps more urgent", "old", "a step more urgent"]);
    }

    [Fact]
    public async Task Delayed_message_waitsForItsTime_howeverUrgent()
    {
        var url = await QueueAsync();
        await SendAsync(url, "later", 9, delay: 10);
        await SendAsync(url, "now", 0);
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["now"]);
    }

    [Fact]
    public async Task Priority_outlivesTheDeadLetterQueue_andTheWayBack()
    {
        await server.QueueAsync("dead");
        var url = await QueueAsync("jobs", Redrive("dead"));
        await SendAsync(url, "low", 1);
        await SendAsync(url, "high", 8);
        (await server.ReceiveAsync(url)).Length.ShouldBe(2);
        server.Time.Shift += TimeSpan.FromSeconds(31);
        (await server.ReceiveAsync(url)).ShouldBeEmpty();

        (await server.CallAsync("StartMessageMoveTask", new JsonObject
        {
            ["SourceArn"] = "arn:aws:sqs:us-east-1:000000000000:dead",
        })).Ok();
        SqsServer.Bodies(await server.ReceiveAsync(url, most: 1, wait: 10)).ShouldNotBeEmpty();
        server.Time.Shift += TimeSpan.FromSeconds(31);
    }

    [Fact]
    public async Task Priority_isRefused_whereItCannotBe()
    {
        var url = await QueueAsync();
        (await TrySendAsync(url, "10")).Message!.ShouldContain("from 0 to 9");
        (await TrySendAsync(url, "x")).Message!.ShouldNotBeEmpty();
        var plain = await server.QueueAsync("plain");
        (await TrySendAsync(plain, "1")).Message!.ShouldContain("has no priorities");
        var fifo = await server.QueueAsync("jobs.fifo", ("FifoQueue", "true"));
        (await TrySendAsync(fifo, "1", "g")).Message!.ShouldContain("FIFO");
        var made = await server.CallAsync("CreateQueue", new JsonObject
        {
            ["QueueName"] = "urgent.fifo",
            ["Attributes"] = new JsonObject { ["FifoQueue"] = "true" },
            ["tags"] = new JsonObject { ["lambent:priority"] = "true" },
        });
        made.Message!.ShouldContain("FIFO");
    }

    [Fact]
    public async Task Tag_cannotChange_afterTheQueueWasMade()
    {
        var url = await QueueAsync();
        var plain = await server.QueueAsync("plain");
        await RefuseAsync("UntagQueue", url, ("TagKeys", new JsonArray("lambent:priority")));
        await RefuseAsync("TagQueue", url, ("Tags", new JsonObject { ["lambent:priority"] = "false" }));
        await RefuseAsync("TagQueue", plain, ("Tags", new JsonObject { ["lambent:priority"] = "true" }));
        await RefuseAsync("TagQueue", plain, ("Tags", new JsonObject { ["lambent:other"] = "true" }));
        (await server.CallAsync("TagQueue", new JsonObject
        {
            ["QueueUrl"] = url, ["Tags"] = new JsonObject { ["team"] = "blue" },
        })).Ok();
        var again = await server.CallAsync("CreateQueue", new JsonObject
        {
            ["QueueName"] = "plain", ["tags"] = new JsonObject { ["lambent:priority"] = "true" },
        });
        again.Type!.ShouldContain("QueueNameExists");

        async Task RefuseAsync(string operation, string queue, (string Name, JsonNode Value) member)
        {
            var answer = await server.CallAsync(
                operation, new JsonObject { ["QueueUrl"] = queue, [member.Name] = member.Value });
            ((int)answer.Status).ShouldBe(400, answer.Text);
        }
    }

    [Fact]
    public async Task Query_protocol_setsBoth()
    {
        var made = await server.QueryAsync(
            "Action=CreateQueue&QueueName=forms&Tag.1.Key=lambent%3Apriority&Tag.1.Value=true");
        made.Text.ShouldContain("/forms");
        var url = server.Url("forms");
        await server.SendAsync(url, "low");
        var sent = await server.QueryAsync(
            $"Action=SendMessage&QueueUrl={Uri.EscapeDataString(url)}&MessageBody=high"
            + "&MessageAttribute.1.Name=lambent.priority&MessageAttribute.1.Value.DataType=Number"
            + "&MessageAttribute.1.Value.StringValue=3");
        sent.Text.ShouldContain("MessageId");
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["high", "low"]);
    }

    private static (string Name, string Value) Redrive(string target) => (
        "RedrivePolicy",
        $$"""{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:{{target}}","maxReceiveCount":"1"}""");

    private async Task<string> QueueAsync(string name = "urgent", params (string Name, string Value)[] attributes)
    {
        var made = await server.CallAsync("CreateQueue", new JsonObject
        {
            ["QueueName"] = name,
            ["Attributes"] = new JsonObject([.. attributes.Select(
                attribute => KeyValuePair.Create(attribute.Name, (JsonNode?)attribute.Value))]),
            ["tags"] = new JsonObject { ["lambent:priority"] = "true" },
        });
        return (string)made.Ok()["QueueUrl"]!;
    }

    private async Task SendAsync(string url, string body, int? priority, int delay = 0)
    {
        var input = new JsonObject { ["QueueUrl"] = url, ["MessageBody"] = body, ["DelaySeconds"] = delay };
        if (priority is not null)
        {
            input["MessageAttributes"] = Attribute($"{priority}");
        }

        (await server.CallAsync("SendMessage", input)).Ok();
    }

    private Task<SqsAnswer> TrySendAsync(string url, string priority, string? group = null)
    {
        var input = new JsonObject
        {
            ["QueueUrl"] = url, ["MessageBody"] = "x", ["MessageAttributes"] = Attribute(priority),
        };
        if (group is not null)
        {
            input["MessageGroupId"] = group;
            input["MessageDeduplicationId"] = "1";
        }

        return server.CallAsync("SendMessage", input);
    }

    private static JsonObject Attribute(string priority) => new()
    {
        ["lambent.priority"] = new JsonObject { ["DataType"] = "Number", ["StringValue"] = priority },
    };
}

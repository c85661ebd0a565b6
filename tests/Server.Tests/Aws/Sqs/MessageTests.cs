using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Sqs;

public sealed class MessageTests : IAsyncLifetime
{
    private SqsServer server = null!;

    public async ValueTask InitializeAsync() => server = await SqsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Message_comes_again_after_its_timeout_until_it_is_deleted()
    {
        var url = await server.QueueAsync("jobs");
        await server.SendAsync(url, "work");
        var first = (await server.ReceiveAsync(url)).ShouldHaveSingleItem();
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
        server.Time.Shift += TimeSpan.FromSeconds(31);
        var second = (await server.ReceiveAsync(url)).ShouldHaveSingleItem();
        ((string?)second["Attributes"]!["ApproximateReceiveCount"]).ShouldBe("2");
        ((string?)second["MessageId"]).ShouldBe((string?)first["MessageId"]);

        (await server.DeleteAsync(url, first)).Ok();
        (await CountAsync(url)).ShouldBe((0, 1, 0), "the handle of an earlier receive deletes nothing");
        (await server.DeleteAsync(url, second)).Ok();
        (await server.DeleteAsync(url, second)).Ok();
        (await CountAsync(url)).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Delayed_message_comes_after_its_delay_and_old_ones_not_at_all()
    {
        var url = await server.QueueAsync("jobs", ("DelaySeconds", "10"), ("MessageRetentionPeriod", "60"));
        await server.SendAsync(url, "work");
        (await CountAsync(url)).ShouldBe((0, 0, 1));
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
        server.Time.Shift += TimeSpan.FromSeconds(11);
        (await server.ReceiveAsync(url, visibility: 0)).ShouldHaveSingleItem();
        server.Time.Shift += TimeSpan.FromSeconds(50);
        (await CountAsync(url)).ShouldBe((0, 0, 0));
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Batch_fails_entry_by_entry()
    {
        var url = await server.QueueAsync("jobs", ("MaximumMessageSize", "1024"));
        var sent = (await server.CallAsync("SendMessageBatch", new JsonObject
        {
            ["QueueUrl"] = url,
            ["Entries"] = new JsonArray(
                new JsonObject { ["Id"] = "1", ["MessageBody"] = "fits" },
                new JsonObject { ["Id"] = "2", ["MessageBody"] = new string('x', 1025) }),
        })).Ok();
        ((string?)sent["Successful"]![0]!["Id"]).ShouldBe("1");
        var failed = sent["Failed"]!.AsArray().ShouldHaveSingleItem()!;
        failed.ToJsonString().ShouldBe(
            """{"Id":"2","SenderFault":true,"Code":"InvalidParameterValue","Message":"One or more parameters are """
            + """invalid. Reason: Message must be shorter than 1024 bytes."}""");
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["fits"]);
    }

    [Fact]
    public async Task Waiting_receive_is_woken_by_a_message_and_each_message_wakes_one()
    {
        var url = await server.QueueAsync("jobs");
        Task<JsonObject[]>[] waiting = [server.ReceiveAsync(url, wait: 20), server.ReceiveAsync(url, wait: 20)];
        await server.SendAsync(url, "one");
        await server.SendAsync(url, "two");
        var received = await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(15));
        received.SelectMany(SqsServer.Bodies).Order(StringComparer.Ordinal).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Fifo_keeps_order_in_a_group_and_groups_apart()
    {
        var url = await server.QueueAsync("jobs.fifo", ("FifoQueue", "true"));
        foreach (var body in new[] { "a1", "b1", "a2", "a3", "b2" })
        {
            await server.SendAsync(url, body, body[..1]);
        }

        var first = await server.ReceiveAsync(url, most: 1);
        SqsServer.Bodies(first).ShouldBe(["a1"]);
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["b1", "b2"]);
        (await server.ReceiveAsync(url)).ShouldBeEmpty("both groups have messages in flight");
        (await server.DeleteAsync(url, first[0])).Ok();
        SqsServer.Bodies(await server.ReceiveAsync(url, visibility: 5)).ShouldBe(["a2", "a3"]);
        server.Time.Shift += TimeSpan.FromSeconds(6);
        var again = await server.ReceiveAsync(url);
        SqsServer.Bodies(again).ShouldBe(["a2", "a3"], "what was not deleted comes again, in order");
        server.Time.Shift += TimeSpan.FromSeconds(60);
        (await server.DeleteAsync(url, again[0])).Message!.ShouldEndWith("Reason: The receipt handle has expired.");
    }

    [Fact]
    public async Task Fifo_drops_duplicates_for_five_minutes_also_after_a_delete()
    {
        var url = await server.QueueAsync("jobs.fifo", ("FifoQueue", "true"));
        var sent = await server.SendAsync(url, "one", "g", "same");
        (await server.DeleteAsync(url, (await server.ReceiveAsync(url))[0])).Ok();
        var duplicate = await server.SendAsync(url, "one", "g", "same");
        ((string?)duplicate["MessageId"]).ShouldBe((string?)sent["MessageId"]);
        ((string?)duplicate["SequenceNumber"]).ShouldBe((string?)sent["SequenceNumber"]);
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
        server.Time.Shift += TimeSpan.FromMinutes(5);
        await server.SendAsync(url, "one", "g", "same");
        (await server.ReceiveAsync(url)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("{}", "MissingRequiredParameterException", "The request must contain the parameter MessageGroupId.")]
    [InlineData("""{"MessageGroupId":"g"}""", "InvalidParameterValueException",
        "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")]
    [InlineData("""{"MessageGroupId":"g","MessageDeduplicationId":"group 123"}""", "InvalidParameterValueException",
        "Value group 123 for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only "
        + "include alphanumeric and punctuation characters. 1 to 128 in length.")]
    [InlineData("""{"MessageGroupId":"g","MessageDeduplicationId":"d","DelaySeconds":2}""",
        "InvalidParameterValueException",
        "Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for "
        + "this queue type.")]
    public async Task Fifo_send_is_checked(string more, string type, string message)
    {
        var input = JsonNode.Parse(more)!.AsObject();
        input["QueueUrl"] = await server.QueueAsync("jobs.fifo", ("FifoQueue", "true"));
        input["MessageBody"] = "x";
        var answer = await server.CallAsync("SendMessage", input);
        answer.Type.ShouldBe($"com.amazon.coral.service#{type}");
        answer.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(".fifo", true)]
    public async Task Dead_letters_move_and_come_back(string suffix, bool isFifo)
    {
        (string, string)[] kind = isFifo ? [("FifoQueue", "true")] : [];
        var dead = await server.QueueAsync($"dead{suffix}", kind);
        var arn = $"arn:aws:sqs:us-east-1:000000000000:dead{suffix}";
        var url = await server.QueueAsync(
            $"jobs{suffix}",
            [("RedrivePolicy", $$"""{"deadLetterTargetArn":"{{arn}}","maxReceiveCount":"2"}"""), .. kind]);
        await server.SendAsync(url, "poison", isFifo ? "g" : null);
        for (var receive = 0; receive < 2; receive++)
        {
            (await server.ReceiveAsync(url, visibility: 0)).ShouldHaveSingleItem();
        }

        (await server.ReceiveAsync(url)).ShouldBeEmpty();
        var letter = (await server.ReceiveAsync(dead, visibility: 0)).ShouldHaveSingleItem();
        ((string?)letter["Attributes"]!["DeadLetterQueueSourceArn"])
            .ShouldBe($"arn:aws:sqs:us-east-1:000000000000:jobs{suffix}");
        var refused = await server.CallAsync(
            "StartMessageMoveTask", new JsonObject { ["SourceArn"] = arn.Replace(":dead", ":jobs") });
        refused.Message.ShouldBe("Source queue must be configured as a Dead Letter Queue.");

        (await server.CallAsync("StartMessageMoveTask", new JsonObject { ["SourceArn"] = arn })).Ok();
        var back = (await server.ReceiveAsync(url, wait: 20)).ShouldHaveSingleItem();
        ((string?)back["Attributes"]!["ApproximateReceiveCount"]).ShouldBe("1");
        back["MessageId"]!.ToString().ShouldNotBe(letter["MessageId"]!.ToString());
        var task = (await server.CallAsync("ListMessageMoveTasks", new JsonObject { ["SourceArn"] = arn }))
            .Ok()["Results"]![0]!;
        ((int?)task["ApproximateNumberOfMessagesMoved"]).ShouldBe(1);
        ((string?)task["Status"]).ShouldBe("COMPLETED");
    }

    [Fact]
    public async Task Visibility_is_changed_for_messages_that_are_there()
    {
        var url = await server.QueueAsync("jobs");
        await server.SendAsync(url, "work");
        var received = (await server.ReceiveAsync(url)).ShouldHaveSingleItem();
        var change = new JsonObject
        {
            ["QueueUrl"] = url, ["ReceiptHandle"] = (string)received["ReceiptHandle"]!, ["VisibilityTimeout"] = 0,
        };
        (await server.CallAsync("ChangeMessageVisibility", change.DeepClone())).Ok();
        var again = (await server.ReceiveAsync(url)).ShouldHaveSingleItem();
        (await server.CallAsync("ChangeMessageVisibility", change.DeepClone())).Message!
            .ShouldEndWith("Message does not exist or is not available for visibility timeout change.");
        (await server.DeleteAsync(url, again)).Ok();
    }

    private async Task<(int Visible, int InFlight, int Delayed)> CountAsync(string url)
    {
        var counted = (await server.CallAsync("GetQueueAttributes", new JsonObject
        {
            ["QueueUrl"] = url, ["AttributeNames"] = new JsonArray("All"),
        })).Ok()["Attributes"]!;
        return (
            Of("ApproximateNumberOfMessages"),
            Of("ApproximateNumberOfMessagesNotVisible"),
            Of("ApproximateNumberOfMessagesDelayed"));

        int Of(string name) => int.Parse((string)counted[name]!);
    }
}

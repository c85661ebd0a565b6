using System.Net;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Sqs;

public sealed class QueueTests : IAsyncLifetime
{
    private SqsServer server = null!;

    public async ValueTask InitializeAsync() => server = await SqsServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Queue_made_again_with_other_attributes_is_refused()
    {
        var url = await server.QueueAsync("jobs", ("DelaySeconds", "5"));
        (await server.QueueAsync("jobs", ("DelaySeconds", "5"))).ShouldBe(url);
        (await server.QueueAsync("jobs")).ShouldBe(url);

        var other = await server.CallAsync("CreateQueue", JsonNode.Parse(
            """{"QueueName":"jobs","Attributes":{"DelaySeconds":"6"}}""")!);
        other.Type.ShouldBe("com.amazonaws.sqs#QueueNameExists");
        other.QueryError.ShouldBe("QueueAlreadyExists;Sender");
        other.Message.ShouldBe(
            "A queue already exists with the same name and a different value for attribute DelaySeconds");
    }

    [Theory]
    [InlineData("SendMessage", "{}", "MissingRequiredParameterException", "QueueUrl")]
    [InlineData("SendMessage", """{"QueueUrl":"URL"}""", "MissingRequiredParameterException", "MessageBody")]
    [InlineData("SendMessage", """{"QueueUrl":7}""", "SerializationException", "QueueUrl")]
    [InlineData("SendMessage", """{"QueueUrl":"URL","MessageBody":"\u0001"}""", "InvalidMessageContents", "#x1")]
    [InlineData("SendMessage", """{"QueueUrl":"URL-","MessageBody":"x"}""", "QueueDoesNotExist", "not exist")]
    [InlineData("SendMessage", """{"QueueUrl":"x","MessageBody":"x"}""", "QueueDoesNotExist", "not exist")]
    [InlineData(
        "SendMessage", """{"QueueUrl":"URL","MessageBody":"x","MessageAttributes":{"a":7}}""",
        "SerializationException", "MessageAttributes")]
    [InlineData(
        "SendMessage", """{"QueueUrl":"URL","MessageBody":"x","MessageSystemAttributes":{"a":{"DataType":"String"}}}""",
        "InvalidParameterValueException", "system attribute")]
    [InlineData("ReceiveMessage", """{"QueueUrl":"URL","WaitTimeSeconds":21}""",
        "InvalidParameterValueException", "Value 21 for parameter WaitTimeSeconds is invalid.")]
    [InlineData("ReceiveMessage", """{"QueueUrl":"URL","AttributeNames":["x"]}""", "InvalidAttributeName", "x")]
    [InlineData("SendMessageBatch", """{"QueueUrl":"URL","Entries":[]}""", "EmptyBatchRequest", "at least one")]
    [InlineData("SendMessageBatch", """{"QueueUrl":"URL","Entries":[7]}""", "SerializationException", "Entries")]
    [InlineData("DeleteMessageBatch", """{"QueueUrl":"URL","Entries":[{"Id":"a b"}]}""", "InvalidBatchEntryId", "")]
    [InlineData("DeleteMessage", """{"QueueUrl":"URL","ReceiptHandle":"x"}""", "ReceiptHandleIsInvalid", "x")]
    [InlineData("CancelMessageMoveTask", """{"TaskHandle":"x"}""", "InvalidParameterValueException", "TaskHandle")]
    [InlineData("StartMessageMoveTask", """{"SourceArn":"x"}""", "ResourceNotFoundException", "SourceArn")]
    [InlineData("ListQueues", """{"NextToken":"x"}""", "InvalidParameterValueException", "")]
    [InlineData("Nonsense", "{}", "UnknownOperationException", "Nonsense")]
    [InlineData("ListQueues", "[]", "SerializationException", "object")]
    public async Task Mistakes_are_told_as_on_aws(string operation, string input, string type, string text)
    {
        var url = await server.QueueAsync("jobs");
        var answer = await server.CallAsync(operation, JsonNode.Parse(input.Replace("URL", url))!);
        ((int)answer.Status).ShouldBeInRange(400, 404, answer.Text);
        answer.Type!.Split('#')[1].ShouldBe(type);
        answer.Message!.ShouldContain(text);
    }

    [Fact]
    public async Task Purge_empties_at_once_and_the_sweeper_removes_what_is_left()
    {
        var url = await server.QueueAsync("jobs");
        for (var number = 0; number < 3; number++)
        {
            await server.SendAsync(url, $"{number}");
        }

        var lane = server.Store.Read(transaction =>
            transaction.Queues.Get(new QueueId(AccountId.Root, "jobs"))!.Lane);
        (await server.CallAsync("PurgeQueue", new JsonObject { ["QueueUrl"] = url })).Ok();
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
        var again = await server.CallAsync("PurgeQueue", new JsonObject { ["QueueUrl"] = url });
        again.Status.ShouldBe(HttpStatusCode.Forbidden);
        again.Type.ShouldBe("com.amazonaws.sqs#PurgeQueueInProgress");
        await server.SendAsync(url, "after");

        server.Store.Read(transaction => transaction.Messages.Oldest(lane, 9)).Count.ShouldBe(3);
        await server.Sweeper.SweepAsync(CancellationToken.None);
        server.Store.Read(transaction => transaction.Messages.Oldest(lane, 9)).ShouldBeEmpty();
        SqsServer.Bodies(await server.ReceiveAsync(url)).ShouldBe(["after"]);
        server.Time.Shift += TimeSpan.FromSeconds(61);
        (await server.CallAsync("PurgeQueue", new JsonObject { ["QueueUrl"] = url })).Ok();
    }

    [Fact]
    public async Task Queue_deleted_and_made_again_has_nothing_of_the_old_one()
    {
        var url = await server.QueueAsync("jobs");
        await server.SendAsync(url, "old");
        (await server.CallAsync("DeleteQueue", new JsonObject { ["QueueUrl"] = url })).Ok();
        (await server.CallAsync("ReceiveMessage", new JsonObject { ["QueueUrl"] = url })).Type
            .ShouldBe("com.amazonaws.sqs#QueueDoesNotExist");
        await server.QueueAsync("jobs");
        (await server.ReceiveAsync(url)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_account_gets_in_by_the_policy_alone()
    {
        var url = await server.QueueAsync("jobs");
        var account = (await server.Accounts.CreateAsync("other")).Value;
        var key = account.Key;
        var send = new JsonObject { ["QueueUrl"] = url, ["MessageBody"] = "x" };
        var denied = await server.CallAsync("SendMessage", send.DeepClone(), key);
        denied.Status.ShouldBe(HttpStatusCode.Forbidden);
        denied.Type.ShouldBe("com.amazon.coral.service#AccessDeniedException");
        var missing = new JsonObject { ["QueueUrl"] = server.Url("none"), ["MessageBody"] = "x" };
        (await server.CallAsync("SendMessage", missing, key)).Message
            .ShouldBe(denied.Message!.Replace(":jobs ", ":none "), "it tells nothing of what there is");

        (await server.CallAsync("AddPermission", new JsonObject
        {
            ["QueueUrl"] = url,
            ["Label"] = "one",
            ["AWSAccountIds"] = new JsonArray(key.Account.Value),
            ["Actions"] = new JsonArray("SendMessage"),
        })).Ok();
        (await server.CallAsync("SendMessage", send.DeepClone(), key)).Ok();
        foreach (var operation in new[] { "ReceiveMessage", "DeleteQueue", "PurgeQueue", "GetQueueAttributes" })
        {
            (await server.CallAsync(operation, new JsonObject { ["QueueUrl"] = url }, key)).Status
                .ShouldBe(HttpStatusCode.Forbidden, operation);
        }

        (await server.CallAsync("ListQueues", new JsonObject(), key)).Ok().Count.ShouldBe(0);
        (await server.CallAsync("GetQueueUrl", new JsonObject { ["QueueName"] = "jobs" }, key)).Type
            .ShouldBe("com.amazonaws.sqs#QueueDoesNotExist");
    }

    [Fact]
    public async Task Session_of_a_function_reaches_messages_and_changes_no_queue()
    {
        var url = await server.QueueAsync("jobs");
        var session = server.Session("worker");
        foreach (var operation in new[] { "SendMessage", "ReceiveMessage", "GetQueueAttributes" })
        {
            (await CallAsync(operation)).ShouldBe(HttpStatusCode.OK, operation);
        }

        foreach (var operation in new[] { "PurgeQueue", "SetQueueAttributes", "DeleteQueue" })
        {
            (await CallAsync(operation)).ShouldBe(HttpStatusCode.Forbidden, operation);
        }

        async Task<HttpStatusCode> CallAsync(string operation)
        {
            var input = new JsonObject { ["QueueUrl"] = url };
            if (operation == "SendMessage")
            {
                input["MessageBody"] = "x";
            }

            return (await server.CallAsync(operation, input, session)).Status;
        }
    }

    [Fact]
    public async Task Query_protocol_answers_in_xml_on_the_queues_url_too()
    {
        var created = await server.QueryAsync(
            "Action=CreateQueue&Version=2012-11-05&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=0"
            + "&Tag.1.Key=k&Tag.1.Value=v");
        created.Text.ShouldContain($"<CreateQueueResult><QueueUrl>{server.Url("q")}</QueueUrl></CreateQueueResult>");
        (await server.QueryAsync(
            "Action=SendMessage&MessageBody=a%0D%0Ab&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String"
            + "&MessageAttribute.1.Value.StringValue=v", "/000000000000/q")).Status.ShouldBe(HttpStatusCode.OK);
        var received = await server.QueryAsync(
            "Action=ReceiveMessage&AttributeName.1=All&MessageAttributeName.1=All", "/000000000000/q");
        received.Text.ShouldContain("<Body>a&#xD;\nb</Body>");
        received.Text.ShouldContain("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>");
        received.Text.ShouldContain(
            "<MessageAttribute><Name>n</Name><Value><StringValue>v</StringValue><DataType>String</DataType></Value>");
        (await server.QueryAsync("Action=ListQueueTags", "/000000000000/q")).Text
            .ShouldContain("<Tag><Key>k</Key><Value>v</Value></Tag>");
        var missing = await server.QueryAsync("Action=PurgeQueue", "/000000000000/none");
        missing.Text.ShouldContain("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
        missing.Text.ShouldContain("The specified queue does not exist for this wsdl version.");
    }

    [Fact]
    public async Task Lists_come_page_by_page()
    {
        foreach (var name in new[] { "a1", "a2", "a3", "b" })
        {
            await server.QueueAsync(name);
        }

        var first = (await server.CallAsync("ListQueues", JsonNode.Parse(
            """{"QueueNamePrefix":"a","MaxResults":2}""")!)).Ok();
        first["QueueUrls"]!.AsArray().Select(url => (string)url!).ShouldBe([server.Url("a1"), server.Url("a2")]);
        var second = (await server.CallAsync("ListQueues", new JsonObject
        {
            ["QueueNamePrefix"] = "a", ["MaxResults"] = 2, ["NextToken"] = (string)first["NextToken"]!,
        })).Ok();
        second["QueueUrls"]!.AsArray().ShouldHaveSingleItem()!.ToString().ShouldBe(server.Url("a3"));
        second.ContainsKey("NextToken").ShouldBeFalse();
    }
}

using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>Asynchronous calls from their acceptance to their end, over the wire.</summary>
[Collection(SharedServer.Name)]
public sealed class EventTests(ServerFixture fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly (string, string) Event = ("X-Amz-Invocation-Type", "Event");

    [Fact]
    public async Task Result_that_was_asked_for_can_be_waited_for()
    {
        await CreateAsync("asked", "export const handler = async (event) => ({ twice: 2 * event.n });");

        var id = await SendAsync("asked", """{"n":21}""", ("X-Lambent-Keep-Result", "true"));
        var ended = await GetAsync(id, wait: 60);

        ended["state"]!.ToString().ShouldBe("succeeded");
        ended["result"]!["twice"]!.GetValue<int>().ShouldBe(42);
        ended["attempts"]!.GetValue<int>().ShouldBe(1);
        ended["target"]!.ToString().ShouldEndWith(":function:asked");
    }

    [Fact]
    public async Task Event_whose_result_nobody_asked_for_is_known_by_its_calls()
    {
        await CreateAsync("plain", "export const handler = async () => 1;");
        var id = await SendAsync("plain", "{}");

        var ended = await Deadline.PollAsync(
            () => fixture.Lambda.GetAsync($"/v1/events/{id}"),
            answer => answer.Status == 200 && answer.Json["state"]!.ToString() == "succeeded",
            Limit);

        ended.Json["attempts"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Key_makes_one_event_of_many_and_another_event_under_it_is_refused()
    {
        await CreateAsync("keyed", "let n = 0; export const handler = async () => ++n;");
        var key = ("X-Lambent-Idempotency-Key", "order-1");
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync("keyed", """{"order":1}""", key)));

        ids.Distinct().ShouldHaveSingleItem();
        (await GetAsync(ids[0], wait: 60))["result"]!.GetValue<int>().ShouldBe(1);
        var other = await fixture.Lambda.InvokeAsync("keyed", """{"order":2}""", null, Event, key);
        other.Status.ShouldBe(409, other.ToString());
        other.ErrorType.ShouldBe("ResourceConflictException");
        other.Text.ShouldContain(ids[0]);
    }

    [Fact]
    public async Task Delayed_event_says_until_when_and_can_be_cancelled()
    {
        await CreateAsync("later", "export const handler = async () => 1;");
        var id = await SendAsync("later", "{}", ("X-Lambent-Delay-Seconds", "3600"));

        var waiting = await GetAsync(id);
        waiting["state"]!.ToString().ShouldBe("delayed");
        waiting["why"]!.ToString().ShouldContain("put off by its sender until");
        var cancelled = await fixture.Lambda.SendAsync("DELETE", $"/v1/events/{id}", []);
        cancelled.Json["state"]!.ToString().ShouldBe("cancelled");
        (await GetAsync(id))["state"]!.ToString().ShouldBe("cancelled");
        (await fixture.Lambda.SendAsync("DELETE", $"/v1/events/{id}", [])).Status.ShouldBe(409);
    }

    [Fact]
    public async Task Failed_event_without_a_destination_is_kept_and_can_be_sent_again()
    {
        await CreateAsync(
            "flaky",
            """
            export const handler = async () => {
              if (!process.env.MENDED) { throw new Error("broken"); }
              return "mended";
            };
            """);
        await ConfigureAsync("flaky", """{"MaximumRetryAttempts": 0}""");
        var id = await SendAsync("flaky", "{}", ("X-Lambent-Keep-Result", "true"));
        await Deadline.PollAsync(
            () => fixture.Lambda.GetAsync("/v1/events?state=dead&function=flaky"),
            answer => answer.Json["events"]!.AsArray().Count == 1,
            Limit);
        var dead = await GetAsync(id);
        dead["state"]!.ToString().ShouldBe("dead");
        dead["error"]!.ToString().ShouldBe("Error: broken");

        var mended = JsonNode.Parse("""{"Environment": {"Variables": {"MENDED": "1"}}}""")!;
        (await fixture.Lambda.SendAsync("PUT", "/2015-03-31/functions/flaky/configuration", mended))
            .Status.ShouldBe(200);
        await fixture.Lambda.ActiveAsync("flaky");
        var redriven = await fixture.Lambda.SendAsync(
            "POST", "/v1/events/redrive", JsonNode.Parse("""{"function": "flaky", "count": 10}""")!);
        redriven.Json["sent"]!.GetValue<int>().ShouldBe(1);

        (await GetAsync(id, wait: 60))["result"]!.ToString().ShouldBe("mended");
    }

    [Fact]
    public async Task Destination_and_dead_letter_queue_get_what_failed()
    {
        using var queues = new AwsJsonClient(fixture.Server.Address, fixture.Server.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "failures" });
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "letters" });
        await CreateAsync("failing", "export const handler = async () => { throw new TypeError('no'); };");
        await ConfigureAsync("failing", """
            {"MaximumRetryAttempts": 0, "DestinationConfig": {
              "OnFailure": {"Destination": "arn:aws:sqs:us-east-1:000000000000:failures"}}}
            """);
        var letters = JsonNode.Parse(
            """{"DeadLetterConfig": {"TargetArn": "arn:aws:sqs:us-east-1:000000000000:letters"}}""")!;
        (await fixture.Lambda.SendAsync("PUT", "/2015-03-31/functions/failing/configuration", letters))
            .Status.ShouldBe(200);
        await fixture.Lambda.ActiveAsync("failing");

        var id = await SendAsync("failing", """{"n":1}""");

        var record = JsonNode.Parse((string)(await ReceiveAsync(queues, "failures"))["Body"]!)!;
        record["requestContext"]!["requestId"]!.ToString().ShouldBe(id);
        record["requestContext"]!["condition"]!.ToString().ShouldBe("RetriesExhausted");
        record["requestPayload"]!["n"]!.GetValue<int>().ShouldBe(1);
        record["responsePayload"]!["errorType"]!.ToString().ShouldBe("TypeError");
        var letter = await ReceiveAsync(queues, "letters");
        letter["Body"]!.ToString().ShouldBe("""{"n":1}""");
        letter["MessageAttributes"]!["RequestID"]!["StringValue"]!.ToString().ShouldBe(id);
        (await GetAsync(id))["state"]!.ToString().ShouldBe("failed");
    }

    [Fact]
    public async Task Function_is_a_destination_too()
    {
        await CreateAsync("receiver", "export const handler = async (event) => event.responsePayload;");
        await CreateAsync("sender", "export const handler = async () => 'from the sender';");
        await ConfigureAsync("sender", """
            {"DestinationConfig": {
              "OnSuccess": {"Destination": "arn:aws:lambda:us-east-1:000000000000:function:receiver"}}}
            """);
        await ConfigureAsync("receiver", """{"MaximumRetryAttempts": 0}""");

        await SendAsync("sender", "{}");

        await Deadline.PollAsync(
            () => fixture.Lambda.GetAsync("/v1/lines"),
            answer => answer.Json["lines"]!.AsArray().Any(line => line!["line"]!.ToString() == "function/receiver"
                && line["endsPerSecond"]!.GetValue<double>() > 0),
            Limit);
    }

    [Fact]
    public async Task Synchronous_destination_has_the_record_before_the_caller_has_the_answer()
    {
        using var queues = new AwsJsonClient(fixture.Server.Address, fixture.Server.Key);
        await queues.CallAsync("CreateQueue", new JsonObject { ["QueueName"] = "answers" });
        await CreateAsync("answering", "export const handler = async (event) => ({ answer: event.n + 1 });");
        var function = "arn:aws:lambda:us-east-1:000000000000:function:answering";
        var tagged = await fixture.Lambda.SendAsync(
            "POST",
            $"/2017-03-31/tags/{Uri.EscapeDataString(function)}",
            JsonNode.Parse(
                """{"Tags": {"lambent:sync-destination": "arn:aws:sqs:us-east-1:000000000000:answers"}}""")!);
        tagged.Status.ShouldBe(204, tagged.ToString());

        var answer = await fixture.Lambda.InvokeAsync("answering", """{"n":1}""");

        answer.Ok()["answer"]!.GetValue<int>().ShouldBe(2);
        var attributes = await queues.CallAsync(
            "GetQueueAttributes",
            new JsonObject { ["QueueUrl"] = queues.Url("answers"), ["AttributeNames"] = new JsonArray("All") });
        attributes["Attributes"]!["ApproximateNumberOfMessages"]!.ToString().ShouldBe("1");
        var record = JsonNode.Parse((string)(await ReceiveAsync(queues, "answers"))["Body"]!)!;
        record["responsePayload"]!["answer"]!.GetValue<int>().ShouldBe(2);
        record["requestContext"]!["condition"]!.ToString().ShouldBe("Success");
    }

    [Fact]
    public async Task Flood_of_one_account_does_not_hold_up_another()
    {
        var (_, flooder) = await fixture.Server.SecondAccountAsync();
        using (flooder)
        {
            var package = ZipPackage.Of((
                "index.mjs", "export const handler = async () => new Promise(end => setTimeout(end, 500));"));
            await flooder.CreateFunctionAsync(
                new FunctionDefinition("flood", "nodejs20.x", "index.handler", package) { TimeoutSeconds = 10 });
            await CreateAsync("victim", "export const handler = async () => 'done';");
            (await GetAsync(await SendAsync("victim", "{}", ("X-Lambent-Keep-Result", "true")), wait: 60))["state"]!
                .ToString().ShouldBe("succeeded");
            await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => flooder.InvokeAsync("flood", "{}", null, Event)));

            var started = Stopwatch.GetTimestamp();
            var id = await SendAsync("victim", "{}", ("X-Lambent-Keep-Result", "true"));
            var ended = await GetAsync(id, wait: 60);

            ended["state"]!.ToString().ShouldBe("succeeded");
            var flood = await flooder.GetAsync("/v1/lines");
            flood.Json["lines"]![0]!["waiting"]!.GetValue<long>().ShouldBeGreaterThan(
                0, $"the flood must outlast the other's event, which took {Stopwatch.GetElapsedTime(started)}");
        }
    }

    [Theory]
    [InlineData("X-Lambent-Delay-Seconds", "-1")]
    [InlineData("X-Lambent-Delay-Seconds", "1.5")]
    [InlineData("X-Lambent-Delay-Seconds", "604801")]
    [InlineData("X-Lambent-Delay-Seconds", "soon")]
    [InlineData("X-Lambent-Priority", "10")]
    [InlineData("X-Lambent-Priority", "high")]
    [InlineData("X-Lambent-Keep-Result", "yes")]
    public async Task Header_with_a_wrong_value_is_refused_by_name(string name, string value)
    {
        await CreateAsync("strict", "export const handler = async () => 1;");

        var refused = await fixture.Lambda.InvokeAsync("strict", "{}", null, Event, (name, value));

        refused.Status.ShouldBe(400, refused.ToString());
        refused.Text.ShouldContain(name);
    }

    [Theory]
    [InlineData("GET", "/v1/events?state=bogus", null, "state")]
    [InlineData("GET", "/v1/events?limit=0", null, "limit")]
    [InlineData("GET", "/v1/events?limit=1001", null, "limit")]
    [InlineData("GET", "/v1/events/nope?wait=61", null, "wait")]
    [InlineData("POST", "/v1/events/redrive", "{}", "function")]
    [InlineData("POST", "/v1/events/redrive", """{"function":"f","count":0}""", "count")]
    [InlineData("POST", "/v1/events/redrive", """{"function":"f","perSecond":-1}""", "perSecond")]
    [InlineData("POST", "/v1/events/redrive", """{"function":7}""", "")]
    [InlineData("POST", "/v1/events/redrive", "", "")]
    public async Task Question_that_makes_no_sense_is_refused(string method, string path, string? body, string field)
    {
        var refused = await fixture.Lambda.SendAsync(
            method, path, System.Text.Encoding.UTF8.GetBytes(body ?? ""));

        refused.Status.ShouldBe(400, refused.ToString());
        refused.Text.ShouldContain(field);
    }

    [Fact]
    public async Task Event_of_another_account_is_none()
    {
        var (_, other) = await fixture.Server.SecondAccountAsync();
        using (other)
        {
            await CreateAsync("private", "export const handler = async () => 1;");
            var id = await SendAsync("private", "{}", ("X-Lambent-Delay-Seconds", "3600"));

            (await other.GetAsync($"/v1/events/{id}")).Status.ShouldBe(404);
            (await other.SendAsync("DELETE", $"/v1/events/{id}", [])).Status.ShouldBe(404);
            (await other.GetAsync("/v1/events")).Json["events"]!.AsArray().ShouldBeEmpty();
            (await other.GetAsync("/v1/lines")).Json["lines"]!.AsArray().ShouldBeEmpty();
            (await GetAsync(id))["state"]!.ToString().ShouldBe("delayed");
        }
    }

    private async Task CreateAsync(string name, string source)
    {
        var package = ZipPackage.Of(("index.mjs", source));
        var existing = await fixture.Lambda.GetAsync($"/2015-03-31/functions/{name}");
        if (existing.Status == 404)
        {
            await fixture.Lambda.CreateFunctionAsync(
                new FunctionDefinition(name, "nodejs20.x", "index.handler", package) { TimeoutSeconds = 10 });
        }
    }

    private async Task ConfigureAsync(string name, string config)
    {
        var answer = await fixture.Lambda.SendAsync(
            "PUT", $"/2019-09-25/functions/{name}/event-invoke-config", JsonNode.Parse(config)!);
        answer.Status.ShouldBe(200, answer.ToString());
    }

    private async Task<string> SendAsync(string name, string payload, params (string, string)[] headers)
    {
        var answer = await fixture.Lambda.InvokeAsync(name, payload, null, [Event, .. headers]);
        answer.Status.ShouldBe(202, answer.ToString());
        return answer.Header("X-Lambent-Event-Id")!;
    }

    private async Task<JsonNode> GetAsync(string id, int wait = 0)
    {
        var answer = await fixture.Lambda.GetAsync($"/v1/events/{id}?wait={wait}");
        answer.Status.ShouldBe(200, answer.ToString());
        return answer.Json;
    }

    private static async Task<JsonNode> ReceiveAsync(AwsJsonClient queues, string queue)
    {
        var received = await Deadline.PollAsync(
            () => queues.CallAsync("ReceiveMessage", new JsonObject
            {
                ["QueueUrl"] = queues.Url(queue),
                ["WaitTimeSeconds"] = 5,
                ["MessageAttributeNames"] = new JsonArray("All"),
            }),
            answer => answer["Messages"] is JsonArray { Count: > 0 },
            Limit);
        return received["Messages"]![0]!;
    }
}

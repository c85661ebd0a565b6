using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Delivery;

public sealed class DestinationTests
{
    private static readonly DeliveryTarget Records = DeliveryTarget.OfQueue(new QueueId(AccountId.Root, "records"));
    private static readonly DeliveryTarget Letters = DeliveryTarget.OfQueue(new QueueId(AccountId.Root, "letters"));

    [Fact]
    public async Task Success_is_told_to_its_destination_as_aws_tells_it()
    {
        await using var bench = await StartAsync(DeliverySettings.Default with { OnSuccess = Records });
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        var record = Record(bench);
        record["timestamp"]!.GetValue<string>().ShouldMatch("^2026-11-21T08:00:00\\.[0-9]{3}Z$");
        record.AsObject().Remove("timestamp");
        JsonNode.DeepEquals(record, JsonNode.Parse("""
            {
              "version": "1.0",
              "requestContext": {
                "requestId": "one",
                "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:hello:$LATEST",
                "condition": "Success",
                "approximateInvokeCount": 1
              },
              "requestPayload": {"n": 1},
              "responseContext": {"statusCode": 200, "executedVersion": "$LATEST"},
              "responsePayload": "done"
            }
            """)).ShouldBeTrue(record.ToJsonString());
    }

    [Fact]
    public async Task Failure_is_told_with_its_error_after_the_last_attempt()
    {
        await using var bench = await StartAsync(
            DeliverySettings.Default with { OnFailure = Records, RetriesMax = 1, OnSuccess = Letters });
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.AcceptAsync("one");
        await bench.PassAsync(() => bench.Kept.Count == 0);

        var record = Record(bench);
        record["requestContext"]!["condition"]!.GetValue<string>().ShouldBe("RetriesExhausted");
        record["requestContext"]!["approximateInvokeCount"]!.GetValue<int>().ShouldBe(2);
        record["responseContext"]!["functionError"]!.GetValue<string>().ShouldBe("Unhandled");
        record["responsePayload"]!["errorMessage"]!.GetValue<string>().ShouldBe("no");
        Destinations.Messages(bench, "letters").ShouldBeEmpty();
        bench.Control.Get(AccountId.Root, "one").Value.Ended!.End.ShouldBe(EventEnd.RetriesExhausted);
    }

    [Fact]
    public async Task Event_that_grew_too_old_is_told_without_a_response()
    {
        await using var bench = await StartAsync(
            DeliverySettings.Default with { OnFailure = Records, AgeMax = TimeSpan.FromSeconds(60) });
        bench.Handle = _ => Task.FromResult(AttemptReport.Refused);
        await bench.AcceptAsync("one");
        await bench.PassAsync(() => bench.Kept.Count == 0);

        var record = Record(bench);
        record["requestContext"]!["condition"]!.GetValue<string>().ShouldBe("EventAgeExceeded");
        record["requestContext"]!["approximateInvokeCount"]!.GetValue<int>().ShouldBe(0);
        record["responseContext"].ShouldBeNull();
    }

    [Fact]
    public async Task Dead_letter_is_the_event_with_its_error()
    {
        await using var bench = await StartAsync(
            DeliverySettings.Default with { DeadLetterTarget = Letters, OnFailure = Records, RetriesMax = 0 });
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        var letter = Destinations.Messages(bench, "letters").ShouldHaveSingleItem();
        letter.Body.ShouldBe("{\"n\":1}");
        letter.Attributes["RequestID"].Text.ShouldBe("one");
        letter.Attributes["ErrorCode"].ShouldBe(new MessageAttribute("Number", "200", null));
        letter.Attributes["ErrorMessage"].Text.ShouldBe("Error: no");
        Destinations.Messages(bench, "records").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Event_whose_only_destination_is_not_there_is_kept_among_the_dead()
    {
        var nowhere = DeliveryTarget.OfQueue(new QueueId(AccountId.Root, "nowhere"));
        await using var bench = await StartAsync(
            DeliverySettings.Default with { OnFailure = nowhere, RetriesMax = 0 });
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.AcceptAsync("one");

        await DeliveryBench.WhenAsync(() => bench.Kept.Single().State == EventState.Dead);
    }

    [Fact]
    public async Task Success_whose_destination_is_not_there_says_so()
    {
        var nowhere = DeliveryTarget.OfFunction(new FunctionId(AccountId.Root, "nowhere"));
        await using var bench = await StartAsync(DeliverySettings.Default with { OnSuccess = nowhere });
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        var ended = bench.Control.Get(AccountId.Root, "one").Value.Ended.ShouldNotBeNull();
        ended.End.ShouldBe(EventEnd.Succeeded);
        ended.DestinationError.ShouldNotBeNull().ShouldContain("nowhere");
    }

    [Fact]
    public async Task Streamed_answer_that_is_no_json_is_told_as_text()
    {
        await using var bench = await StartAsync(DeliverySettings.Default with { OnSuccess = Records });
        bench.Handle = _ => Task.FromResult(DeliveryBench.Succeeded("plain <text>"));
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        Record(bench)["responsePayload"]!.GetValue<string>().ShouldBe("plain <text>");
    }

    private static async Task<DeliveryBench> StartAsync(DeliverySettings settings)
    {
        var bench = new DeliveryBench { Settings = settings };
        await Destinations.CreateQueueAsync(bench, "records");
        await Destinations.CreateQueueAsync(bench, "letters");
        await bench.StartAsync();
        return bench;
    }

    private static JsonNode Record(DeliveryBench bench) =>
        JsonNode.Parse(Destinations.Messages(bench, "records").ShouldHaveSingleItem().Body)!;
}

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Mappings;
using Lambent.Kernel.Queues;
using Lambent.Server.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Mappings;

/// <summary>How messages become calls, and what becomes of them by the calls' ends.</summary>
public sealed class BatchTests
{
    [Fact]
    public async Task Message_isHandedOverInAwsShape_andDeleted()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync();
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, MessageAttribute>(StringComparer.Ordinal);
        attributes["name"] = new MessageAttribute("String", "value", null);
        attributes["raw"] = new MessageAttribute("Binary.x", null, [1, 2, 3]);

        var sent = await bench.SendAsync(
            "jobs", new SendRequest { Body = "say \"hi\" <ü>", Attributes = attributes.ToImmutable() });
        await MappingBench.WhenAsync(() => bench.IsEmpty());

        var record = bench.Calls.Single().Records.Single()!.AsObject();
        var milliseconds = bench.Time.GetUtcNow().ToUnixTimeMilliseconds().ToString();
        record.Remove("receiptHandle").ShouldBeTrue();
        JsonNode.DeepEquals(record, JsonNode.Parse($$"""
            {
              "messageId": "{{sent.Id}}",
              "body": "say \"hi\" <ü>",
              "attributes": {
                "SenderId": "sender",
                "SentTimestamp": "{{milliseconds}}",
                "ApproximateReceiveCount": "1",
                "ApproximateFirstReceiveTimestamp": "{{milliseconds}}"
              },
              "messageAttributes": {
                "name": {
                  "stringValue": "value", "stringListValues": [], "binaryListValues": [], "dataType": "String"
                },
                "raw": {
                  "binaryValue": "AQID", "stringListValues": [], "binaryListValues": [], "dataType": "Binary.x"
                }
              },
              "md5OfBody": "{{MessageDigest.OfBody("say \"hi\" <ü>")}}",
              "md5OfMessageAttributes": "{{MessageDigest.OfAttributes(attributes)}}",
              "eventSource": "aws:sqs",
              "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs",
              "awsRegion": "us-east-1"
            }
            """)).ShouldBeTrue(record.ToJsonString());
    }

    [Fact]
    public async Task Messages_thatWaited_comeInBatches()
    {
        await using var bench = new MappingBench();
        await bench.FunctionAsync();
        await bench.QueueAsync();
        for (var number = 0; number < 95; number++)
        {
            await bench.SendAsync($"{number}");
        }

        await bench.MapAsync(new MappingChange { BatchSize = 10 });
        await MappingBench.WhenAsync(() => bench.IsEmpty());

        bench.Handled.Select(int.Parse).Order().ShouldBe(Enumerable.Range(0, 95));
        bench.Calls.Max(call => call.Bodies.Length).ShouldBe(10);
        bench.Calls.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public async Task Window_gathersUntilItIsOver()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync(new MappingChange { BatchSize = 1_000, WindowSeconds = 20 });
        await bench.SendAsync("a");
        await bench.SendAsync("b");
        await MappingBench.WhenAsync(() => bench.Count().InFlight == 2);
        bench.Calls.ShouldBeEmpty();

        await bench.PassAsync(() => bench.IsEmpty());

        bench.Calls.Single().Bodies.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Window_endsWhenTheBatchIsFull()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync(new MappingChange { BatchSize = 3, WindowSeconds = 300 });
        foreach (var body in (string[])["a", "b", "c"])
        {
            await bench.SendAsync(body);
        }

        await MappingBench.WhenAsync(() => bench.IsEmpty());

        bench.Calls.Single().Bodies.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Batch_largerThanAnEvent_isSplit()
    {
        await using var bench = new MappingBench();
        await bench.FunctionAsync();
        await bench.QueueAsync();
        for (var number = 0; number < 10; number++)
        {
            await bench.SendAsync(new string('"', 900 * 1024));
        }

        await bench.MapAsync();
        await MappingBench.WhenAsync(() => bench.IsEmpty());

        bench.Calls.Sum(call => call.Bodies.Length).ShouldBe(10);
        bench.Calls.ShouldAllBe(call => call.Invocation.Payload.Length <= Limits.RequestPayloadBytesMax);
    }

    [Fact]
    public async Task Failed_call_bringsTheMessagesAgain_afterTheVisibilityTimeout()
    {
        await using var bench = new MappingBench();
        bench.Handle = _ => bench.Calls.Count == 1 ? throw new InvalidOperationException() : Task.FromResult("{}");
        await bench.ReadyAsync();
        var started = bench.Time.GetUtcNow();
        await bench.SendAsync("a");

        await bench.PassAsync(() => bench.IsEmpty());

        bench.Calls.Count.ShouldBe(2);
        (bench.Time.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
        ((string?)bench.Calls.Last().Records[0]!["attributes"]!["ApproximateReceiveCount"]).ShouldBe("2");
    }

    [Fact]
    public async Task Poison_endsInTheDeadLetterQueue_afterItsReceives()
    {
        await using var bench = new MappingBench { Handle = _ => throw new InvalidOperationException() };
        await bench.FunctionAsync();
        await bench.QueueAsync("dead");
        await bench.QueueAsync("jobs", MappingBench.Redrive(3));
        await bench.MapAsync();
        await bench.SendAsync("poison");

        await bench.PassAsync(() => bench.Count("dead").Visible == 1);

        bench.Calls.Count.ShouldBe(3);
        bench.IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task Partial_failure_bringsOnlyWhatFailedAgain()
    {
        await using var bench = new MappingBench();
        bench.Handle = call => Task.FromResult(bench.Calls.Count == 1 ? Failures(call, "b") : "null");
        await bench.FunctionAsync();
        await bench.QueueAsync();
        foreach (var body in (string[])["a", "b", "c"])
        {
            await bench.SendAsync(body);
        }

        await bench.MapAsync(new MappingChange { ResponseTypes = [MappingRules.ReportItemFailures] });
        await MappingBench.WhenAsync(() => bench.Count() is { Visible: 0, InFlight: 1 });
        await bench.PassAsync(() => bench.IsEmpty());

        bench.Calls.Select(call => string.Concat(call.Bodies)).ShouldBe(["abc", "b"]);
    }

    [Theory]
    [InlineData(false, """{"batchItemFailures":[{"itemIdentifier":"x"}]}""", true)]
    [InlineData(true, """{"batchItemFailures":[{"itemIdentifier":"x"}]}""", false)]
    [InlineData(true, "\"done\"", false)]
    [InlineData(true, "{}", true)]
    public async Task Answer_countsOnlyWhenItIsAskedFor(bool reports, string answer, bool isHandled)
    {
        await using var bench = new MappingBench { Handle = _ => Task.FromResult(answer) };
        var id = await bench.ReadyAsync(
            new MappingChange { ResponseTypes = reports ? [MappingRules.ReportItemFailures] : [] });
        await bench.SendAsync("a");

        await MappingBench.WhenAsync(() => bench.Runner.LastResult(id) is not null);

        // What was handled is deleted with the next receive.
        await MappingBench.WhenAsync(() => bench.IsEmpty() || !isHandled);
        bench.IsEmpty().ShouldBe(isHandled);
        bench.Runner.LastResult(id).ShouldBe(isHandled ? "OK" : "PROBLEM: Function call failed");
    }

    [Fact]
    public async Task Filtered_message_isDeleted_withoutACall()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync(new MappingChange
        {
            Filters = ["""{"body":{"kind":["order"]}}""", """{"body":["plain"]}"""],
        });
        foreach (var body in (string[])["""{"kind":"other"}""", "17", "\"plain\"", "plain", """{"kind":"order"}"""])
        {
            await bench.SendAsync(body);
        }

        await MappingBench.WhenAsync(() => bench.IsEmpty());

        bench.Handled.Order().ShouldBe(["plain", """{"kind":"order"}"""]);
    }

    [Fact]
    public async Task Filter_seesTheRecordAroundTheBody()
    {
        await using var bench = new MappingBench();
        await bench.ReadyAsync(new MappingChange
        {
            Filters = ["""{"attributes":{"SenderId":["sender"]},"messageAttributes":{"t":{"stringValue":["x"]}}}"""],
        });
        var attributes = MessageContent.NoAttributes.Add("t", new MessageAttribute("String", "x", null));
        await bench.SendAsync("no");
        await bench.SendAsync("jobs", new SendRequest { Body = "yes", Attributes = attributes });

        await MappingBench.WhenAsync(() => bench.IsEmpty());

        bench.Handled.ShouldBe(["yes"]);
    }

    [Fact]
    public async Task Fifo_groups_keepTheirOrder_pastFailures()
    {
        await using var bench = new MappingBench();
        var failed = false;
        bench.Handle = call =>
        {
            var fails = !failed && call.Bodies.Contains("a2");
            failed |= fails;
            return Task.FromResult(fails ? Failures(call, "a2") : "{}");
        };
        await bench.FunctionAsync();
        await bench.QueueAsync("jobs.fifo");
        for (var number = 0; number < 5; number++)
        {
            await bench.SendAsync($"a{number}", "jobs.fifo", "a");
            await bench.SendAsync($"b{number}", "jobs.fifo", "b");
        }

        await bench.MapAsync(
            new MappingChange { ResponseTypes = [MappingRules.ReportItemFailures] }, "jobs.fifo");
        await bench.PassAsync(() => bench.IsEmpty("jobs.fifo"));

        // The failed one comes again before anything behind it counts as done.
        var a = bench.Handled.Where(body => body[0] == 'a').ToList();
        a.ShouldBe(["a0", "a1", "a2", "a3", "a4", "a2", "a3", "a4"]);
        bench.Handled.Where(body => body[0] == 'b').ShouldBe(["b0", "b1", "b2", "b3", "b4"]);
    }

    [Fact]
    public async Task Message_givenUp_isHandedToTheDestination_withItsDelete()
    {
        await using var bench = new MappingBench { Handle = _ => throw new InvalidOperationException() };
        await bench.FunctionAsync();
        await bench.QueueAsync();
        await bench.QueueAsync("failed");
        await bench.MapAsync(new MappingChange
        {
            OnFailureArn = MappingBench.IdOf("failed").Arn(MappingBench.Region), RetriesMax = 1,
        });
        await bench.SendAsync("poison");

        await bench.PassAsync(() => bench.Count("failed").Visible == 1);

        bench.IsEmpty().ShouldBeTrue();
        bench.Calls.Count.ShouldBe(2);
        var record = JsonNode.Parse((await bench.TakeAsync("failed")).Single().Content.Body)!;
        ((string?)record["requestContext"]!["condition"]).ShouldBe("RetryAttemptsExhausted");
        ((int?)record["requestContext"]!["approximateInvokeCount"]).ShouldBe(2);
        ((string?)record["requestContext"]!["requestId"]).ShouldBe(bench.Calls.Last().Invocation.RequestId);
        ((string?)record["responseContext"]!["functionError"]).ShouldBe("Unhandled");
        var payload = JsonNode.Parse((string)record["payload"]!)!;
        ((string?)payload["Records"]![0]!["body"]).ShouldBe("poison");
    }

    private static string Failures(BatchCall call, params string[] bodies)
    {
        var items = call.Records.Where(record => bodies.Contains((string)record!["body"]!))
            .Select(record => $$"""{"itemIdentifier":"{{record!["messageId"]}}"}""");
        return $$"""{"batchItemFailures":[{{string.Join(',', items)}}]}""";
    }
}

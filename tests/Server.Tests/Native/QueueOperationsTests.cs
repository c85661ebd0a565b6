using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Mappings;
using Lambent.Server.Tests.Mappings;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class QueueOperationsTests
{
    [Fact]
    public async Task Queue_tellsItsMessages_itsRates_andWhyTheyWait()
    {
        await using var server = await QueueApiServer.StartAsync();
        var bench = server.Bench;
        await bench.QueueAsync("dead");
        await bench.QueueAsync("jobs", MappingBench.Redrive(1));
        (await WhyAsync(server)).ShouldBe(["empty"]);
        for (var message = 0; message < 6; message++)
        {
            await bench.SendAsync($"{message}");
        }

        (await WhyAsync(server)).ShouldBe(["no-consumer"]);
        var taken = await bench.TakeAsync("jobs");
        await bench.Settler.DeleteAsync(MappingBench.IdOf(), [taken[0].ReceiptHandle], default);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        var queue = (await server.SendAsync("GET", "/v1/queues/jobs")).Json;
        ((long)queue["waiting"]!).ShouldBe(0);
        ((long)queue["inFlight"]!).ShouldBe(5);
        ((long)queue["sent"]!).ShouldBe(6);
        ((long)queue["received"]!).ShouldBe(6);
        ((long)queue["deleted"]!).ShouldBe(1);
        ((double)queue["oldestAgeSeconds"]!).ShouldBe(10);
        ((double)queue["arrivalsPerSecond"]!).ShouldBeInRange(0.3, 0.7);
        ((long)queue["dead"]!).ShouldBe(0);
        (await WhyAsync(server)).ShouldBe(["in-flight"]);

        // Received once, which is as often as it may be.
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await bench.TakeAsync("jobs");
        queue = (await server.SendAsync("GET", "/v1/queues/jobs")).Json;
        ((long)queue["dead"]!).ShouldBe(5);
        queue["deadLetterQueue"]!.ToString().ShouldBe("dead");
        (await WhyAsync(server)).ShouldBe(["empty"]);
    }

    [Fact]
    public async Task Why_followsTheConsumer()
    {
        await using var server = await QueueApiServer.StartAsync();
        var bench = server.Bench;
        await bench.FunctionAsync();
        await bench.QueueAsync();
        var id = await bench.MapAsync(new MappingChange { Enabled = false });
        await bench.SendAsync("one");
        (await WhyAsync(server)).ShouldBe(["consumer-paused"]);

        bench.Handle = _ => throw new InvalidOperationException();
        await bench.Mappings.UpdateAsync(
            Kernel.Access.AccountId.Root, id, new MappingChange { Enabled = true }, default);
        await MappingBench.WhenAsync(() => bench.Runner.View(id) is { IsFailing: true });
        await bench.SendAsync("two");
        (await WhyAsync(server)).ShouldBe(["failing"]);
        var consumer = (await server.SendAsync("GET", "/v1/queues/jobs")).Json["consumers"]!.AsArray().Single()!;
        consumer["name"]!.ToString().ShouldBe("function worker");
        consumer["problem"]!.ToString().ShouldContain("Function call failed");
    }

    [Fact]
    public async Task Fifo_queue_whoseGroupIsInFlight_saysSo()
    {
        await using var server = await QueueApiServer.StartAsync();
        await server.Bench.QueueAsync("jobs.fifo");
        await server.Bench.SendAsync("1", "jobs.fifo", "g");
        await server.Bench.TakeAsync("jobs.fifo");
        await server.Bench.SendAsync("2", "jobs.fifo", "g");

        (await WhyAsync(server, "jobs.fifo")).ShouldBe(["group-blocked"]);
    }

    [Fact]
    public async Task List_pages_byName_andTotalsSumUp()
    {
        await using var server = await QueueApiServer.StartAsync();
        for (var queue = 0; queue < 101; queue++)
        {
            await server.Bench.QueueAsync($"q{queue:d3}");
        }

        await server.Bench.SendAsync("x", "q007");
        var totals = server.Insight.Totals();
        (totals.Queues, totals.Counts.Visible, totals.Figures.Sent).ShouldBe((101, 1, 1));
        var first = (await server.SendAsync("GET", "/v1/queues")).Json;
        first["queues"]!.AsArray().Count.ShouldBe(100);
        first["next"]!.ToString().ShouldBe("q099");
        var second = (await server.SendAsync("GET", "/v1/queues?after=q099")).Json;
        second["queues"]!.AsArray().Single()!["name"]!.ToString().ShouldBe("q100");
        second["next"].ShouldBeNull();
        (await server.SendAsync("GET", "/v1/queues/none")).ShouldFail(404, ErrorCode.QueueNotFound, "name");
    }

    [Fact]
    public async Task Push_isSet_shown_paused_andRemoved()
    {
        await using var server = await QueueApiServer.StartAsync();
        await server.Bench.QueueAsync();
        await server.Bench.QueueAsync("errors");
        (await server.SendAsync("GET", "/v1/queues/jobs/push")).ShouldFail(404, ErrorCode.ResourceNotFound, "name");
        var made = (await server.SendAsync("PUT", "/v1/queues/jobs/push", Body().ToJsonString())).Json;
        made["secret"]!.ToString().ShouldStartWith("whsec_");
        made["mode"]!.ToString().ShouldBe("unicast");
        var changed = (await server.SendAsync("PUT", "/v1/queues/jobs/push", """{"retries":9}""")).Json;
        changed["secret"].ShouldBeNull();
        ((int)changed["retries"]!).ShouldBe(9);
        changed["subscribers"]!.AsArray().Count.ShouldBe(1);
        (await server.SendAsync("POST", "/v1/queues/jobs/push/pause")).Json["state"]!.ToString().ShouldBe("paused");
        (await server.SendAsync("GET", "/v1/push")).Json["queues"]!.AsArray().Count.ShouldBe(1);
        (await server.SendAsync("GET", "/v1/queues/jobs/push/messages")).Json["messages"]!.AsArray().ShouldBeEmpty();
        (await server.SendAsync("GET", "/v1/queues/jobs/push/messages/none"))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "id");
        ((int)(await server.SendAsync("DELETE", "/v1/queues/jobs/push")).Status).ShouldBe(204);
        (await server.SendAsync("DELETE", "/v1/queues/jobs/push")).ShouldFail(404, ErrorCode.ResourceNotFound, "name");
    }

    [Fact]
    public async Task Peek_showsMessages_andTakesNone()
    {
        await using var server = await QueueApiServer.StartAsync();
        var bench = server.Bench;
        await bench.QueueAsync();
        for (var message = 0; message < 3; message++)
        {
            await bench.SendAsync($"body {message} {new string('x', 3_000)}");
        }

        var first = (await server.SendAsync("GET", "/v1/queues/jobs/messages?limit=2")).Json;
        var shown = first["messages"]!.AsArray();
        shown.Select(one => one!["body"]!.ToString()[..6]).ShouldBe(["body 0", "body 1"]);
        shown[0]!["body"]!.ToString().Length.ShouldBe(2_000);
        ((int)shown[0]!["bodyLength"]!).ShouldBe(3_007);
        shown[0]!["state"]!.ToString().ShouldBe("visible");
        var rest = (await server.SendAsync("GET", $"/v1/queues/jobs/messages?after={first["next"]}")).Json;
        rest["messages"]!.AsArray().Count.ShouldBe(1);
        rest["next"].ShouldBeNull();
        var sequence = shown[0]!["sequence"]!.ToString();
        var whole = (await server.SendAsync("GET", $"/v1/queues/jobs/messages/{sequence}")).Json;
        whole["body"]!.ToString().Length.ShouldBe(3_007);

        // Nobody was kept from them, and nothing was counted.
        (await bench.TakeAsync("jobs")).Count.ShouldBe(3);
        var taken = (await server.SendAsync("GET", $"/v1/queues/jobs/messages/{sequence}")).Json;
        ((int)taken["receiveCount"]!).ShouldBe(1);
        taken["state"]!.ToString().ShouldBe("in-flight");
        (await server.SendAsync("GET", "/v1/queues/jobs/messages/999999"))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "sequence");
        (await server.SendAsync("GET", "/v1/queues/jobs/messages?limit=0"))
            .ShouldFail(400, ErrorCode.InvalidParameter, "limit");
        (await server.SendAsync("GET", "/v1/queues/none/messages")).ShouldFail(404, ErrorCode.QueueNotFound, "name");
        (await server.SendAsync("GET", "/v1/queues/none/groups")).ShouldFail(404, ErrorCode.QueueNotFound, "name");
    }

    [Fact]
    public async Task Groups_tellWhatOfEachWaits()
    {
        await using var server = await QueueApiServer.StartAsync();
        var bench = server.Bench;
        await bench.QueueAsync("jobs.fifo");
        await bench.SendAsync("1", "jobs.fifo", "a");
        await bench.TakeAsync("jobs.fifo");
        await bench.SendAsync("2", "jobs.fifo", "a");
        await bench.SendAsync("3", "jobs.fifo", "b");
        bench.Time.Advance(TimeSpan.FromSeconds(5));

        var answer = (await server.SendAsync("GET", "/v1/queues/jobs.fifo/groups")).Json;

        var groups = answer["groups"]!.AsArray();
        groups.Select(one => $"{one!["group"]} {one["waiting"]} {one["inFlight"]} {one["delayed"]}")
            .ShouldBe(["a 1 1 0", "b 1 0 0"]);
        ((double)groups[0]!["oldestAgeSeconds"]!).ShouldBe(5);
        groups[0]!["nextVisibleAt"].ShouldNotBeNull();
        ((bool)answer["isComplete"]!).ShouldBeTrue();
        (await server.SendAsync("GET", "/v1/queues/jobs.fifo/messages?group=b")).Json["messages"]!.AsArray()
            .Single()!["body"]!.ToString().ShouldBe("3");
    }

    private static JsonObject Body() => new()
    {
        ["mode"] = "unicast",
        ["errorQueue"] = "errors",
        ["subscribers"] = new JsonArray(new JsonObject { ["name"] = "a", ["url"] = "http://127.0.0.1:1/" }),
    };

    private static async Task<string[]> WhyAsync(QueueApiServer server, string queue = "jobs") =>
        [.. (await server.SendAsync("GET", $"/v1/queues/{queue}")).Json["why"]!.AsArray()
            .Select(reason => reason!["code"]!.ToString())];
}

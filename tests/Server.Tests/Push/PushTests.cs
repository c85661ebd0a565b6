using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Push;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Push;

public sealed class PushTests
{
    [Fact]
    public async Task Message_isPostedToAll_signed_andGone_withoutATrace()
    {
        await using var bench = await PushBench.StartAsync();
        var secret = await bench.PushAsync(bench.Draft("jobs", "a", "b"));
        var id = await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.IsEmpty());

        bench.Calls.Select(call => call.Path).Order().ShouldBe(["a", "b"]);
        bench.Trace.ShouldBe(0);
        var call = bench.Calls.First();
        (call.Id, call.Body).ShouldBe((id, "hello"));
        call.Headers["Lambent-Queue"].ToString().ShouldBe("jobs");
        call.Headers["Lambent-Subscriber"].ToString().ShouldBe(call.Path);
        call.Headers["Lambent-Attempt"].ToString().ShouldBe("1");
        call.Headers["Content-Type"].ToString().ShouldBe("text/plain; charset=utf-8");
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(
            call.Headers["webhook-timestamp"].ToString(), System.Globalization.CultureInfo.InvariantCulture));
        call.Headers["webhook-signature"].ToString().ShouldBe(StandardSignature.Sign(
            [new WebhookSecret(secret, at)], id, at, Encoding.UTF8.GetBytes("hello")));
        await PushBench.WhenAsync(() => bench.Runner.View(PushBench.IdOf()).Counts.Delivered == 1);
    }

    [Fact]
    public async Task Multicast_triesOnlyWhoFailedAgain_andThenTellsTheErrorQueue()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = call => call.Path == "b" ? 500 : 200;
        await bench.PushAsync(bench.Draft("jobs", "a", "b") with { RetriesMax = 2, RetryDelaySeconds = 10 });
        var id = await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Trace == 1);

        var status = bench.Service.Message(PushBench.IdOf(), id).Value;
        status.Progress.Of("a").State.ShouldBe(PushState.Delivered);
        status.Progress.Of("b").StatusCode.ShouldBe(500);
        status.NextLookAt!.Value.ShouldBe(bench.Time.GetUtcNow().AddSeconds(10));
        await bench.PassAsync(() => bench.IsEmpty());

        bench.Calls.Count(call => call.Path == "a").ShouldBe(1);
        bench.Calls.Where(call => call.Path == "b").Select(call => call.Id).ShouldBe([id, id, id]);
        var error = (await bench.TakeAsync("errors")).ShouldHaveSingleItem();
        (error.Content.Id, error.Content.Body).ShouldBe((id, "hello"));
        error.Content.DeadLetterSourceArn.ShouldBe(PushBench.IdOf().Arn(PushBench.Region));
        var failed = JsonNode.Parse(error.Content.Attributes[PushRules.FailedAttribute].Text!)!.AsArray();
        failed.ShouldHaveSingleItem()!["subscriber"]!.ToString().ShouldBe("b");
        bench.Trace.ShouldBe(0);
    }

    [Fact]
    public async Task Unicast_triesOthersAtOnce()
    {
        await using var bench = await PushBench.StartAsync();
        string? refusing = null;
        bench.Answer = call => (refusing ??= call.Path) == call.Path ? 503 : 200;
        await bench.PushAsync(bench.Draft("jobs", "a", "b", "c") with { Mode = PushMode.Unicast });
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.IsEmpty());

        bench.Calls.Count.ShouldBe(2);
        bench.Calls.Select(call => call.Path).Distinct().Count().ShouldBe(2);
        bench.IsEmpty("errors").ShouldBeTrue();
    }

    [Fact]
    public async Task Accepted_message_staysUntilItIsAcknowledged()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 202;
        await bench.PushAsync(bench.Draft());
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Trace == 1);
        var address = bench.Calls.Single().Acknowledge;

        (await PushBench.PostAsync(address[..^2] + "xx")).ShouldBe(404);
        bench.IsEmpty().ShouldBeFalse();
        (await PushBench.PostAsync(address, "DELETE")).ShouldBe(200);
        bench.IsEmpty().ShouldBeTrue();
        bench.Trace.ShouldBe(0);
        (await PushBench.PostAsync(address)).ShouldBe(404);
    }

    [Fact]
    public async Task Accepted_message_thatIsNotAcknowledged_comesAgain_andThenToTheErrorQueue()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 202;
        await bench.PushAsync(bench.Draft() with { RetriesMax = 1, RetryDelaySeconds = 5 });
        await bench.SendAsync("hello");
        await bench.PassAsync(() => bench.IsEmpty());

        bench.Calls.Count.ShouldBe(2);
        (await bench.TakeAsync("errors")).ShouldHaveSingleItem()
            .Content.Attributes[PushRules.FailedAttribute].Text!.ShouldContain("not acknowledged");
    }

    [Fact]
    public async Task Acknowledgement_byAnOwner_isByMessageAndSubscriber()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 202;
        await bench.PushAsync(bench.Draft("jobs", "a", "b"));
        var id = await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Trace == 1);

        (await bench.Service.AcknowledgeAsync(PushBench.IdOf(), id, "none", default)).Error.ShouldNotBeNull();
        (await bench.Service.AcknowledgeAsync(PushBench.IdOf(), id, "a", default)).Error.ShouldBeNull();
        bench.IsEmpty().ShouldBeFalse();
        (await bench.Service.AcknowledgeAsync(PushBench.IdOf(), id, "b", default)).Error.ShouldBeNull();
        bench.IsEmpty().ShouldBeTrue();
    }

    [Fact]
    public async Task Paused_queue_pushesNothing_untilItIsResumed()
    {
        await using var bench = await PushBench.StartAsync();
        await bench.PushAsync(bench.Draft());
        (await bench.Service.EnableAsync(PushBench.IdOf(), isEnabled: false, default)).Error.ShouldBeNull();
        await bench.SendAsync("hello");
        bench.Count().ShouldBe(new MessageCounts(1, 0, 0));
        (await bench.Service.EnableAsync(PushBench.IdOf(), isEnabled: true, default)).Error.ShouldBeNull();
        await PushBench.WhenAsync(() => bench.Calls.Count == 1 && bench.IsEmpty());
    }

    [Fact]
    public async Task Fifo_queue_keepsTheOrderOfAGroup_alsoWhenOneIsTriedAgain()
    {
        await using var bench = await PushBench.StartAsync();
        var isFirst = true;
        bench.Answer = call =>
        {
            var status = call.Body == "1" && isFirst ? 500 : 200;
            isFirst &= call.Body != "1";
            return status;
        };
        await bench.PushAsync(bench.Draft("jobs.fifo") with { RetryDelaySeconds = 5 });
        foreach (var body in (string[])["1", "2", "3"])
        {
            await bench.SendAsync(body, "jobs.fifo", "g");
        }

        await bench.PassAsync(() => bench.IsEmpty("jobs.fifo"));
        bench.Calls.Select(call => call.Body).ShouldBe(["1", "1", "2", "3"]);
    }

    [Fact]
    public async Task Message_thatWasUnderWay_comesAgain_afterARestart_underTheSameId()
    {
        using var store = new FaultyStore(TimeProvider.System);
        string id;
        DateTimeOffset at;
        await using (var before = await PushBench.StartAsync(store))
        {
            before.Answer = call => call.Path == "a" ? 200 : 500;
            await before.PushAsync(before.Draft("jobs", "a", "b"));
            id = await before.SendAsync("hello");
            await PushBench.WhenAsync(() => before.Trace == 1);
            at = before.Time.GetUtcNow();
        }

        await using var after = await PushBench.StartAsync(store);
        await after.Service.PutAsync(after.Draft("jobs", "a", "b"), default);
        await after.PassAsync(() => after.IsEmpty());
        after.Calls.Select(call => (call.Path, call.Id)).ShouldBe([("b", id)]);
        after.Calls.Single().Headers["Lambent-Attempt"].ToString().ShouldBe("2");
    }

    [Fact]
    public async Task Stop_breaksOffAttempts_keepsWhatOthersTook_andGivesTheMessageBack()
    {
        using var store = new FaultyStore(TimeProvider.System);
        using var isStopping = new ManualResetEventSlim();
        await using (var before = await PushBench.StartAsync(store))
        {
            before.Answer = call =>
            {
                if (call.Path == "slow")
                {
                    isStopping.Wait(TimeSpan.FromSeconds(20));
                }

                return 200;
            };
            await before.PushAsync(before.Draft("jobs", "fast", "slow"));
            await before.SendAsync("hello");
            await PushBench.WhenAsync(() => before.Runner.View(PushBench.IdOf()).Counts.Attempts == 1
                && before.Calls.Count == 2);
            await before.StopAsync();
            isStopping.Set();
            before.Count().ShouldBe(new MessageCounts(1, 0, 0));
        }

        await using var after = await PushBench.StartAsync(store);
        await after.Service.PutAsync(after.Draft("jobs", "fast", "slow"), default);

        // A worker that began before it was configured anew holds the message for a while.
        await after.PassAsync(() => after.Calls.Any(call => call.Path == "slow") && after.IsEmpty(), seconds: 1);
        after.Calls.ShouldNotContain(call => call.Path == "fast");
    }

    [Fact]
    public async Task Outcome_thatADiskCouldNotTake_isWrittenLater_andNotSentAgain()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ =>
        {
            bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");
            return 200;
        };
        await bench.PushAsync(bench.Draft());
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Store.Refusal is not null);
        await bench.Store.RefusedAsync();
        bench.Store.Refusal = null;
        await PushBench.WhenAsync(() =>
        {
            bench.Time.Advance(TimeSpan.FromMilliseconds(100));
            return bench.IsEmpty();
        });

        bench.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Error_queue_thatIsGone_keepsTheMessage_untilItIsThereAgain()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 500;
        await bench.PushAsync(bench.Draft() with { RetriesMax = 0, RetryDelaySeconds = 5 });
        (await bench.Queues.DeleteAsync(PushBench.IdOf("errors"), default)).Error.ShouldBeNull();
        var id = await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Trace == 1);
        bench.Service.Message(PushBench.IdOf(), id).Value.Progress.Problem!.ShouldContain("does not exist");

        await bench.QueueAsync("errors");
        await bench.PassAsync(() => bench.IsEmpty());
        bench.Count("errors").Visible.ShouldBe(1);
        bench.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_queue_pushesNothing_alsoWhenOneOfItsNameIsMadeAgain()
    {
        await using var bench = await PushBench.StartAsync();
        await bench.PushAsync(bench.Draft());
        await bench.Queues.DeleteAsync(PushBench.IdOf(), default);
        bench.Service.Find(PushBench.IdOf()).ShouldBeNull();
        await bench.QueueAsync("jobs");
        await bench.SendAsync("hello");
        await bench.PassAsync(() => bench.Count() == new MessageCounts(1, 0, 0));
        bench.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Error_queue_sendsItsMessagesBack()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 500;
        await bench.PushAsync(bench.Draft() with { RetriesMax = 0 });
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Count("errors").Visible == 1);
        bench.Answer = _ => 200;
        (await bench.Moves.StartAsync(PushBench.IdOf("errors"), null, null, default)).Error.ShouldBeNull();
        await PushBench.WhenAsync(() => bench.Calls.Count == 2 && bench.IsEmpty() && bench.IsEmpty("errors"));
    }

    [Fact]
    public async Task Purge_forgetsWhatWasTriedAgain()
    {
        await using var bench = await PushBench.StartAsync();
        bench.Answer = _ => 500;
        await bench.PushAsync(bench.Draft());
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Trace == 1);
        var lane = bench.Queues.Find(PushBench.IdOf())!.Lane;
        (await bench.Queues.PurgeAsync(PushBench.IdOf(), default)).Error.ShouldBeNull();
        bench.Trace.ShouldBe(0);
        await bench.Sweeper.SweepAsync(default);
        bench.Store.Read(transaction => transaction.Push.ListProgress(lane, 0, 9)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_thatCannotBe_areRefused_andChangeNothing()
    {
        await using var bench = await PushBench.StartAsync();
        await bench.PushAsync(bench.Draft());
        await bench.QueueAsync("third");
        var before = bench.Service.Find(PushBench.IdOf()).ShouldNotBeNull();

        await RefuseAsync(bench.Draft() with { ErrorQueueName = "none" }, "no queue 'none'");
        await RefuseAsync(bench.Draft() with { RetriesMax = 101 }, "retries");
        await RefuseAsync(
            bench.Draft() with
            {
                Subscribers = [new PushSubscriber("a", "http://10.0.0.1/", PushSubscriber.NoHeaders)],
            },
            "may not be pushed");
        await RefuseAsync(bench.Draft("errors") with { ErrorQueueName = "jobs" }, "go round");
        await RefuseAsync(bench.Draft("none"), "does not exist");
        var after = bench.Service.Find(PushBench.IdOf()).ShouldNotBeNull();
        (after.ModifiedAt, after.ErrorQueueName, after.RetriesMax, after.Subscribers.Single().Url)
            .ShouldBe((before.ModifiedAt, before.ErrorQueueName, before.RetriesMax, before.Subscribers.Single().Url));

        var third = PushBench.IdOf("third").Arn(PushBench.Region);
        var policy = $$"""{"deadLetterTargetArn":"{{third}}","maxReceiveCount":3}""";
        var attributes = new Dictionary<string, string> { ["RedrivePolicy"] = policy };
        (await bench.Queues.SetAttributesAsync(PushBench.IdOf(), attributes, default)).Error!
            .Message.ShouldContain("error queue");

        async Task RefuseAsync(PushDraft draft, string because)
        {
            (await bench.Service.PutAsync(draft, default)).Error.ShouldNotBeNull().Message.ShouldContain(because);
        }
    }

    [Fact]
    public async Task Secret_thatIsChanged_signsBesidesTheOneBefore()
    {
        await using var bench = await PushBench.StartAsync();
        await bench.PushAsync(bench.Draft());
        var secret = StandardSignature.Secret(new byte[32]);
        var put = await bench.Service.PutAsync(new PushDraft { Id = PushBench.IdOf(), Secret = secret }, default);
        put.Value.Secret.ShouldBe(secret);
        put.Value.Push.Subscribers.ShouldHaveSingleItem();
        await bench.SendAsync("hello");
        await PushBench.WhenAsync(() => bench.Calls.Count == 1);
        bench.Calls.Single().Headers["webhook-signature"].ToString().Split(' ').Length.ShouldBe(2);
        (await bench.Service.PutAsync(new PushDraft { Id = PushBench.IdOf() }, default)).Value.Secret.ShouldBeNull();
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Server.Delivery;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Delivery;

public sealed class EventControlTests
{
    private static readonly AccountId Other = AccountId.Parse("999999999999");

    [Fact]
    public async Task Key_used_again_for_the_same_event_makes_one_event()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();

        var first = await AcceptAsync(bench, "one", "key");
        var again = await AcceptAsync(bench, "two", "key");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);
        var later = await AcceptAsync(bench, "three", "key");

        first.Value.ShouldBe(new Acceptance("one", IsRepeat: false));
        again.Value.ShouldBe(new Acceptance("one", IsRepeat: true));
        later.Value.ShouldBe(new Acceptance("one", IsRepeat: true));
        bench.Attempts.ShouldHaveSingleItem().Id.ShouldBe("one");
        bench.Control.Get(AccountId.Root, "one").Value.Ended!.Payload.ToArray().ShouldBe("\"done\""u8.ToArray());
    }

    [Fact]
    public async Task Key_used_for_another_event_is_refused()
    {
        await using var bench = new DeliveryBench();
        await AcceptAsync(bench, "one", "key");

        await RefusedAsync(bench.NewEvent("two") with { Payload = "{\"n\":2}"u8.ToArray() });
        await RefusedAsync(bench.NewEvent("two") with { Policy = EventPolicy.None with { Priority = 1 } });
        await RefusedAsync(bench.NewEvent("two", delay: TimeSpan.FromSeconds(1)));
        bench.Kept.Count.ShouldBe(1);
        (await AcceptAsync(bench, "two", "other key")).Value.IsRepeat.ShouldBeFalse();

        async Task RefusedAsync(AsyncEvent changed) =>
            (await bench.Inbox.AcceptAsync(changed, "key", default)).Error!.Code
                .ShouldBe(ErrorCode.IdempotencyKeyReused);
    }

    [Fact]
    public async Task Many_senders_of_the_same_key_make_one_event()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => AcceptAsync(bench, $"{n}", "key")));
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        accepted.Select(result => result.Value.EventId).Distinct().Count().ShouldBe(1);
        accepted.Count(result => !result.Value.IsRepeat).ShouldBe(1);
        bench.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Result_is_kept_when_it_was_asked_for_and_only_then()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(Keeping(bench.NewEvent("asked")), default);
        await bench.AcceptAsync("not-asked");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        var kept = bench.Control.Get(AccountId.Root, "asked").Value.Ended.ShouldNotBeNull();
        kept.End.ShouldBe(EventEnd.Succeeded);
        kept.Attempts.ShouldBe(1);
        bench.Control.Get(AccountId.Root, "not-asked").Error!.Code.ShouldBe(ErrorCode.EventNotFound);
        bench.Control.Get(Other, "asked").Error!.Code.ShouldBe(ErrorCode.EventNotFound);
    }

    [Fact]
    public async Task Wait_ends_with_the_event_or_the_time()
    {
        await using var bench = new DeliveryBench();
        var gate = new TaskCompletionSource<AttemptReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = _ => gate.Task;
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(Keeping(bench.NewEvent("one")), default);

        var patient = bench.Control.WaitAsync(AccountId.Root, "one", TimeSpan.FromHours(10), default);
        var other = bench.Control.WaitAsync(AccountId.Root, "one", TimeSpan.FromHours(10), default);
        var brief = bench.Control.WaitAsync(AccountId.Root, "one", TimeSpan.FromSeconds(2), default);
        await bench.PassAsync(() => brief.IsCompleted);
        (await brief).Value.Pending.ShouldNotBeNull();
        patient.IsCompleted.ShouldBeFalse();

        gate.SetResult(DeliveryBench.Succeeded());

        (await patient).Value.Ended!.End.ShouldBe(EventEnd.Succeeded);
        (await other).Value.Ended!.End.ShouldBe(EventEnd.Succeeded);
    }

    [Fact]
    public async Task Cancelled_event_is_never_attempted()
    {
        // However far the test's time runs ahead of a busy machine, the second one must not expire.
        await using var bench = new DeliveryBench
        {
            Settings = DeliverySettings.Default with { AgeMax = TimeSpan.FromDays(10_000) },
        };
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(bench.NewEvent("one", delay: TimeSpan.FromHours(1)), default);

        (await bench.Control.CancelAsync(Other, "one", default)).Error!.Code.ShouldBe(ErrorCode.EventNotFound);
        var cancelled = (await bench.Control.CancelAsync(AccountId.Root, "one", default)).Value;
        await bench.Inbox.AcceptAsync(bench.NewEvent("two", delay: TimeSpan.FromHours(2)), default);
        await bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMinutes(10));

        cancelled.Ended!.End.ShouldBe(EventEnd.Cancelled);
        bench.Attempts.Select(attempt => attempt.Id).ShouldBe(["two"]);
        (await bench.Control.CancelAsync(AccountId.Root, "one", default)).Error!.Code.ShouldBe(ErrorCode.EventEnded);
    }

    [Fact]
    public async Task Event_cancelled_while_it_runs_is_not_tried_again()
    {
        await using var bench = new DeliveryBench();
        var gate = new TaskCompletionSource<AttemptReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = _ => gate.Task;
        await bench.StartAsync();
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Attempts.Count == 1);

        (await bench.Control.CancelAsync(AccountId.Root, "one", default)).Value.IsRunning.ShouldBeTrue();
        gate.SetResult(DeliveryBench.Failed());
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);

        bench.Control.Get(AccountId.Root, "one").Value.Ended!.End.ShouldBe(EventEnd.Cancelled);
        bench.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redrive_sends_dead_events_again_with_all_their_attempts_under_their_ids()
    {
        await using var bench = new DeliveryBench { Settings = DeliverySettings.Default with { RetriesMax = 0 } };
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            await bench.AcceptAsync(id);
        }

        await DeliveryBench.WhenAsync(() => bench.Kept.Count(stored => stored.State == EventState.Dead) == 3);
        bench.Handle = _ => Task.FromResult(DeliveryBench.Succeeded());

        (await RedriveAsync(bench, count: 2)).ShouldBe(2);
        await bench.PassAsync(() => bench.Kept.Count == 1);

        bench.Attempts.Skip(3).Select(attempt => attempt.Id).Order().ShouldBe(["a", "b"]);
        bench.Attempts.ShouldAllBe(attempt => attempt.Attempts == 0);
        bench.Kept.Single().Event.Id.ShouldBe("c");
    }

    [Fact]
    public async Task Redrive_of_one_event_sends_that_one_and_none_that_is_not_dead()
    {
        await using var bench = new DeliveryBench { Settings = DeliverySettings.Default with { RetriesMax = 0 } };
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.StartAsync();
        foreach (var id in new[] { "a", "b" })
        {
            await bench.AcceptAsync(id);
        }

        await DeliveryBench.WhenAsync(() => bench.Kept.Count(stored => stored.State == EventState.Dead) == 2);
        bench.Handle = _ => Task.FromResult(DeliveryBench.Succeeded());

        var other = AccountId.Parse("111111111111");
        (await bench.Control.RedriveAsync(other, "b", default)).Error!.Code.ShouldBe(ErrorCode.EventNotFound);
        (await bench.Control.RedriveAsync(AccountId.Root, "b", default)).Value.Pending!.Event.Attempts.ShouldBe(0);
        await bench.PassAsync(() => bench.Kept.Count == 1);

        bench.Kept.Single().Event.Id.ShouldBe("a");
        var again = await bench.Control.RedriveAsync(AccountId.Root, "b", default);
        again.Error!.Code.ShouldBeOneOf(ErrorCode.EventNotFound, ErrorCode.EventEnded);
    }

    [Fact]
    public async Task Redrive_with_a_rate_spreads_events_over_time()
    {
        await using var bench = new DeliveryBench { Settings = DeliverySettings.Default with { RetriesMax = 0 } };
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.StartAsync();
        for (var index = 0; index < 10; index++)
        {
            await bench.AcceptAsync($"{index}");
        }

        await DeliveryBench.WhenAsync(() => bench.Kept.All(stored => stored.State == EventState.Dead));
        var started = bench.Time.GetUtcNow();

        (await RedriveAsync(bench, count: 100, perSecond: 2)).ShouldBe(10);

        bench.Kept.Where(stored => stored.State == EventState.Waiting).Select(stored => stored.Event.DueAt - started)
            .ShouldContain(TimeSpan.FromSeconds(4.5));
    }

    [Fact]
    public async Task Redrive_with_a_rate_that_is_interrupted_by_a_restart_goes_on_at_its_rate()
    {
        using var store = new FaultyStore(TimeProvider.System);
        await using (var before = new DeliveryBench(store))
        {
            before.Handle = _ => Task.FromResult(DeliveryBench.Failed());
            before.Settings = before.Settings with { RetriesMax = 0 };
            await before.StartAsync();
            for (var number = 0; number < 6; number++)
            {
                await before.AcceptAsync($"event-{number}");
            }

            await before.PassAsync(() => before.Kept.All(kept => kept.State == EventState.Dead));
            before.Handle = _ => Task.FromResult(DeliveryBench.Succeeded());
            (await RedriveAsync(before, count: 100, perSecond: 0.1)).ShouldBe(6);
            await before.PassAsync(() => before.Kept.Count <= 4);
        }

        // One each ten seconds: what was left keeps its times, and none is lost or sent twice.
        var left = store.Read(transaction => transaction.Events.List(AccountId.Root, null, null, "", 99));
        left.Count.ShouldBeInRange(1, 4);
        await using var after = new DeliveryBench(store, "two");
        var early = 0;
        after.Handle = attempted =>
        {
            early += attempted.DueAt > after.Time.GetUtcNow() ? 1 : 0;
            return Task.FromResult(DeliveryBench.Succeeded());
        };
        await after.StartAsync();
        await after.PassAsync(() => after.Kept.Count == 0);
        after.Attempts.Select(attempt => attempt.Id).Order()
            .ShouldBe(left.Select(stored => stored.Event.Id).Order());
        early.ShouldBe(0);
        var due = after.Attempts.Select(attempt => attempt.DueAt).Order().ToList();
        due.Zip(due.Skip(1)).ShouldAllBe(pair => pair.Second - pair.First == TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Event_of_which_another_account_knows_the_id_is_not_redriven_by_it()
    {
        await using var bench = new DeliveryBench { Settings = DeliverySettings.Default with { RetriesMax = 0 } };
        bench.Handle = _ => Task.FromResult(DeliveryBench.Failed());
        await bench.StartAsync();
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Single().State == EventState.Dead);

        var target = DeliveryTarget.OfFunction(new FunctionId(Other, "hello"));
        (await bench.Control.RedriveAsync(Other, target, 10, null, default)).Value.ShouldBe(0);
        bench.Kept.Single().State.ShouldBe(EventState.Dead);
    }

    private static async Task<int> RedriveAsync(DeliveryBench bench, int count, double? perSecond = null) =>
        (await bench.Control.RedriveAsync(
            AccountId.Root, bench.NewEvent("any").Target, count, perSecond, default)).Value;

    private static AsyncEvent Keeping(AsyncEvent accepted) =>
        accepted with { Policy = EventPolicy.None with { KeepsResult = true } };

    private static Task<Result<Acceptance>> AcceptAsync(DeliveryBench bench, string id, string key) =>
        bench.Inbox.AcceptAsync(bench.NewEvent(id), key, default);
}

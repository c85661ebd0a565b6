using Lambent.Kernel;
using Lambent.Kernel.Events;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Storage;
using Lambent.Server.Delivery;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Delivery;

public sealed class EventRunnerTests
{
    [Fact]
    public async Task Accepted_event_is_in_the_store_before_the_caller_is_answered()
    {
        await using var bench = new DeliveryBench();

        // Not started: nothing but the acceptance can have put it there.
        await bench.AcceptAsync("one");

        bench.Kept.ShouldHaveSingleItem().Event.Id.ShouldBe("one");
    }

    [Fact]
    public async Task Event_that_the_store_cannot_take_is_not_accepted()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();
        bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");

        await Should.ThrowAsync<StoreException>(() => bench.AcceptAsync("one"));

        bench.Store.Refusal = null;
        await bench.AcceptAsync("two");
        await bench.PassAsync(() => bench.Kept.Count == 0);
        bench.Attempts.Select(attempt => attempt.Id).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Event_whose_acceptance_was_written_without_an_answer_is_delivered()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();
        await bench.AcceptAsync("first");

        // Until its own last write was answered, which is later than it is seen: the next write is the one that loses.
        await bench.PassAsync(() => bench.Kept.Count == 0 && bench.Parts.Board.IsEmpty);
        bench.Store.LosesNextAnswer = true;

        await Should.ThrowAsync<StoreException>(() => bench.AcceptAsync("one"));

        await bench.PassAsync(() => bench.Kept.Count == 0);
        bench.Attempts.Select(attempt => attempt.Id).ShouldBe(["first", "one"]);
    }

    [Fact]
    public async Task Event_that_somebody_wrote_without_an_answer_is_delivered_although_nobody_tells_of_it()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();
        await bench.AcceptAsync("first");
        await bench.PassAsync(() => bench.Kept.Count == 0 && bench.Parts.Board.IsEmpty);
        bench.Store.LosesNextAnswer = true;

        await Should.ThrowAsync<StoreException>(() => bench.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Events.Add(bench.NewEvent("one"), EventState.Ready);
            return Done.Value;
        }));

        await bench.PassAsync(() => bench.Kept.Count == 0);
        bench.Attempts.Select(attempt => attempt.Id).ShouldBe(["first", "one"]);
    }

    [Fact]
    public async Task Event_whose_call_succeeds_is_delivered_once_and_removed()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();

        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 0);
        await bench.StopAsync();

        bench.Attempts.ShouldHaveSingleItem().Payload.ToArray().ShouldBe("{\"n\":1}"u8.ToArray());
    }

    [Fact]
    public async Task Event_whose_call_fails_is_retried_after_one_and_two_minutes_and_kept_among_the_dead()
    {
        await using var bench = new DeliveryBench { Handle = _ => Task.FromResult(DeliveryBench.Failed()) };
        await bench.StartAsync();
        await bench.AcceptAsync("one");

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await bench.PassAsync(() => bench.Attempts.Count == attempt);
            await DeliveryBench.WhenAsync(() => bench.Kept.Single().Event.Attempts == attempt);
            bench.Kept.Single().Event.DueAt.ShouldBe(bench.Time.GetUtcNow().AddMinutes(attempt));
        }

        await bench.PassAsync(() => bench.Attempts.Count == 3);
        await DeliveryBench.WhenAsync(() => bench.Kept.Single().State == EventState.Dead);
        var dead = bench.Kept.Single().Event;
        dead.Attempts.ShouldBe(3);
        dead.LastError.ShouldBe("Error: no");
        bench.Attempts.ShouldAllBe(attempt => attempt.Id == "one");
    }

    [Fact]
    public async Task Event_that_succeeds_at_its_second_attempt_is_done()
    {
        await using var bench = new DeliveryBench();
        bench.Handle = _ => Task.FromResult(
            bench.Attempts.Count == 1 ? DeliveryBench.Failed() : DeliveryBench.Succeeded());
        await bench.StartAsync();
        await bench.AcceptAsync("one");

        await bench.PassAsync(() => bench.Kept.Count == 0);

        bench.Attempts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Refused_event_keeps_its_place_and_counts_no_attempt()
    {
        await using var bench = new DeliveryBench();
        var refusals = 0;
        bench.Handle = _ => Task.FromResult(
            Interlocked.Increment(ref refusals) <= 3 ? AttemptReport.Refused : DeliveryBench.Succeeded());
        await bench.StartAsync();
        await bench.AcceptAsync("one");

        await bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMilliseconds(50));

        bench.Attempts.Count.ShouldBe(4);
        bench.Attempts.ShouldAllBe(attempt => attempt.Attempts == 0);
    }

    [Theory]
    [InlineData(AttemptResult.Gone, "The target does not exist any more.")]
    [InlineData(AttemptResult.Disabled, "The function's reserved concurrency is 0.")]
    public async Task Event_without_a_target_is_kept_among_the_dead_at_once(AttemptResult result, string reason)
    {
        await using var bench = new DeliveryBench { Handle = _ => Task.FromResult(new AttemptReport(result)) };
        await bench.StartAsync();
        await bench.AcceptAsync("one");

        await DeliveryBench.WhenAsync(() => bench.Kept.Single().State == EventState.Dead);
        bench.Kept.Single().Event.LastError.ShouldBe(reason);
    }

    [Fact]
    public async Task Event_that_was_left_is_delivered_after_a_restart()
    {
        using var store = new FaultyStore(TimeProvider.System);
        await using (var before = new DeliveryBench(store))
        {
            await before.AcceptAsync("one");
            await before.AcceptAsync("two");
        }

        await using var after = new DeliveryBench(store, "two");
        await after.StartAsync();
        await after.PassAsync(() => after.Kept.Count == 0);

        after.Attempts.Select(attempt => attempt.Id).Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Delayed_event_waits_for_its_time()
    {
        await using var bench = new DeliveryBench();
        await bench.StartAsync();
        var due = bench.Time.GetUtcNow().AddHours(10);
        await bench.Inbox.AcceptAsync(bench.NewEvent("one", delay: TimeSpan.FromHours(10)), default);

        await bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMinutes(1));

        bench.Time.GetUtcNow().ShouldBeGreaterThanOrEqualTo(due);
        bench.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_events_than_memory_holds_are_delivered_once_each_in_order()
    {
        await using var bench = new DeliveryBench { Concurrency = 1 };
        for (var index = 0; index < 1_000; index++)
        {
            await bench.AcceptAsync($"{index:d6}");
        }

        await bench.StartAsync();
        await bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMilliseconds(10));

        bench.Attempts.Select(attempt => attempt.Id).ShouldBe(Enumerable.Range(0, 1_000).Select(n => $"{n:d6}"));
    }

    [Fact]
    public async Task Events_beyond_the_concurrency_wait()
    {
        await using var bench = new DeliveryBench { Concurrency = 8 };
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = async _ =>
        {
            await gate.Task;
            return DeliveryBench.Succeeded();
        };
        for (var index = 0; index < 50; index++)
        {
            await bench.AcceptAsync($"event-{index}");
        }

        await bench.StartAsync();
        await DeliveryBench.WhenAsync(() => bench.Attempts.Count == 8);
        bench.Kept.Count.ShouldBe(50);
        gate.SetResult();
        await bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMilliseconds(10));

        bench.Attempts.Select(attempt => attempt.Id).Distinct().Count().ShouldBe(50);
        bench.Attempts.Count.ShouldBe(50);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outcomes_that_come_soon_after_another_gather_until_their_time_or_the_end(bool isStopped)
    {
        await using var bench = new DeliveryBench();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = async _ =>
        {
            await gate.Task;
            return DeliveryBench.Succeeded();
        };
        for (var index = 0; index < 10; index++)
        {
            await bench.AcceptAsync($"event-{index}");
        }

        await bench.StartAsync();
        await DeliveryBench.WhenAsync(() => bench.Attempts.Count == 10);
        gate.SetResult();
        await DeliveryBench.WhenAsync(() => bench.Kept.Count == 9 && bench.Parts.Board.RunningCount == 0);

        await (isStopped
            ? bench.StopAsync()
            : bench.PassAsync(() => bench.Kept.Count == 0, TimeSpan.FromMilliseconds(1)));

        bench.Kept.ShouldBeEmpty();
        bench.Attempts.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Outcome_that_cannot_be_written_is_written_later_without_another_attempt()
    {
        await using var bench = new DeliveryBench();
        bench.Handle = _ =>
        {
            bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");
            return Task.FromResult(DeliveryBench.Succeeded());
        };
        await bench.StartAsync();
        await bench.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => bench.Store.Refusal is not null);
        await bench.Store.RefusedAsync();

        bench.Store.Refusal = null;
        await bench.PassAsync(() => bench.Kept.Count == 0);

        bench.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Outcome_that_was_written_without_an_answer_counts_once()
    {
        await using var bench = new DeliveryBench
        {
            Settings = DeliverySettings.Default with
            {
                OnSuccess = DeliveryTarget.OfQueue(new Kernel.Queues.QueueId(Kernel.Access.AccountId.Root, "records")),
            },
        };
        await Destinations.CreateQueueAsync(bench, "records");
        bench.Handle = _ =>
        {
            bench.Store.LosesNextAnswer = true;
            return Task.FromResult(DeliveryBench.Succeeded());
        };
        await bench.StartAsync();
        await bench.AcceptAsync("one");
        await bench.PassAsync(() => bench.Parts.Board.IsEmpty && bench.Kept.Count == 0);

        Destinations.Messages(bench, "records").Count.ShouldBe(1);
        bench.Attempts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Holder_that_was_replaced_changes_nothing_any_more()
    {
        using var store = new FaultyStore(TimeProvider.System);
        await using var stale = new DeliveryBench(store, "stale", isOnlyHolder: false);
        var gate = new TaskCompletionSource<AttemptReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        stale.Handle = _ => gate.Task;
        await stale.StartAsync();
        await stale.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => stale.Attempts.Count == 1);

        // The other one's clock is ahead, so the lease is over for it; it fails the event.
        await using var next = new DeliveryBench(store, "next", isOnlyHolder: false)
        {
            Handle = _ => Task.FromResult(DeliveryBench.Failed()),
        };
        next.Time.Advance(TimeSpan.FromMinutes(5));
        await next.StartAsync();
        await DeliveryBench.WhenAsync(() => next.Kept.Single().Event.Attempts == 1);
        gate.SetResult(DeliveryBench.Succeeded());
        await DeliveryBench.WhenAsync(() => stale.Parts.Board.IsEmpty);

        stale.Kept.Single().Event.Attempts.ShouldBe(1);
        store.Read(transaction => transaction.Leases.Get("delivery"))!.Epoch.ShouldBe(2);
    }

    [Fact]
    public async Task Second_holder_waits_until_the_first_one_is_gone()
    {
        using var store = new FaultyStore(TimeProvider.System);
        await using var first = new DeliveryBench(store, "first", isOnlyHolder: false);
        await first.StartAsync();
        await using var second = new DeliveryBench(store, "second", isOnlyHolder: false);
        await second.StartAsync();

        await first.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => first.Kept.Count == 0);
        second.Attempts.ShouldBeEmpty();

        await first.StopAsync();
        await second.AcceptAsync("two");
        await second.PassAsync(() => second.Kept.Count == 0);
        second.Attempts.ShouldHaveSingleItem().Id.ShouldBe("two");
    }

    [Fact]
    public async Task Event_that_a_node_without_the_lease_accepted_is_found_by_the_one_that_has_it()
    {
        using var store = new FaultyStore(TimeProvider.System);
        await using var holder = new DeliveryBench(store, "first", isOnlyHolder: false);
        await holder.StartAsync();
        await holder.AcceptAsync("one");
        await DeliveryBench.WhenAsync(() => holder.Kept.Count == 0);
        await using var other = new DeliveryBench(store, "second", isOnlyHolder: false);
        await other.StartAsync();

        await other.AcceptAsync("two");
        await other.Inbox.AcceptAsync(
            other.NewEvent("three", delay: TimeSpan.FromSeconds(5)), CancellationToken.None);
        var accepted = holder.Time.GetUtcNow();
        await holder.PassAsync(() => holder.Attempts.Count == 2);
        var found = holder.Time.GetUtcNow();
        await holder.PassAsync(() => holder.Kept.Count == 0);

        holder.Attempts.Select(attempt => attempt.Id).ShouldBe(["one", "two", "three"]);
        other.Attempts.ShouldBeEmpty();
        (found - accepted).ShouldBeLessThan(EventProbe.Period + TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Lease_is_taken_renewed_and_taken_over()
    {
        var now = new DateTimeOffset(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
        var minute = TimeSpan.FromMinutes(1);

        var first = Take(null, "a", now).ShouldNotBeNull();
        first.ShouldBe(new Lease("n", "a", 1, now + minute));
        Take(first, "a", now.AddSeconds(50))!.ShouldBe(first with { ExpiresAt = now.AddSeconds(110) });
        Take(first, "b", now.AddSeconds(59)).ShouldBeNull();
        Take(first, "b", now + minute)!.Epoch.ShouldBe(2);
        Take(first, "b", now, replaces: true)!.Epoch.ShouldBe(2);

        Lease? Take(Lease? current, string holder, DateTimeOffset at, bool replaces = false) =>
            Lease.Take(current, "n", holder, at, minute, replaces);
    }
}

using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Server.Tests.Functions;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Delivery;

public sealed class EventInboxTests
{
    [Fact]
    public async Task Accepted_event_is_in_the_store_before_the_caller_is_answered()
    {
        await using var bench = new InboxBench();

        // Not started: nothing but the acceptance can have put it there.
        (await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default)).IsSuccess.ShouldBeTrue();

        bench.Kept.ShouldHaveSingleItem().Id.ShouldBe("one");
    }

    [Fact]
    public async Task Event_that_the_store_cannot_take_is_not_accepted()
    {
        await using var bench = new InboxBench();
        await bench.StartAsync();
        bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");

        await Should.ThrowAsync<StoreException>(() => bench.Inbox.AcceptAsync(bench.NewEvent("one"), default));

        bench.Store.Refusal = null;
        await bench.Inbox.AcceptAsync(bench.NewEvent("two"), default);
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);
        bench.Calls.Select(call => call.Id).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Event_whose_call_succeeds_is_delivered_once_and_removed()
    {
        await using var bench = new InboxBench();
        await bench.StartAsync();

        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);
        await bench.StopAsync();

        bench.Calls.ShouldHaveSingleItem().ShouldBe(("one", bench.Time.GetUtcNow(), "{\"n\":1}"));
    }

    [Theory]
    [InlineData(OutcomeKind.HandlerError)]
    [InlineData(OutcomeKind.TimedOut)]
    [InlineData(OutcomeKind.OutOfMemory)]
    public async Task Event_whose_call_fails_is_retried_after_one_and_two_minutes_and_given_up(OutcomeKind failure)
    {
        await using var bench = new InboxBench { Handle = _ => Task.FromResult(failure) };
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await bench.PassAsync(until: () => bench.Calls.Count == attempt);
            await InboxBench.WhenAsync(() => bench.Kept.Single().Attempts == attempt);
            bench.Kept.Single().DueAt.ShouldBe(bench.Time.GetUtcNow().AddMinutes(attempt));
        }

        await bench.PassAsync(until: () => bench.Calls.Count == 3);
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);

        var times = bench.Calls.Select(call => call.Time).ToList();
        (times[1] - times[0]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(1));
        (times[2] - times[1]).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(2));
        bench.Calls.ShouldAllBe(call => call.Id == "one");
    }

    [Fact]
    public async Task Event_that_succeeds_at_its_second_attempt_is_done()
    {
        await using var bench = new InboxBench();
        bench.Handle = _ => Task.FromResult(
            bench.Calls.Count == 1 ? OutcomeKind.HandlerError : OutcomeKind.Success);
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);

        await bench.PassAsync(until: () => bench.Kept.Count == 0);

        bench.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Event_that_was_refused_is_kept_without_counting_an_attempt()
    {
        await using var bench = new InboxBench(accountLimit: 0);
        await bench.StartAsync();
        var accepted = bench.NewEvent("one");
        await bench.Inbox.AcceptAsync(accepted, default);

        await InboxBench.WhenAsync(() => bench.Kept.Single().DueAt > accepted.DueAt);

        bench.Kept.Single().Attempts.ShouldBe(0);
        bench.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_that_was_left_is_delivered_after_a_restart()
    {
        var store = new InMemoryStore();
        await using (var before = new InboxBench(store))
        {
            await before.Inbox.AcceptAsync(before.NewEvent("one"), default);
            await before.Inbox.AcceptAsync(before.NewEvent("two"), default);
        }

        await using var after = new InboxBench(store);
        await after.StartAsync();
        await InboxBench.WhenAsync(() => after.Kept.Count == 0);

        after.Calls.Select(call => call.Id).Order().ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task Event_of_a_deleted_function_is_dropped()
    {
        await using var bench = new InboxBench();
        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);
        bench.Directory.Announce(InboxBench.Function, 2, null);

        await bench.StartAsync();
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);

        bench.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_of_a_deleted_alias_is_dropped()
    {
        await using var bench = new InboxBench();
        await bench.StartAsync();

        await bench.Inbox.AcceptAsync(bench.NewEvent("one", qualifier: "gone"), default);
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);

        bench.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_beyond_the_places_wait_and_are_delivered_in_the_end()
    {
        await using var bench = new InboxBench();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = async _ =>
        {
            await gate.Task;
            return OutcomeKind.Success;
        };
        for (var index = 0; index < 150; index++)
        {
            await bench.Inbox.AcceptAsync(bench.NewEvent($"event-{index}"), default);
        }

        await bench.StartAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await InboxBench.WhenAsync(() => bench.Calls.Count == 64);
        bench.Kept.Count.ShouldBe(150);
        gate.SetResult();
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);

        bench.Calls.Select(call => call.Id).Distinct().Count().ShouldBe(150);
        bench.Calls.Count.ShouldBe(150);
    }

    [Fact]
    public async Task Event_whose_end_cannot_be_written_is_tried_again_after_a_pause()
    {
        await using var bench = new InboxBench();
        bench.Handle = _ =>
        {
            if (bench.Calls.Count == 1)
            {
                bench.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");
            }

            return Task.FromResult(OutcomeKind.Success);
        };
        await bench.StartAsync();
        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);
        await InboxBench.WhenAsync(() => bench.Store.Refusal is not null);
        await bench.Store.RefusedAsync();
        await InboxBench.WhenAsync(() => bench.Time.HasTimerAt(bench.Time.GetUtcNow().AddSeconds(5)));
        bench.Calls.Count.ShouldBe(1);

        bench.Store.Refusal = null;
        await bench.PassAsync(until: () => bench.Kept.Count == 0);

        bench.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Event_that_ends_while_the_store_is_read_is_not_delivered_again()
    {
        var store = new SlowReads();
        await using var bench = new InboxBench(store.Inner, store);
        var handled = new TaskCompletionSource<OutcomeKind>(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Handle = _ => handled.Task;
        await bench.Inbox.AcceptAsync(bench.NewEvent("one"), default);

        // The second look at the store sees the event, and is given back only after the event's end.
        var started = bench.StartAsync();
        await InboxBench.WhenAsync(() => store.Reads == 2);
        handled.SetResult(OutcomeKind.Success);
        await InboxBench.WhenAsync(() => bench.Kept.Count == 0);
        await bench.Dispatcher.DrainAsync(TimeSpan.FromMinutes(1));
        await Task.Delay(5);
        store.Gate.Set();
        await started;
        await InboxBench.WhenAsync(() => store.Reads > 3);

        bench.Calls.Count.ShouldBe(1);
        bench.Kept.ShouldBeEmpty();
    }

    private sealed class SlowReads : IStore
    {
        private int reads;

        public InMemoryStore Inner { get; } = new();

        public ManualResetEventSlim Gate { get; } = new();

        public int Reads => Volatile.Read(ref reads);

        public Task<Result<T>> WriteAsync<T>(
            Func<ITransaction, Result<T>> body, CancellationToken cancellation = default) =>
            Inner.WriteAsync(body, cancellation);

        public T Read<T>(Func<ITransaction, T> body)
        {
            var result = Inner.Read(body);
            if (Interlocked.Increment(ref reads) == 2)
            {
                Gate.Wait(TimeSpan.FromSeconds(60));
            }

            return result;
        }
    }
}

using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events.Lanes;

public sealed class EventLanesTests
{
    private static readonly AccountId First = AccountId.Parse("111111111111");
    private static readonly AccountId Second = AccountId.Parse("222222222222");
    private static readonly DateTimeOffset Now = EventSamples.AcceptedAt;
    private int made;

    [Fact]
    public void Flood_of_one_account_leaves_places_for_another()
    {
        var lanes = new EventLanes(placesMax: 100, long.MaxValue, _ => 1_000);
        Add(lanes, First, "flood", 1_000);
        var taken = TakeAll(lanes);
        taken.Count.ShouldBe(80, "four fifths of the places");

        Add(lanes, Second, "small", 10);

        TakeAll(lanes).Count(next => next.Lane.Account == Second).ShouldBe(10);
    }

    [Fact]
    public void Accounts_take_turns_and_so_do_the_lines_of_one()
    {
        var lanes = new EventLanes(placesMax: 1_000, long.MaxValue, _ => 1_000);
        Add(lanes, First, "a", 50);
        Add(lanes, First, "b", 50);
        Add(lanes, Second, "c", 50);

        var taken = Enumerable.Range(0, 40).Select(_ => lanes.Take()!).ToList();

        taken.Count(next => next.Lane.Account == Second).ShouldBe(20);
        taken.Count(next => next.Lane.Key == "function/a").ShouldBe(10);
        taken.Count(next => next.Lane.Key == "function/b").ShouldBe(10);
    }

    [Fact]
    public void Line_runs_as_many_as_its_target_says_and_follows_its_changes()
    {
        var target = 2;
        var lanes = new EventLanes(100, long.MaxValue, _ => target);
        Add(lanes, First, "a", 10);
        var taken = TakeAll(lanes);
        taken.Count.ShouldBe(2);

        target = 5;
        lanes.Reconsider(taken[0].Lane);
        TakeAll(lanes).Count.ShouldBe(3);

        target = 1;
        lanes.End(taken[0]);
        TakeAll(lanes).ShouldBeEmpty();
    }

    [Fact]
    public void Event_whose_end_is_being_written_gives_up_its_place_once()
    {
        var lanes = new EventLanes(100, long.MaxValue, _ => 1);
        Add(lanes, First, "a", 3);
        var first = lanes.Take()!;
        lanes.Finish(first);
        lanes.RunningCount.ShouldBe(0);
        lanes.IsRunning(first.Lane, first.Id).ShouldBeTrue("it is not read back from the store");

        var second = lanes.Take()!;
        lanes.Finish(first);
        lanes.End(first);
        lanes.RunningCount.ShouldBe(1);
        lanes.Take().ShouldBeNull();

        lanes.Finish(second);
        lanes.Refuse(second, Now, 0.5);
        lanes.RunningCount.ShouldBe(0);
        lanes.EndPauses(Now + LanePace.PauseMax);
        lanes.Take()!.Id.ShouldBe(second.Id);
    }

    [Fact]
    public void Refused_line_pauses_and_keeps_its_order()
    {
        var lanes = new EventLanes(100, long.MaxValue, _ => 1);
        Add(lanes, First, "a", 3);
        var first = lanes.Take()!;
        lanes.Refuse(first, Now, 0.5);

        lanes.Take().ShouldBeNull();
        var until = lanes.NextPauseEnd.ShouldNotBeNull();
        until.ShouldBeGreaterThan(Now);
        lanes.EndPauses(until.AddTicks(-1));
        lanes.Take().ShouldBeNull();
        lanes.EndPauses(until);

        lanes.Take()!.Id.ShouldBe(first.Id);
        lanes.NextPauseEnd.ShouldBeNull();
    }

    [Fact]
    public void Pauses_grow_with_refusals_and_end_with_a_success()
    {
        var pace = default(LanePace);
        var now = Now;
        var pauses = new List<TimeSpan>();
        for (var refusal = 0; refusal < 12; refusal++)
        {
            pace = pace.Refuse(now, 0.5);
            pauses.Add(pace.PausedUntil - now);
            pace.Refuse(now, 0.9).ShouldBe(pace, "one of several under way");
            now = pace.PausedUntil;
        }

        pauses.ShouldBeInOrder();
        pauses[0].ShouldBe(LanePace.PauseMin * 0.75);
        pauses[^1].ShouldBe(LanePace.PauseMax * 0.75);
        pace.Run().ShouldBe(default);
    }

    [Fact]
    public void Line_that_is_done_leaves_nothing()
    {
        var lanes = new EventLanes(100, long.MaxValue, _ => 10);
        Add(lanes, First, "a", 3);
        foreach (var taken in TakeAll(lanes))
        {
            lanes.End(taken);
        }

        lanes.RunningCount.ShouldBe(0);
        lanes.LaneCount.ShouldBe(0);
    }

    [Fact]
    public void New_line_is_read_before_it_runs()
    {
        var lanes = new EventLanes(100, long.MaxValue, _ => 10);
        var lane = EventSamples.Event().Lane;
        lanes.Invalidate(lane);

        var (queue, after) = lanes.NextToRead().ShouldNotBeNull();
        after.ShouldBe(EventPosition.Start);
        lanes.NextToRead().ShouldBeNull();
        lanes.EndReading(queue, [EventSamples.Event("a")], isAll: true);

        lanes.Take()!.Id.ShouldBe("a");
    }

    private void Add(EventLanes lanes, AccountId account, string function, int count)
    {
        var lane = EventSamples.Event(account: account, function: function).Lane;
        lanes.Expect(lane, "keeps the line");
        lanes.Invalidate(lane);
        var (queue, _) = lanes.NextToRead()!.Value;
        lanes.EndReading(queue, [], isAll: true);
        for (var index = 0; index < count; index++)
        {
            var arrived = EventSamples.Event($"{made++:d6}", account: account, function: function);
            lanes.Expect(lane, arrived.Id);
            lanes.Arrive(arrived, isReady: true);
        }

        lanes.Withdraw(lane, "keeps the line");
    }

    private static List<AsyncEvent> TakeAll(EventLanes lanes)
    {
        var taken = new List<AsyncEvent>();
        while (lanes.Take() is { } next)
        {
            taken.Add(next);
        }

        return taken;
    }
}

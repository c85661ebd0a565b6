using Lambent.Kernel.Events;
using Lambent.Kernel.Events.Lanes;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events.Lanes;

public sealed class LaneQueueTests
{
    [Fact]
    public void Event_that_arrives_in_a_line_that_is_known_whole_is_never_read()
    {
        var queue = NewQueue();
        Read(queue, []);

        Arrive(queue, EventSamples.Event("a"));

        queue.IsShort.ShouldBeFalse();
        queue.Take()!.Id.ShouldBe("a");
        queue.IsEmpty.ShouldBeFalse();
        queue.End("a");
        queue.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Event_behind_the_cursor_stays_in_the_store()
    {
        var queue = NewQueue();
        Read(queue, [EventSamples.Event("b")], isAll: false);

        Arrive(queue, EventSamples.Event("c"));
        Arrive(queue, EventSamples.Event("a"));

        queue.Take()!.Id.ShouldBe("a");
        queue.Take()!.Id.ShouldBe("b");
        queue.Take().ShouldBeNull();
        queue.IsShort.ShouldBeTrue();
    }

    [Fact]
    public void Event_that_arrives_while_the_store_is_read_is_not_lost()
    {
        var queue = NewQueue();
        queue.BeginReading();
        Arrive(queue, EventSamples.Event("a"));
        queue.EndReading([], isAll: true);

        queue.IsShort.ShouldBeTrue("what was read may be older than the event");
    }

    [Fact]
    public void Event_that_was_read_before_it_arrived_is_taken_once()
    {
        var queue = NewQueue();
        queue.Expect("a");
        Read(queue, [EventSamples.Event("a")]);
        queue.Take().ShouldBeNull();

        queue.Arrive(EventSamples.Event("a"), isReady: true);

        queue.Take()!.Id.ShouldBe("a");
        queue.Take().ShouldBeNull();
    }

    [Fact]
    public void Event_that_ended_while_the_store_was_read_is_not_taken_again()
    {
        var queue = NewQueue();
        Read(queue, [EventSamples.Event("a")], isAll: false);
        queue.Take();
        queue.Invalidate();
        queue.BeginReading();
        queue.End("a");

        queue.EndReading([EventSamples.Event("a")], isAll: true);

        queue.Take().ShouldBeNull();
        queue.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Running_event_is_not_taken_again_when_the_line_is_read_anew()
    {
        var queue = NewQueue();
        Read(queue, [EventSamples.Event("a")]);
        queue.Take();
        queue.Invalidate();

        Read(queue, [EventSamples.Event("a"), EventSamples.Event("b")]);

        queue.Take()!.Id.ShouldBe("b");
    }

    [Fact]
    public void Head_is_bounded_by_number_and_bytes()
    {
        var queue = NewQueue();
        Read(queue, []);
        for (var index = 0; index < 2 * LaneQueue.EventsMax; index++)
        {
            Arrive(queue, EventSamples.Event($"{index:d6}"));
        }

        queue.HeadCount.ShouldBe(LaneQueue.EventsMax);

        var large = NewQueue();
        Read(large, []);
        for (var index = 0; index < 20; index++)
        {
            Arrive(large, EventSamples.Event($"{index:d6}") with { Payload = new byte[Limits.MiB] });
        }

        large.HeadCount.ShouldBe(LaneQueue.PayloadBytesMax / Limits.MiB);
    }

    [Fact]
    public void Lines_share_a_budget_and_each_keeps_one_event()
    {
        var budget = new HeadBudget(100_000);
        var queues = Enumerable.Range(0, 10).Select(_ => new LaneQueue(EventSamples.Event().Lane, budget)).ToList();
        foreach (var queue in queues)
        {
            Read(queue, []);
            for (var index = 0; index < 10; index++)
            {
                Arrive(queue, EventSamples.Event($"{index}") with { Payload = new byte[20_000] });
            }
        }

        queues.ShouldAllBe(queue => queue.HeadCount >= 1);
        queues.Sum(queue => queue.HeadCount).ShouldBeLessThan(20);
        queues.ForEach(queue => queue.Invalidate());
        budget.BytesUsed.ShouldBe(0);
    }

    /// <summary>
    /// Whatever happens in whatever order, each event that the store holds as ready is taken, in order among those that
    /// are there together, and never twice at a time.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Line_loses_and_doubles_nothing(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 300; run++)
        {
            new Model(random).Run();
        }
    }

    [Fact]
    public void Event_that_does_not_fit_is_not_read_again_before_another_is_taken()
    {
        var queue = new LaneQueue(EventSamples.Event().Lane, new HeadBudget(HeadBudget.EventBytes + 100));
        Read(queue, [EventSamples.Event("a"), EventSamples.Event("b")]);

        queue.HeadCount.ShouldBe(1);
        queue.IsShort.ShouldBeFalse("what was given back would be read and given back for ever");
        queue.Take()!.Id.ShouldBe("a");
        queue.IsShort.ShouldBeTrue();
    }

    private static LaneQueue NewQueue() => new(EventSamples.Event().Lane, new HeadBudget(64L * Limits.MiB));

    private static void Read(LaneQueue queue, IReadOnlyList<AsyncEvent> read, bool isAll = true)
    {
        queue.BeginReading();
        queue.EndReading(read, isAll);
    }

    private static void Arrive(LaneQueue queue, AsyncEvent arrived)
    {
        queue.Expect(arrived.Id);
        queue.Arrive(arrived, isReady: true);
    }

    /// <summary>A store, those who write to it, and a reader whose snapshots grow old.</summary>
    private sealed class Model(Random random)
    {
        private const int ReadMax = 4;
        private readonly LaneQueue queue = NewQueue();
        private readonly Dictionary<string, AsyncEvent> ready = [];
        private readonly Dictionary<string, AsyncEvent> running = [];
        private readonly List<AsyncEvent> writing = [];
        private readonly HashSet<string> done = [];
        private IReadOnlyList<AsyncEvent>? snapshot;
        private int made;

        public void Run()
        {
            for (var step = 0; step < 200; step++)
            {
                Step(random.Next(8));
            }

            // Then nothing new comes, and everything must end.
            for (var step = 0; ready.Count > 0; step++)
            {
                step.ShouldBeLessThan(5_000);
                Step(2 + random.Next(5));
            }
        }

        private void Step(int choice)
        {
            switch (choice)
            {
                case 0 or 1 when made < 60:
                    Write();
                    break;
                case 2 when writing.Count > 0:
                    Arrive();
                    break;
                case 3:
                    Read();
                    break;
                case 4 when queue.Take() is { } taken:
                    running.TryAdd(taken.Id, taken).ShouldBeTrue("taken twice");
                    done.ShouldNotContain(taken.Id);
                    ready.ShouldContainKey(taken.Id);
                    break;
                case 5 when running.Count > 0:
                    End();
                    break;
                case 6 when random.Next(20) == 0:
                    queue.Invalidate();
                    break;
                case 7 when running.Count > 0:
                    queue.Finish(running.Keys.ElementAt(random.Next(running.Count)));
                    break;
            }
        }

        private void Write()
        {
            var priority = random.Next(3);
            var written = EventSamples.Event($"{made++:d4}", priority: priority) with
            {
                DueAt = EventSamples.AcceptedAt.AddMinutes(made),
            };
            queue.Expect(written.Id);
            ready.Add(written.Id, written);
            writing.Add(written);
        }

        private void Arrive()
        {
            var arrived = writing[random.Next(writing.Count)];
            writing.Remove(arrived);
            if (random.Next(10) == 0)
            {
                queue.Abandon(arrived.Id);
            }
            else
            {
                queue.Arrive(arrived, isReady: true);
            }
        }

        private void Read()
        {
            if (snapshot is not null)
            {
                queue.EndReading(snapshot, snapshot.Count < ReadMax);
                snapshot = null;
            }
            else if (queue.IsShort)
            {
                var after = queue.BeginReading();
                snapshot =
                [
                    .. ready.Values.Where(candidate => candidate.Position > after)
                        .OrderBy(candidate => candidate.Position).Take(ReadMax),
                ];
            }
        }

        private void End()
        {
            var ended = running.Values.ElementAt(random.Next(running.Count));
            running.Remove(ended.Id);
            if (random.Next(5) == 0)
            {
                queue.PutBack(ended);
                return;
            }

            // The store first, as in life: whoever reads in between sees it gone or ended.
            ready.Remove(ended.Id);
            done.Add(ended.Id);
            queue.End(ended.Id);
        }
    }
}

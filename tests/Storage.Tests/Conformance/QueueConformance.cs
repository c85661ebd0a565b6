using Lambent.Kernel.Access;
using Lambent.Kernel.Queues;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class QueueConformance(StoreEngine engine) : StoreConformance(engine)
{
    private static readonly QueueLane Lane = new(Samples.Account, 7);

    [Fact]
    public async Task Queue_reads_back_the_same()
    {
        var queue = FullQueue("jobs.fifo");
        await WriteAsync(transaction => transaction.Queues.Put(queue));

        Store.Read(transaction => transaction.Queues.Get(queue.Id)).ShouldMatch(queue);
    }

    [Fact]
    public async Task List_keeps_accounts_apart_and_pages_by_name()
    {
        await WriteAsync(transaction =>
        {
            foreach (var name in new[] { "b", "a", "ab", "abc", "_" })
            {
                transaction.Queues.Put(NewQueue(name));
            }

            transaction.Queues.Put(NewQueue("a-other", Samples.OtherAccount));
        });

        List("", null, 10).ShouldBe(["_", "a", "ab", "abc", "b"]);
        List("a", null, 10).ShouldBe(["a", "ab", "abc"]);
        List("a", "a", 1).ShouldBe(["ab"]);

        IEnumerable<string> List(string prefix, string? after, int limit) => Store
            .Read(transaction => transaction.Queues.List(Samples.Account, prefix, after, limit))
            .Select(queue => queue.Id.Name);
    }

    [Fact]
    public async Task Numbers_are_never_given_twice()
    {
        var numbers = new List<long>();
        await WriteAsync(transaction => numbers.Add(transaction.Queues.NextNumber(Samples.Account)));
        Engine.Reopen();
        await WriteAsync(transaction => numbers.Add(transaction.Queues.NextNumber(Samples.Account)));
        await WriteAsync(transaction => numbers.Add(transaction.Queues.NextNumber(Samples.OtherAccount)));

        numbers.ShouldBe([1, 2, 1]);
    }

    [Fact]
    public async Task Message_reads_back_the_same()
    {
        var state = new MessageState
        {
            Sequence = 3,
            VisibleAt = Samples.Time.AddSeconds(3),
            SentAt = Samples.Time,
            RetainedFrom = Samples.Time.AddSeconds(1),
            ReceivedAt = Samples.Time.AddSeconds(2),
            FirstReceivedAt = Samples.Time.AddSeconds(1),
            ReceiveCount = 4,
            GroupId = "g",
        };
        var content = new MessageContent
        {
            Id = "id",
            Body = "Käse\0\r\n",
            Attributes = MessageContent.NoAttributes
                .Add("a", new MessageAttribute("String", "text", null))
                .Add("b", new MessageAttribute("Binary.x", null, [0, 1, 255])),
            SenderId = "sender",
            TraceHeader = "trace",
            GroupId = "g",
            DeduplicationId = "d",
            DeadLetterSourceArn = "arn",
        };
        await WriteAsync(transaction => transaction.Messages.Add(Lane, state, content));

        Store.Read(transaction => transaction.Messages.Find(Lane, 3)).ShouldMatch(state);
        Store.Read(transaction => transaction.Messages.Content(Lane, 3)).ShouldMatch(content);
        var changed = state with { VisibleAt = Samples.Time, ReceiveCount = 5, ReceivedAt = null };
        await WriteAsync(transaction => transaction.Messages.Change(Lane, changed));
        Store.Read(transaction => transaction.Messages.Find(Lane, 3)).ShouldMatch(changed);
        await WriteAsync(transaction => transaction.Messages.Delete(Lane, 3));
        Store.Read(transaction => transaction.Messages.Find(Lane, 3)).ShouldBeNull();
    }

    [Fact]
    public async Task After_reads_on_in_order_and_shares_count_by_group_and_priority()
    {
        static MessageState State(
            long sequence, string? group, int? priority, int visibleSeconds, bool isReceived) => new()
        {
            Sequence = sequence,
            VisibleAt = Samples.Time.AddSeconds(visibleSeconds),
            SentAt = Samples.Time.AddSeconds(-sequence),
            RetainedFrom = Samples.Time,
            ReceivedAt = isReceived ? Samples.Time : null,
            GroupId = group,
            Priority = priority,
        };
        await WriteAsync(transaction =>
        {
            foreach (var state in (MessageState[])
                [
                    State(1, "a", null, 0, false), State(2, "a", null, 9, true), State(3, "b", null, 7, false),
                    State(4, null, 0, 0, false), State(5, null, 9, 0, false),
                ])
            {
                transaction.Messages.Add(
                    Lane, state, new MessageContent { Id = $"{state.Sequence}", Body = "x", SenderId = "s" });
            }
        });

        Store.Read(transaction => transaction.Messages.After(Lane, null, 3, 10))
            .Select(state => (state.Sequence, state.Priority)).ShouldBe([(4, 0), (5, 9)]);
        Store.Read(transaction => transaction.Messages.After(Lane, "a", 0, 10))
            .Select(state => state.Sequence).ShouldBe([1, 2]);
        Store.Read(transaction => transaction.Messages.After(Lane, null, 0, 2)).Count.ShouldBe(2);
        var shares = Store.Read(transaction =>
            transaction.Messages.Shares(Lane, Samples.Time, Samples.Time.AddDays(-1), 10));
        shares[0].ShouldBe(new MessageShare(
            "a", null, new MessageCounts(1, 1, 0), Samples.Time.AddSeconds(-2), Samples.Time.AddSeconds(9)));
        shares.Count.ShouldBe(4);
        shares.ShouldContain(new MessageShare(
            "b", null, new MessageCounts(0, 0, 1), Samples.Time.AddSeconds(-3), Samples.Time.AddSeconds(7)));
        shares.ShouldContain(new MessageShare(
            null, 9, new MessageCounts(1, 0, 0), Samples.Time.AddSeconds(-5), null));
        Store.Read(transaction => transaction.Messages.Shares(Lane, Samples.Time, Samples.Time, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Visible_are_those_that_waited_longest_of_the_lane_alone()
    {
        await WriteAsync(transaction =>
        {
            Add(transaction.Messages, Lane, 1, Samples.Time.AddTicks(1));
            Add(transaction.Messages, Lane, 2, Samples.Time);
            Add(transaction.Messages, Lane, 3, Samples.Time.AddSeconds(-1));
            Add(transaction.Messages, new QueueLane(Samples.OtherAccount, 7), 4, Samples.Time);
            Add(transaction.Messages, new QueueLane(Samples.Account, 8), 5, Samples.Time);
        });

        Store.Read(transaction => transaction.Messages.Visible(Lane, Samples.Time, 10))
            .Select(state => state.Sequence).ShouldBe([3, 2]);
        Store.Read(transaction => transaction.Messages.NextVisible(Lane, Samples.Time))
            .ShouldBe(Samples.Time.AddTicks(1));
        Store.Read(transaction => transaction.Messages.Oldest(Lane, 2))
            .Select(state => state.Sequence).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Visible_of_a_priority_are_those_that_have_it()
    {
        await WriteAsync(transaction =>
        {
            Add(transaction.Messages, Lane, 1, Samples.Time, state => state with { Priority = 9 });
            Add(transaction.Messages, Lane, 2, Samples.Time.AddSeconds(-1), state => state with { Priority = 9 });
            Add(transaction.Messages, Lane, 3, Samples.Time.AddSeconds(1), state => state with { Priority = 9 });
            Add(transaction.Messages, Lane, 4, Samples.Time, state => state with { Priority = 0 });
            Add(transaction.Messages, Lane, 5, Samples.Time);
        });

        Of(9).ShouldBe([2, 1]);
        Of(0).ShouldBe([4]);
        Of(5).ShouldBeEmpty();
        Store.Read(transaction => transaction.Messages.Visible(Lane, Samples.Time, 10)).Count.ShouldBe(4);

        // A receive does not know the priority, and does not change it.
        await WriteAsync(transaction => transaction.Messages.Change(
            Lane, transaction.Messages.Find(Lane, 2)! with { VisibleAt = Samples.Time, ReceiveCount = 1 }));
        Of(9).ShouldBe([1, 2]);
        Store.Read(transaction => transaction.Messages.Visible(Lane, 9, Samples.Time, 1)).Single()
            .Priority.ShouldBe(9);

        IEnumerable<long> Of(int priority) => Store
            .Read(transaction => transaction.Messages.Visible(Lane, priority, Samples.Time, 10))
            .Select(state => state.Sequence);
    }

    [Fact]
    public async Task Counts_tell_visible_in_flight_and_delayed_apart()
    {
        var later = Samples.Time.AddSeconds(1);
        await WriteAsync(transaction =>
        {
            Add(transaction.Messages, Lane, 1, Samples.Time);
            Add(transaction.Messages, Lane, 2, later);
            Add(transaction.Messages, Lane, 3, later, state => state with { ReceivedAt = Samples.Time });
            Add(transaction.Messages, Lane, 4, later, state => state with { ReceivedAt = Samples.Time });
            Add(transaction.Messages, Lane, 5, Samples.Time, state => state with
            {
                RetainedFrom = Samples.Time.AddDays(-9),
            });
        });

        Store.Read(transaction => transaction.Messages.Count(Lane, Samples.Time, Samples.Time.AddDays(-1)))
            .ShouldBe(new MessageCounts(1, 2, 1));
        Store.Read(transaction => transaction.Messages.CountInFlight(Lane, Samples.Time)).ShouldBe(2);
        Store.Read(transaction => transaction.Messages.Count(Lane with { Number = 9 }, Samples.Time, Samples.Time))
            .ShouldBe(new MessageCounts(0, 0, 0));
    }

    [Fact]
    public async Task Groups_are_ordered_inside_and_available_by_time()
    {
        await WriteAsync(transaction =>
        {
            Add(transaction.Messages, Lane, 2, Samples.Time, state => state with { GroupId = "g" });
            Add(transaction.Messages, Lane, 1, Samples.Time, state => state with { GroupId = "g" });
            Add(transaction.Messages, Lane, 3, Samples.Time, state => state with { GroupId = "h" });
            transaction.Messages.SetGroup(Lane, "g", Samples.Time.AddSeconds(1));
            transaction.Messages.SetGroup(Lane, "h", Samples.Time);
            transaction.Messages.SetGroup(Lane, "gone", Samples.Time);
            transaction.Messages.SetGroup(Lane, "gone", null);
        });

        Store.Read(transaction => transaction.Messages.OfGroup(Lane, "g", 9))
            .Select(state => state.Sequence).ShouldBe([1, 2]);
        Store.Read(transaction => transaction.Messages.AvailableGroups(Lane, Samples.Time, 9)).ShouldBe(["h"]);
        Store.Read(transaction => transaction.Messages.NextGroup(Lane, Samples.Time))
            .ShouldBe(Samples.Time.AddSeconds(1));
    }

    [Fact]
    public async Task Sent_messages_count_until_their_time()
    {
        var sent = new SentMessage("id", 5);
        await WriteAsync(transaction =>
            transaction.Messages.PutSent(Samples.Account, 7, "key", sent, Samples.Time));

        Find(Samples.Time.AddTicks(-1)).ShouldBe(sent);
        Find(Samples.Time).ShouldBeNull();
        await WriteAsync(transaction => transaction.Messages.ForgetSent(Samples.Time, 10).ShouldBe(1));
        Find(Samples.Time.AddTicks(-1)).ShouldBeNull();

        SentMessage? Find(DateTimeOffset now) =>
            Store.Read(transaction => transaction.Messages.FindSent(Samples.Account, 7, "key", now));
    }

    [Fact]
    public async Task Discarded_lane_is_removed_in_steps_and_no_other()
    {
        var other = Lane with { Number = 8 };
        await WriteAsync(transaction =>
        {
            for (var sequence = 1; sequence <= 5; sequence++)
            {
                Add(transaction.Messages, Lane, sequence, Samples.Time, state => state with { GroupId = "g" });
            }

            transaction.Messages.SetGroup(Lane, "g", Samples.Time);
            Add(transaction.Messages, other, 1, Samples.Time);
            transaction.Queues.Discard(Lane);
        });

        var left = new List<int>();
        while (Store.Read(transaction => transaction.Queues.Discarded()) is { } lane)
        {
            lane.ShouldBe(Lane);
            await WriteAsync(transaction => transaction.Queues.RemoveSome(lane, 2));
            left.Add(Store.Read(transaction => transaction.Messages.Oldest(Lane, 9)).Count);
        }

        left.ShouldBe([3, 1, 0, 0]);
        Store.Read(transaction => transaction.Messages.Oldest(other, 9)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Tasks_are_listed_newest_first_and_active_ones_apart()
    {
        var source = new QueueId(Samples.Account, "dead");
        var first = new MoveTask
        {
            Id = "1",
            Source = source,
            Destination = new QueueId(Samples.Account, "jobs"),
            RateMax = 5,
            StartedAt = Samples.Time,
            Status = MoveTaskStatus.Failed,
            Moved = 3,
            ToMove = 4,
            FailureReason = "why",
        };
        var second = first with { Id = "2", StartedAt = Samples.Time.AddSeconds(1), Status = MoveTaskStatus.Running };
        await WriteAsync(transaction =>
        {
            transaction.Queues.PutTask(first);
            transaction.Queues.PutTask(second);
        });

        Store.Read(transaction => transaction.Queues.Tasks(source, 9)).ShouldBe([second, first]);
        Store.Read(transaction => transaction.Queues.ActiveTasks()).ShouldBe([second]);
    }

    private static void Add(
        IMessageTable messages,
        QueueLane lane,
        long sequence,
        DateTimeOffset visibleAt,
        Func<MessageState, MessageState>? change = null)
    {
        var state = new MessageState
        {
            Sequence = sequence, VisibleAt = visibleAt, SentAt = Samples.Time, RetainedFrom = Samples.Time,
        };
        messages.Add(
            lane, change?.Invoke(state) ?? state, new MessageContent { Id = "id", Body = "", SenderId = "s" });
    }

    private static Queue NewQueue(string name, AccountId? account = null) => new()
    {
        Id = new QueueId(account ?? Samples.Account, name),
        Number = 1,
        LaneNumber = 1,
        CreatedAt = Samples.Time,
        ModifiedAt = Samples.Time,
        Settings = new QueueSettings(),
    };

    private static Queue FullQueue(string name) => NewQueue(name) with
    {
        Number = 2,
        LaneNumber = 3,
        PurgedAt = Samples.Time,
        Tags = Queue.NoTags.Add("k", "v"),
        Settings = new QueueSettings
        {
            VisibilityTimeoutSeconds = 1,
            DelaySeconds = 2,
            MaximumMessageBytes = 2_000,
            RetentionSeconds = 4_000,
            ReceiveWaitSeconds = 5,
            Redrive = new RedrivePolicy("{}", new QueueId(Samples.Account, "dead.fifo"), 6),
            RedriveAllow = new RedriveAllowPolicy("{ }", "byQueue", ["arn"]),
            Policy = "{}",
            KmsMasterKeyId = "key",
            KmsDataKeyReusePeriodSeconds = 70,
            SqsManagedSse = false,
            ContentBasedDeduplication = true,
            DeduplicatesPerGroup = true,
            HasThroughputPerGroup = true,
        },
    };
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Leases;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class EventConformance(StoreEngine engine) : StoreConformance(engine)
{
    private static readonly AccountId Other = AccountId.Parse("999999999999");

    [Fact]
    public async Task Event_reads_back_the_same()
    {
        var accepted = Samples.FullEvent("e");
        await WriteAsync(transaction => transaction.Events.Add(accepted, EventState.Waiting));

        var read = Store.Read(transaction => transaction.Events.Get("e")).ShouldNotBeNull();
        read.State.ShouldBe(EventState.Waiting);
        read.Event.ShouldMatch(accepted);
        read.Event.Payload.ToArray().ShouldBe(accepted.Payload.ToArray());
    }

    [Fact]
    public async Task Event_with_an_empty_payload_keeps_it()
    {
        await AddAsync(Samples.Event("e") with { Payload = default });

        Store.Read(transaction => transaction.Events.Get("e"))!.Event.Payload.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Event_changed_keeps_its_payload()
    {
        await AddAsync(Samples.Event("e"));
        await WriteAsync(transaction => transaction.Events.Change(
            Samples.Event("e", Samples.Time.AddHours(1)) with { Attempts = 1, Payload = default }, EventState.Waiting)
            .ShouldBeTrue());

        var read = Store.Read(transaction => transaction.Events.Get("e"))!;
        read.State.ShouldBe(EventState.Waiting);
        read.Event.Attempts.ShouldBe(1);
        read.Event.DueAt.ShouldBe(Samples.Time.AddHours(1));
        read.Event.Payload.ToArray().ShouldBe("{}"u8.ToArray());
        await WriteAsync(transaction =>
            transaction.Events.Change(Samples.Event("never there"), EventState.Ready).ShouldBeFalse());
    }

    [Fact]
    public async Task Event_deleted_is_gone()
    {
        await AddAsync(Samples.Event("a"), Samples.Event("b"));
        await WriteAsync(transaction => transaction.Events.Delete("a").ShouldBeTrue());
        await WriteAsync(transaction => transaction.Events.Delete("a").ShouldBeFalse());

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(1);
        Store.Read(transaction => transaction.Events.Exists("a")).ShouldBeFalse();
        Store.Read(transaction => transaction.Events.Exists("b")).ShouldBeTrue();
    }

    [Fact]
    public async Task Ready_events_come_by_rank_and_id_behind_a_position()
    {
        await AddAsync(
            Samples.Event("late", Samples.Time.AddTicks(1)),
            Samples.Event("c"),
            Samples.Event("b"),
            Samples.Event("urgent") with { Policy = EventPolicy.None with { Priority = 2 } },
            Samples.Event("ancient", DateTimeOffset.UnixEpoch.AddYears(-5)));
        await WriteAsync(transaction => transaction.Events.Add(Samples.Event("waits"), EventState.Waiting));
        await WriteAsync(transaction => transaction.Events.Add(Samples.Event("dead"), EventState.Dead));

        var all = Ready(EventPosition.Start, 10);
        all.Events.Select(ready => ready.Id).ShouldBe(["ancient", "urgent", "b", "c", "late"]);
        all.IsAll.ShouldBeTrue();
        var first = Ready(EventPosition.Start, 3);
        first.Events.Select(ready => ready.Id).ShouldBe(["ancient", "urgent", "b"]);
        first.IsAll.ShouldBeFalse();
        Ready(first.Events[^1].Position, 10).Events.Select(ready => ready.Id).ShouldBe(["c", "late"]);
    }

    [Fact]
    public async Task Ready_events_stop_at_their_payloads()
    {
        await AddAsync([.. Enumerable.Range(0, 5).Select(n => Samples.Event($"{n}") with { Payload = new byte[100] })]);

        var read = Store.Read(transaction =>
            transaction.Events.Ready(Samples.Lane, EventPosition.Start, 10, payloadBytesMax: 250));
        read.Events.Count.ShouldBe(3);
        read.IsAll.ShouldBeFalse();
    }

    [Fact]
    public async Task Waiting_events_that_are_due_become_ready()
    {
        var other = Samples.Event("other", Samples.Time.AddSeconds(-1)) with
        {
            Target = DeliveryTarget.OfFunction(new FunctionId(Other, "g")),
        };
        await WriteAsync(transaction =>
        {
            transaction.Events.Add(Samples.Event("due"), EventState.Waiting);
            transaction.Events.Add(Samples.Event("later", Samples.Time.AddTicks(1)), EventState.Waiting);
            transaction.Events.Add(other, EventState.Waiting);
            transaction.Events.Add(Samples.Event("dead"), EventState.Dead);
        });
        Store.Read(transaction => transaction.Events.NextWaiting()).ShouldBe(other.DueAt);
        Store.Read(transaction => transaction.Events.ReadyLanes()).ShouldBeEmpty();

        var lanes = new HashSet<EventLane>();
        await WriteAsync(transaction => transaction.Events.Promote(Samples.Time, 10, lanes).ShouldBe(2));

        lanes.ShouldBe([Samples.Lane, other.Lane], ignoreOrder: true);
        Store.Read(transaction => transaction.Events.ReadyLanes())
            .ShouldBe([Samples.Lane, other.Lane], ignoreOrder: true);
        Ready(EventPosition.Start, 10).Events.ShouldHaveSingleItem().Id.ShouldBe("due");
        Store.Read(transaction => transaction.Events.NextWaiting()).ShouldBe(Samples.Time.AddTicks(1));
    }

    [Fact]
    public async Task Promotion_takes_the_longest_due_first()
    {
        await WriteAsync(transaction =>
        {
            foreach (var minute in new[] { 3, 1, 2 })
            {
                transaction.Events.Add(
                    Samples.Event($"{minute}", Samples.Time.AddMinutes(minute)), EventState.Waiting);
            }
        });

        await WriteAsync(transaction => transaction.Events.Promote(
            Samples.Time.AddHours(1), 2, new HashSet<EventLane>()).ShouldBe(2));

        Ready(EventPosition.Start, 10).Events.Select(ready => ready.Id).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task List_and_counts_are_by_account_line_and_state()
    {
        await AddAsync(Samples.Event("a"), Samples.Event("b", Samples.Time.AddHours(1)), Samples.Event("c") with
        {
            Target = DeliveryTarget.OfQueue(new QueueId(Samples.Account, "f")),
        });
        await WriteAsync(transaction => transaction.Events.Add(Samples.Event("d"), EventState.Dead));

        List(null, null, "").ShouldBe(["a", "b", "c", "d"]);
        List(Samples.Lane.Key, null, "").ShouldBe(["a", "b", "d"]);
        List(null, EventState.Dead, "").ShouldBe(["d"]);
        List(null, null, "b").ShouldBe(["c", "d"]);
        Store.Read(transaction => transaction.Events.List(Other, null, null, "", 10)).ShouldBeEmpty();
        var counts = Store.Read(transaction => transaction.Events.Counts(Samples.Account));
        counts.ShouldContain(new LaneCount(Samples.Lane, EventState.Ready, 2, Samples.Time));
        counts.ShouldContain(new LaneCount(Samples.Lane, EventState.Dead, 1, Samples.Time));
        counts.Count.ShouldBe(3);
        Store.Read(transaction => transaction.Events.Counts(Other)).ShouldBeEmpty();
        Store.Read(transaction => transaction.Events.Counts(null)).Count.ShouldBe(3);

        IEnumerable<string> List(string? lane, EventState? state, string after) => Store.Read(transaction =>
            transaction.Events.List(Samples.Account, lane, state, after, 10)).Select(stored => stored.Event.Id);
    }

    [Fact]
    public async Task Dead_events_are_deleted_when_their_time_is_over()
    {
        await WriteAsync(transaction =>
        {
            transaction.Events.Add(Samples.Event("old", Samples.Time.AddDays(-1)), EventState.Dead);
            transaction.Events.Add(Samples.Event("young"), EventState.Dead);
            transaction.Events.Add(Samples.Event("alive", Samples.Time.AddDays(-1)), EventState.Ready);
        });

        await WriteAsync(transaction => transaction.Events.DeleteDead(Samples.Time, 10).ShouldBe(1));

        Store.Read(transaction => transaction.Events.Exists("old")).ShouldBeFalse();
        Store.Read(transaction => transaction.Events.Count()).ShouldBe(2);
    }

    [Fact]
    public async Task Result_reads_back_until_it_expires()
    {
        var result = new EventResult
        {
            Id = "e",
            Target = DeliveryTarget.OfFunction(new FunctionId(Samples.Account, "f"), "live"),
            End = EventEnd.RetriesExhausted,
            AcceptedAt = Samples.Time,
            EndedAt = Samples.Time.AddMinutes(3),
            Attempts = 3,
            Payload = "null"u8.ToArray(),
            Error = "Error: no",
            DestinationError = "no such queue",
        };
        await WriteAsync(transaction => transaction.EventResults.Put(result));

        Read().ShouldNotBeNull().ShouldMatch(result);
        await WriteAsync(transaction =>
            transaction.EventResults.DeleteExpired(result.KeptUntil.AddTicks(-1), 10).ShouldBe(0));
        await WriteAsync(transaction => transaction.EventResults.DeleteExpired(result.KeptUntil, 10).ShouldBe(1));
        Read().ShouldBeNull();

        EventResult? Read() => Store.Read(transaction => transaction.EventResults.Get("e"));
    }

    [Fact]
    public async Task Idempotency_key_counts_in_its_line_until_it_expires()
    {
        var used = new EventKey("e", "digest", Samples.Time.AddDays(1));
        await WriteAsync(transaction => transaction.EventKeys.Put(Samples.Lane, "key", used));

        Find(Samples.Lane, Samples.Time).ShouldBe(used);
        Find(Samples.Lane, used.ExpiresAt).ShouldBeNull();
        Find(Samples.Lane with { Key = "function/g" }, Samples.Time).ShouldBeNull();
        Find(Samples.Lane with { Account = Other }, Samples.Time).ShouldBeNull();
        var again = used with { EventId = "f", ExpiresAt = Samples.Time.AddDays(3) };
        await WriteAsync(transaction => transaction.EventKeys.Put(Samples.Lane, "key", again));
        Find(Samples.Lane, Samples.Time.AddDays(2)).ShouldBe(again);
        await WriteAsync(transaction => transaction.EventKeys.DeleteExpired(again.ExpiresAt, 10).ShouldBe(1));
        Find(Samples.Lane, Samples.Time).ShouldBeNull();

        EventKey? Find(EventLane lane, DateTimeOffset now) =>
            Store.Read(transaction => transaction.EventKeys.Find(lane, "key", now));
    }

    [Fact]
    public async Task What_belongs_to_an_account_goes_with_it()
    {
        await AddAsync(Samples.Event("a"));
        await WriteAsync(transaction =>
        {
            transaction.EventKeys.Put(Samples.Lane, "key", new EventKey("a", "", Samples.Time.AddDays(1)));
            transaction.Events.DeleteOf(Other);
            transaction.EventKeys.DeleteOf(Other);
        });
        Store.Read(transaction => transaction.Events.Exists("a")).ShouldBeTrue();

        await WriteAsync(transaction =>
        {
            transaction.Events.DeleteOf(Samples.Account);
            transaction.EventKeys.DeleteOf(Samples.Account);
            transaction.EventResults.DeleteOf(Samples.Account);
        });

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(0);
        Store.Read(transaction => transaction.EventKeys.Find(Samples.Lane, "key", Samples.Time)).ShouldBeNull();
    }

    [Fact]
    public async Task Lease_reads_back_the_same()
    {
        Store.Read(transaction => transaction.Leases.Get("delivery")).ShouldBeNull();
        var lease = new Lease("delivery", "node-1", 1, Samples.Time);
        await WriteAsync(transaction => transaction.Leases.Put(lease));
        Store.Read(transaction => transaction.Leases.Get("delivery")).ShouldBe(lease);
        var next = lease with { Holder = "node-2", Epoch = 2 };
        await WriteAsync(transaction => transaction.Leases.Put(next));
        Store.Read(transaction => transaction.Leases.Get("delivery")).ShouldBe(next);
    }

    private Task<Result<Done>> AddAsync(params AsyncEvent[] events) => WriteAsync(transaction =>
    {
        foreach (var ready in events)
        {
            transaction.Events.Add(ready, EventState.Ready);
        }
    });

    private ReadyEvents Ready(EventPosition after, int limit) =>
        Store.Read(transaction => transaction.Events.Ready(Samples.Lane, after, limit, long.MaxValue));
}

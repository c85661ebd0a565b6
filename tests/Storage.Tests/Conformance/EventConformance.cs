using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class EventConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Event_reads_back_the_same()
    {
        var accepted = Samples.FullEvent("e");
        await WriteAsync(transaction => transaction.Events.Put(accepted));

        var read = Store.Read(transaction => transaction.Events.Due(accepted.DueAt, 10)).ShouldHaveSingleItem();
        read.ShouldMatch(accepted);
        read.Payload.ToArray().ShouldBe(accepted.Payload.ToArray());
    }

    [Fact]
    public async Task Event_with_an_empty_payload_keeps_it()
    {
        await WriteAsync(transaction => transaction.Events.Put(Samples.Event("e") with { Payload = default }));

        Store.Read(transaction => transaction.Events.Due(Samples.Time, 10)).ShouldHaveSingleItem()
            .Payload.Length.ShouldBe(0);
    }

    [Fact]
    public async Task Event_put_again_is_replaced()
    {
        await WriteAsync(transaction => transaction.Events.Put(Samples.Event("e")));
        await WriteAsync(transaction => transaction.Events.Put(
            Samples.Event("e", Samples.Time.AddHours(1)) with { Attempts = 1 }));

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(1);
        Store.Read(transaction => transaction.Events.Due(Samples.Time, 10)).ShouldBeEmpty();
        Store.Read(transaction => transaction.Events.Due(Samples.Time.AddHours(1), 10)).ShouldHaveSingleItem()
            .Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Due_gives_what_is_due_oldest_first()
    {
        await WriteAsync(transaction =>
        {
            transaction.Events.Put(Samples.Event("late", Samples.Time.AddTicks(1)));
            transaction.Events.Put(Samples.Event("c", Samples.Time));
            transaction.Events.Put(Samples.Event("a", Samples.Time.AddDays(-1)));
            transaction.Events.Put(Samples.Event("b", Samples.Time));
            transaction.Events.Put(Samples.Event("ancient", DateTimeOffset.UnixEpoch.AddYears(-5)));
        });

        Due(10).ShouldBe(["ancient", "a", "b", "c"]);
        Due(2).ShouldBe(["ancient", "a"]);

        IEnumerable<string> Due(int limit) => Store
            .Read(transaction => transaction.Events.Due(Samples.Time, limit)).Select(accepted => accepted.Id);
    }

    [Fact]
    public async Task NextDue_is_the_earliest_or_null()
    {
        Store.Read(transaction => transaction.Events.NextDue()).ShouldBeNull();
        await WriteAsync(transaction =>
        {
            transaction.Events.Put(Samples.Event("b", Samples.Time.AddSeconds(5)));
            transaction.Events.Put(Samples.Event("a", Samples.Time));
        });

        Store.Read(transaction => transaction.Events.NextDue()).ShouldBe(Samples.Time);
    }

    [Fact]
    public async Task Event_deleted_is_gone()
    {
        await WriteAsync(transaction => transaction.Events.Put(Samples.Event("a")));
        await WriteAsync(transaction => transaction.Events.Put(Samples.Event("b")));
        await WriteAsync(transaction => transaction.Events.Delete("a"));
        await WriteAsync(transaction => transaction.Events.Delete("never there"));

        Store.Read(transaction => transaction.Events.Count()).ShouldBe(1);
        Store.Read(transaction => transaction.Events.Due(Samples.Time, 10)).ShouldHaveSingleItem().Id.ShouldBe("b");
    }
}

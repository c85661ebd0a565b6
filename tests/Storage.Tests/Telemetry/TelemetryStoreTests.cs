using Lambent.Kernel.Access;
using Lambent.Kernel.Invocations;
using Lambent.Storage.Sqlite;
using Lambent.Storage.Telemetry;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Telemetry;

public sealed class TelemetryStoreTests
{
    [Fact]
    public void Closing_writes_what_was_accepted()
    {
        using var fixture = new TelemetryFixture();
        for (var number = 0; number < 1_000; number++)
        {
            fixture.Store.Write(TelemetryFixture.Line($"{number}", number));
        }

        fixture.Reopen();
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(1_000);
        fixture.Store.DamagedCopyPath.ShouldBeNull();
    }

    [Fact]
    public async Task Successes_beyond_the_budget_are_sampled_and_failures_all_kept()
    {
        using var fixture = new TelemetryFixture(options => options with { RecordsPerSecond = 100 });
        for (var second = 0; second < 3; second++)
        {
            for (var number = 0; number < 1_000; number++)
            {
                var outcome = number % 10 == 0 ? OutcomeKind.HandlerError : OutcomeKind.Success;
                fixture.Store.Record(TelemetryFixture.Record($"{second}-{number:d4}", second, outcome));
            }

            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await fixture.Store.FlushAsync();
        var kept = fixture.Store.ListInvocations(TelemetryFixture.Query() with { Limit = 10_000 }).Value.Items;
        kept.Count(record => record.Outcome != OutcomeKind.Success).ShouldBe(300);
        kept.Count(record => record.Outcome == OutcomeKind.Success).ShouldBe(300);
        var thirdSecond = kept.Where(record => record.RequestId.StartsWith("2-", StringComparison.Ordinal))
            .Where(record => record.Outcome == OutcomeKind.Success).ToList();
        thirdSecond.Max(record => int.Parse(record.RequestId[2..])).ShouldBeGreaterThan(950);
        fixture.Store.Counters.ShouldBe(new TelemetryCounters(600, 2_400, 0, 0, 0, 0));
        fixture.Store.Counters.DroppedCount.ShouldBe(2_400);
    }

    [Fact]
    public async Task Lines_beyond_the_budget_are_dropped_and_counted()
    {
        using var fixture = new TelemetryFixture(options => options with { LinesPerSecond = 10 });
        for (var number = 0; number < 25; number++)
        {
            fixture.Store.Write(TelemetryFixture.Line($"{number}", number));
        }

        await fixture.Store.FlushAsync();
        fixture.Store.Counters.LinesKept.ShouldBe(10);
        fixture.Store.Counters.LinesDropped.ShouldBe(15);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        fixture.Store.Write(TelemetryFixture.Line("later", 99));
        await fixture.Store.FlushAsync();
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(11);
    }

    [Fact]
    public void Queue_without_room_drops_and_counts_and_keeps_a_quarter_for_failures()
    {
        var options = new TelemetryOptions { Path = "", QueuedItemsMax = 100 };
        var queue = new TelemetryQueue(options, new ManualTime());
        for (var number = 0; number < 200; number++)
        {
            queue.Add(TelemetryFixture.Record("r"));
        }

        queue.Add(TelemetryFixture.Line("x", 0));
        for (var number = 0; number < 50; number++)
        {
            queue.Add(TelemetryFixture.Record("r", outcome: OutcomeKind.Exited));
        }

        // Half of three quarters, then half of the whole: the rest is for other accounts.
        var counters = queue.Count(0);
        counters.ShouldBe(new TelemetryCounters(50, 0, 200, 0, 1, 0) { LogDrops = counters.LogDrops });
        counters.LogDrops.LinesFor(LogDropReason.Queue).ShouldBe(1);
    }

    [Fact]
    public void Flood_of_one_account_drops_nothing_of_another()
    {
        var options = new TelemetryOptions
        {
            Path = "", RecordsPerSecond = 80, LinesPerSecond = 80, QueuedItemsMax = 400,
        };
        var queue = new TelemetryQueue(options, new ManualTime());
        var other = TelemetryFixture.Function with { Account = Samples.OtherAccount };
        for (var number = 0; number < 1_000; number++)
        {
            queue.Add(TelemetryFixture.Line("flood", 0));
            queue.Add(TelemetryFixture.Record("flood"));
            queue.Add(TelemetryFixture.Record("flood", outcome: OutcomeKind.Exited));
        }

        var before = queue.Count(0);
        for (var number = 0; number < 5; number++)
        {
            queue.Add(TelemetryFixture.Line("quiet", 0, function: other));
            queue.Add(TelemetryFixture.Record("quiet", function: other));
            queue.Add(TelemetryFixture.Record("quiet", outcome: OutcomeKind.Exited, function: other));
        }

        queue.Count(0).ShouldBe(before with
        {
            LinesKept = before.LinesKept + 5, RecordsKept = before.RecordsKept + 10,
        });
    }

    [Fact]
    public void Room_is_given_anew_once_the_writer_took_what_waited()
    {
        var queue = new TelemetryQueue(new TelemetryOptions { Path = "", QueuedItemsMax = 8 }, new ManualTime());
        var batch = new List<object>();
        for (var round = 1; round <= 3; round++)
        {
            for (var number = 0; number < 10; number++)
            {
                queue.Add(TelemetryFixture.Line("x", 0));
            }

            queue.Count(0).LinesKept.ShouldBe(3 * round);
            queue.Take(ref batch, mayWait: false, []);
            batch.Clear();
        }
    }

    [Fact]
    public void Accounts_that_were_quiet_are_forgotten_and_found_again()
    {
        var time = new ManualTime();
        var queue = new TelemetryQueue(
            new TelemetryOptions { Path = "", LinesPerSecond = 1, QueuedItemsMax = 65_536 }, time);
        for (var round = 1; round <= 2; round++)
        {
            for (var account = 0; account < 3_000; account++)
            {
                var function = TelemetryFixture.Function with { Account = AccountId.Parse($"{account:d12}") };
                queue.Add(TelemetryFixture.Line("x", 0, function: function));
            }

            queue.Count(0).LinesKept.ShouldBe(3_000 * round);
            time.Advance(TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public void Queue_is_bounded_by_bytes_too()
    {
        var options = new TelemetryOptions { Path = "", QueuedBytesMax = 1_000_000 };
        var queue = new TelemetryQueue(options, new ManualTime());
        for (var number = 0; number < 100; number++)
        {
            queue.Add(TelemetryFixture.Line(new string('x', 50_000), 0));
        }

        queue.Count(0).LinesKept.ShouldBe(4);
    }

    [Fact]
    public async Task Prune_removes_what_is_too_old()
    {
        using var fixture = new TelemetryFixture(options => options with { LinesPerSecond = 1_000_000 });
        for (var number = 0; number < 12_000; number++)
        {
            fixture.Store.Write(TelemetryFixture.Line($"{number}", number));
        }

        fixture.Store.Record(TelemetryFixture.Record("old"));
        fixture.Store.Record(TelemetryFixture.Record("new", 12_000));
        await fixture.Store.FlushAsync();

        (await fixture.Store.PruneAsync(Samples.Time.AddSeconds(11_000))).ShouldBe(11_001);
        fixture.Store.ReadLog(TelemetryFixture.Query() with { Limit = 1 }).Value.Items[0].Text.ShouldBe("11000");
        fixture.Store.ListInvocations(TelemetryFixture.Query()).Value.Items.ShouldHaveSingleItem()
            .RequestId.ShouldBe("new");
        (await fixture.Store.PruneAsync(Samples.Time.AddSeconds(11_000))).ShouldBe(0);
    }

    [Fact]
    public async Task Prune_removes_the_oldest_of_what_is_too_much()
    {
        using var fixture = new TelemetryFixture(options => options with
        {
            LinesPerSecond = 1_000_000, QueuedBytesMax = 100_000_000,
        });
        var text = new string('x', 400);
        for (var number = 0; number < 20_000; number++)
        {
            fixture.Store.Write(TelemetryFixture.Line(text, number));
        }

        await fixture.Store.FlushAsync();
        (await fixture.Store.PruneAsync(DateTimeOffset.MinValue, 5_000_000)).ShouldBeGreaterThan(0);

        using var connection = SqliteConnection.Open(fixture.Options.Path, SqliteAccess.Reader);
        TelemetryRetention.UsedBytes(connection).ShouldBeLessThanOrEqualTo(5_000_000);
        var newest = fixture.Store.ReadLog(TelemetryFixture.Query() with { NewestFirst = true, Limit = 1 }).Value;
        newest.Items[0].Time.ShouldBe(Samples.Time.AddSeconds(19_999));
        (await fixture.Store.PruneAsync(DateTimeOffset.MinValue, 0)).ShouldBeGreaterThan(0);
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forgotten_account_is_gone_and_others_stay()
    {
        using var fixture = new TelemetryFixture();
        var foreign = TelemetryFixture.Function with { Account = Samples.OtherAccount };
        fixture.Store.Record(TelemetryFixture.Record("r"));
        fixture.Store.Record(TelemetryFixture.Record("s", function: foreign));
        fixture.Store.Write(TelemetryFixture.Line("x", 0));
        await fixture.Store.FlushAsync();

        (await fixture.Store.ForgetAsync(Samples.Account)).ShouldBe(2);
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.ShouldBeEmpty();
        fixture.Store.ListInvocations(new TelemetryQuery { Account = Samples.OtherAccount }).Value.Items
            .ShouldHaveSingleItem();

        fixture.Store.Write(TelemetryFixture.Line("again", 1));
        await fixture.Store.FlushAsync();
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Damaged_database_is_put_aside()
    {
        using var fixture = new TelemetryFixture();
        fixture.Store.Dispose();
        await File.WriteAllTextAsync(fixture.Options.Path, new string('x', 5_000));
        fixture.Reopen();

        fixture.Store.DamagedCopyPath.ShouldBe(fixture.Options.Path + ".damaged");
        File.Exists(fixture.Store.DamagedCopyPath).ShouldBeTrue();
        fixture.Store.Write(TelemetryFixture.Line("x", 0));
        await fixture.Store.FlushAsync();
        fixture.Store.ReadLog(TelemetryFixture.Query()).Value.Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Concurrent_callers_are_all_heard()
    {
        using var fixture = new TelemetryFixture(options => options with { LinesPerSecond = 1_000_000 });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() =>
        {
            for (var number = 0; number < 1_000; number++)
            {
                fixture.Store.Write(TelemetryFixture.Line($"{caller}", number));
                fixture.Store.Record(TelemetryFixture.Record($"{caller}-{number}", outcome: OutcomeKind.HandlerError));
            }
        })));
        await fixture.Store.FlushAsync();

        fixture.Store.Counters.ShouldBe(new TelemetryCounters(8_000, 0, 0, 8_000, 0, 0));
        fixture.Store.ReadLog(TelemetryFixture.Query() with { Limit = 10_000 }).Value.Items.Count.ShouldBe(10_000);
    }

    [Fact]
    public async Task Handing_over_does_not_allocate()
    {
        using var fixture = new TelemetryFixture(options => options with
        {
            RecordsPerSecond = 1_000_000, WriteDelay = TimeSpan.FromSeconds(10),
        });
        var record = TelemetryFixture.Record("r");
        for (var number = 0; number < 5_000; number++)
        {
            fixture.Store.Record(record);
        }

        // The two lists have grown to their size when each was filled once.
        await fixture.Store.FlushAsync();
        for (var number = 0; number < 5_000; number++)
        {
            fixture.Store.Record(record);
        }

        await fixture.Store.FlushAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var number = 0; number < 4_000; number++)
        {
            fixture.Store.Record(record);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}

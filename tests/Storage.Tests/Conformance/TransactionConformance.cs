using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class TransactionConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Write_returns_the_value_of_its_body()
    {
        var result = await Store.WriteAsync<string>(_ => "value");

        result.Value.ShouldBe("value");
    }

    [Fact]
    public async Task Write_that_fails_leaves_nothing_and_returns_its_error()
    {
        var error = new Error(ErrorCode.ResourceConflict, "no");
        var result = await Store.WriteAsync<Done>(transaction =>
        {
            transaction.Settings.Put("a", [1]);
            return error;
        });

        result.Error.ShouldBe(error);
        Setting("a").ShouldBeNull();
    }

    [Fact]
    public async Task Write_that_throws_leaves_nothing_and_throws_the_same()
    {
        var thrown = await Should.ThrowAsync<ArithmeticException>(WriteAsync(transaction =>
        {
            transaction.Settings.Put("a", [1]);
            throw new ArithmeticException("bug");
        }));

        thrown.Message.ShouldBe("bug");
        Setting("a").ShouldBeNull();
    }

    [Fact]
    public async Task Write_sees_what_it_wrote_itself()
    {
        var result = await Store.WriteAsync<byte>(transaction =>
        {
            transaction.Settings.Put("a", [7]);
            return transaction.Settings.Get("a")![0];
        });

        result.Value.ShouldBe((byte)7);
    }

    [Fact]
    public async Task Failing_writes_among_others_do_not_harm_them()
    {
        using var writerHeld = new ManualResetEventSlim();
        var first = WriteAsync(_ => writerHeld.Wait());
        var others = Enumerable.Range(0, 300).Select(number => Store.WriteAsync<int>(transaction =>
        {
            transaction.Settings.Put($"{number}", [1]);
            return (number % 3) switch
            {
                0 => number,
                1 => new Error(ErrorCode.LimitExceeded, "no"),
                _ => throw new ArithmeticException("bug"),
            };
        })).ToList();
        writerHeld.Set();
        await first;
        await Task.WhenAll(others).ContinueWith(_ => { }, TaskScheduler.Default);

        for (var number = 0; number < others.Count; number++)
        {
            (Setting($"{number}") is not null).ShouldBe(number % 3 == 0);
            others[number].IsFaulted.ShouldBe(number % 3 == 2);
        }
    }

    [Fact]
    public async Task Writes_that_wait_share_one_commit()
    {
        using var writerHeld = new ManualResetEventSlim();
        using var writerRuns = new ManualResetEventSlim();
        var first = WriteAsync(transaction =>
        {
            writerRuns.Set();
            writerHeld.Wait();
            transaction.Settings.Put("first", [1]);
        });
        writerRuns.Wait();
        var commitsBefore = Engine.CommitCount;
        var writes = Enumerable.Range(0, 500)
            .Select(number => WriteAsync(transaction => transaction.Settings.Put($"{number}", [1])))
            .ToList();
        writerHeld.Set();
        await first;
        await Task.WhenAll(writes);

        (Engine.CommitCount - commitsBefore).ShouldBe(2);
        Engine.WriteCount.ShouldBe(501);
    }

    [Fact]
    public async Task Thousand_concurrent_writers_each_count_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => WriteAsync(transaction =>
        {
            var count = BitConverter.ToInt32(transaction.Settings.Get("count") ?? new byte[4]);
            transaction.Settings.Put("count", BitConverter.GetBytes(count + 1));
        }))));

        BitConverter.ToInt32(Setting("count").ShouldNotBeNull()).ShouldBe(1_000);
        Engine.CommitCount.ShouldBeLessThanOrEqualTo(1_000);
    }

    [Fact]
    public async Task Writers_beyond_the_queue_wait_for_room()
    {
        using var writerHeld = new ManualResetEventSlim();
        var first = WriteAsync(_ => writerHeld.Wait());
        var writes = Enumerable.Range(0, 3_000)
            .Select(number => WriteAsync(transaction => transaction.Settings.Put($"{number}", [1])))
            .ToList();
        writerHeld.Set();
        await first;
        await Task.WhenAll(writes);

        Engine.WriteCount.ShouldBe(3_001);
    }

    [Fact]
    public async Task Read_keeps_its_snapshot_while_others_write()
    {
        await WriteAsync(transaction => transaction.Settings.Put("a", [1]));

        var (before, after) = Store.Read(transaction =>
        {
            var first = transaction.Settings.Get("a");
            // The writer has a thread of its own, so waiting for it here cannot deadlock; that is the point.
            WriteAsync(other => other.Settings.Put("a", [2])).Wait();
            return (first, transaction.Settings.Get("a"));
        });

        before.ShouldBe([1]);
        after.ShouldBe([1]);
        Setting("a").ShouldBe([2]);
    }

    [Fact]
    public async Task Read_does_not_see_a_write_before_its_commit()
    {
        var seen = Array.Empty<byte>();
        await WriteAsync(transaction =>
        {
            transaction.Settings.Put("a", [1]);
            seen = Setting("a");
        });

        seen.ShouldBeNull();
        Setting("a").ShouldBe([1]);
    }

    [Fact]
    public void Read_that_writes_throws()
    {
        Should.Throw<InvalidOperationException>(() => Store.Read(transaction =>
        {
            transaction.Settings.Put("a", [1]);
            return 0;
        }));

        Setting("a").ShouldBeNull();
    }

    [Fact]
    public void Reads_nest_and_run_at_the_same_time()
    {
        var sum = Store.Read(outer => Store.Read(inner => outer.Events.Count() + inner.Events.Count()));

        sum.ShouldBe(0);
    }

    [Fact]
    public async Task Table_kept_beyond_its_transaction_throws()
    {
        ISettingTable? kept = null;
        await WriteAsync(transaction => kept = transaction.Settings);
        Should.Throw<InvalidOperationException>(() => kept!.Put("a", [1]));

        kept = Store.Read(transaction => transaction.Settings);
        Should.Throw<InvalidOperationException>(() => kept.Get("a"));
    }

    [Fact]
    public async Task Write_cancelled_while_it_waits_is_not_run()
    {
        using var writerHeld = new ManualResetEventSlim();
        using var writerRuns = new ManualResetEventSlim();
        var first = WriteAsync(_ =>
        {
            writerRuns.Set();
            writerHeld.Wait();
        });
        writerRuns.Wait();
        using var cancellation = new CancellationTokenSource();
        var cancelled = Store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Settings.Put("a", [1]);
                return Done.Value;
            },
            cancellation.Token);
        await cancellation.CancelAsync();
        writerHeld.Set();
        await first;

        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        Setting("a").ShouldBeNull();
        await Should.ThrowAsync<OperationCanceledException>(
            Store.WriteAsync<Done>(_ => Done.Value, cancellation.Token));
    }

    private byte[]? Setting(string name) => Store.Read(transaction => transaction.Settings.Get(name));
}

using Lambent.Kernel.Events;
using System.Diagnostics;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Sqlite;

public sealed class DiskFullTests
{
    [Fact]
    public async Task Write_too_large_for_the_disk_fails_alone()
    {
        using var engine = new SqliteEngine(pagesMax: 200);
        using var writerHeld = new ManualResetEventSlim();
        using var writerRuns = new ManualResetEventSlim();
        var first = engine.WriteAsync(_ =>
        {
            writerRuns.Set();
            writerHeld.Wait();
        });
        writerRuns.Wait();
        var before = engine.WriteAsync(transaction => transaction.Settings.Put("before", [1]));
        var large = engine.WriteAsync(transaction => transaction.Settings.Put("large", new byte[1_000_000]));
        var after = engine.WriteAsync(transaction => transaction.Settings.Put("after", [1]));
        writerHeld.Set();
        await first;

        (await before).IsSuccess.ShouldBeTrue();
        (await Should.ThrowAsync<StoreException>(large)).Code.ShouldBe(ErrorCode.DiskFull);
        (await after).IsSuccess.ShouldBeTrue();
        engine.Reopen();
        engine.Store.Read(transaction => transaction.Settings.Get("before")).ShouldBe([1]);
        engine.Store.Read(transaction => transaction.Settings.Get("large")).ShouldBeNull();
        engine.Store.Read(transaction => transaction.Settings.Get("after")).ShouldBe([1]);
    }

    [Fact]
    public async Task Full_database_refuses_reads_on_and_accepts_again_after_deletes()
    {
        using var engine = new SqliteEngine(pagesMax: 200);
        var stored = 0;
        StoreException? refusal = null;
        while (refusal is null)
        {
            try
            {
                var id = $"{stored}";
                await engine.WriteAsync(transaction => transaction.Events.Add(
                    Samples.Event(id) with { Payload = new byte[10_000] }, EventState.Ready));
                stored++;
            }
            catch (StoreException full)
            {
                refusal = full;
            }
        }

        refusal.Code.ShouldBe(ErrorCode.DiskFull);
        engine.Store.Read(transaction => transaction.Events.Count()).ShouldBe(stored);
        await engine.WriteAsync(transaction =>
        {
            transaction.Events.Delete("0");
            transaction.Events.Delete("1");
        });
        await engine.WriteAsync(transaction => transaction.Events.Add(Samples.Event("new"), EventState.Ready));
        engine.Store.Read(transaction => transaction.Events.Count()).ShouldBe(stored - 1);
    }

    [Fact]
    public async Task Full_database_refuses_messages_reads_on_and_takes_some_again_after_deletes()
    {
        using var engine = new SqliteEngine(pagesMax: 300);
        var lane = new QueueLane(Samples.Account, 7);
        var body = new string('x', 10_000);
        var sequences = new List<long>();
        StoreException? refusal = null;
        while (refusal is null)
        {
            try
            {
                var sequence = sequences.Count + 1;
                await engine.WriteAsync(transaction => Add(transaction, lane, sequence, body));
                sequences.Add(sequence);
            }
            catch (StoreException full)
            {
                refusal = full;
            }
        }

        refusal.Code.ShouldBe(ErrorCode.DiskFull);
        sequences.Count.ShouldBeGreaterThan(10);
        engine.Store.Read(transaction => transaction.Messages.Visible(lane, Samples.Time, 1_000)).Count
            .ShouldBe(sequences.Count);
        engine.Store.Read(transaction => transaction.Messages.Content(lane, sequences[^1])).Body.ShouldBe(body);

        // Taking messages, and deleting them, needs no more space than there was.
        await engine.WriteAsync(transaction => transaction.Messages.Change(
            lane, transaction.Messages.Find(lane, 1)! with { VisibleAt = Samples.Time.AddSeconds(30) }));
        await engine.WriteAsync(transaction =>
        {
            transaction.Messages.Delete(lane, 1);
            transaction.Messages.Delete(lane, 2);
        });
        await engine.WriteAsync(transaction => Add(transaction, lane, 1_000, body));
        engine.Reopen();
        engine.Store.Read(transaction => transaction.Messages.Visible(lane, Samples.Time, 1_000)).Count
            .ShouldBe(sequences.Count - 1);
    }

    [Fact]
    public async Task Disk_with_errors_refuses_a_message_and_takes_the_next()
    {
        using var engine = new SqliteEngine();
        var lane = new QueueLane(Samples.Account, 7);
        await engine.WriteAsync(transaction => Add(transaction, lane, 1, "before"));
        engine.FailNextCommitForSync();
        var refusal = await Should.ThrowAsync<StoreException>(
            () => engine.WriteAsync(transaction => Add(transaction, lane, 2, "lost")));

        refusal.Code.ShouldBe(ErrorCode.StoreUnavailable);
        engine.Store.Read(transaction => transaction.Messages.Visible(lane, Samples.Time, 9)).Count.ShouldBe(1);
        await engine.WriteAsync(transaction => transaction.Messages.Delete(lane, 1));
        await engine.WriteAsync(transaction => Add(transaction, lane, 3, "after"));
        engine.Store.Read(transaction => transaction.Messages.Visible(lane, Samples.Time, 9))
            .Select(state => state.Sequence).ShouldBe([3]);
    }

    [Fact]
    public async Task Body_that_swallows_the_lost_transaction_writes_nothing_outside_of_it()
    {
        using var engine = new SqliteEngine(pagesMax: 200);
        var write = engine.WriteAsync(transaction =>
        {
            transaction.Settings.Put("a", [1]);
            try
            {
                transaction.Settings.Put("large", new byte[1_000_000]);
            }
            catch (SqliteException)
            {
            }

            transaction.Settings.Put("b", [1]);
        });

        await Should.ThrowAsync<StoreException>(write);
        engine.Store.Read(transaction => transaction.Settings.Get("a")).ShouldBeNull();
        engine.Store.Read(transaction => transaction.Settings.Get("b")).ShouldBeNull();
    }

    [Fact]
    public async Task Full_file_system_refuses_and_accepts_again_when_there_is_space()
    {
        using var folder = new TemporaryFolder();
        using var disk = TinyDisk.TryMount(folder["disk"], "3m");
        if (disk is null)
        {
            Assert.Skip("needs the right to mount a tmpfs");
        }

        var path = Path.Combine(disk.Path, "lambent.db");
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1_000_000]);
        var acknowledged = new List<string>();
        using (var store = SqliteStore.Open(new SqliteStoreOptions { Path = path }, TimeProvider.System))
        {
            var refusal = await FillAsync(store, acknowledged);
            refusal.Code.ShouldBe(ErrorCode.DiskFull);
            store.Read(transaction => transaction.Events.Count()).ShouldBe(acknowledged.Count);

            File.Delete(ballast);
            var again = await store.WriteAsync<Done>(transaction =>
            {
                transaction.Events.Add(Samples.Event("again"), EventState.Ready);
                return Done.Value;
            });
            again.IsSuccess.ShouldBeTrue();
            acknowledged.Add("again");
        }

        using var reopened = SqliteStore.Open(new SqliteStoreOptions { Path = path }, TimeProvider.System);
        reopened.Read(transaction => Samples.ReadyEvents(transaction))
            .Select(accepted => accepted.Id).Order().ShouldBe(acknowledged.Order());
    }

    private static void Add(ITransaction transaction, QueueLane lane, long sequence, string body) =>
        transaction.Messages.Add(
            lane,
            new MessageState
            {
                Sequence = sequence, VisibleAt = Samples.Time, SentAt = Samples.Time, RetainedFrom = Samples.Time,
            },
            new MessageContent { Id = $"{sequence}", Body = body, SenderId = "s" });

    private static async Task<StoreException> FillAsync(SqliteStore store, List<string> acknowledged)
    {
        while (true)
        {
            var id = $"{acknowledged.Count}";
            try
            {
                await store.WriteAsync<Done>(transaction =>
                {
                    transaction.Events.Add(Samples.Event(id) with { Payload = new byte[20_000] }, EventState.Ready);
                    return Done.Value;
                });
                acknowledged.Add(id);
            }
            catch (StoreException full)
            {
                return full;
            }
        }
    }

    /// <summary>A file system of its own, small.</summary>
    private sealed class TinyDisk : IDisposable
    {
        public required string Path { get; init; }

        public static TinyDisk? TryMount(string path, string size)
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            {
                return null;
            }

            Directory.CreateDirectory(path);
            using var mount = Process.Start("mount", ["-t", "tmpfs", "-o", $"size={size}", "tmpfs", path]);
            mount.WaitForExit();
            return mount.ExitCode == 0 ? new TinyDisk { Path = path } : null;
        }

        public void Dispose()
        {
            using var unmount = Process.Start("umount", [Path]);
            unmount.WaitForExit();
        }
    }
}

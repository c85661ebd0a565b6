using Lambent.Kernel.Events;
using System.Diagnostics;
using Lambent.Kernel;
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

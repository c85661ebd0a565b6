using System.Reflection;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Sqlite;

public sealed class SqliteStoreTests
{
    [Fact]
    public void Writer_syncs_every_commit()
    {
        using var folder = new TemporaryFolder();
        using var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter);

        connection.QueryText("PRAGMA journal_mode").ShouldBe("wal");
        connection.QueryNumber("PRAGMA synchronous").ShouldBe(2);
        connection.QueryNumber("PRAGMA foreign_keys").ShouldBe(1);
    }

    [Fact]
    public void Missing_library_says_what_to_install()
    {
        var refusal = Should.Throw<StoreException>(
            () => SqliteLibrary.Find(Assembly.GetExecutingAssembly(), ["libnosuchthing.so.0"]));

        refusal.Code.ShouldBe(ErrorCode.StoreUnavailable);
        refusal.Message.ShouldContain("libnosuchthing.so.0");
        if (OperatingSystem.IsLinux())
        {
            refusal.Message.ShouldContain("apt-get install libsqlite3-0");
        }
    }

    [Fact]
    public void Database_is_readable_by_its_owner_alone()
    {
        using var engine = new SqliteEngine();
        engine.Store.Read(transaction => transaction.Events.Count());
        foreach (var suffix in new[] { "", "-wal", "-shm" })
        {
            if (!OperatingSystem.IsWindows())
            {
                File.GetUnixFileMode(engine.DatabasePath + suffix)
                    .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    [Fact]
    public async Task Closing_empties_the_log()
    {
        using var engine = new SqliteEngine();
        await engine.WriteAsync(transaction => transaction.Settings.Put("a", [1]));
        engine.Close();

        File.Exists(engine.DatabasePath + "-wal").ShouldBeFalse();
    }

    [Fact]
    public void Folder_that_is_missing_is_refused()
    {
        using var folder = new TemporaryFolder();

        Should.Throw<StoreException>(() => SqliteStore.Open(
                new SqliteStoreOptions { Path = Path.Combine(folder["missing"], "a.db") }, TimeProvider.System))
            .Message.ShouldContain("missing");
    }

    [Fact]
    public async Task More_readers_than_connections_wait_their_turn()
    {
        using var folder = new TemporaryFolder();
        using var store = SqliteStore.Open(
            new SqliteStoreOptions { Path = folder["a.db"], ReadersMax = 2 }, TimeProvider.System);

        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            _ => Task.Run(() => store.Read(transaction => transaction.Events.Count()))));

        counts.ShouldAllBe(count => count == 0);
    }
}

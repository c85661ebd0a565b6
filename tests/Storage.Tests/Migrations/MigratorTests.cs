using System.Text.RegularExpressions;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Storage;
using Lambent.Storage.Migrations;
using Lambent.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Migrations;

public sealed class MigratorTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Steps_are_applied_once_and_recorded()
    {
        using var folder = new TemporaryFolder();
        SqliteStore.Open(new SqliteStoreOptions { Path = folder["a.db"] }, time).Dispose();
        SqliteStore.Open(new SqliteStoreOptions { Path = folder["a.db"] }, time).Dispose();

        using var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter);
        connection.QueryNumber("SELECT COUNT(*) FROM schema_migrations").ShouldBe(MigrationList.All.Count);
    }

    [Fact]
    public void Versions_count_from_one_without_gaps() =>
        MigrationList.All.Select(step => step.Version).ShouldBe(Enumerable.Range(1, MigrationList.All.Count));

    [Fact]
    public void Newer_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        SqliteStore.Open(new SqliteStoreOptions { Path = folder["a.db"] }, time).Dispose();
        using (var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter))
        {
            connection.Execute("INSERT INTO schema_migrations VALUES (99, 'future', 'x', 0)");
        }

        var refusal = Should.Throw<StoreException>(
            () => SqliteStore.Open(new SqliteStoreOptions { Path = folder["a.db"] }, time));
        refusal.Message.ShouldContain("schema 99, from a newer Lambent");
    }

    [Fact]
    public void Edited_step_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter);
        new Migrator(connection, time).Run([new Migration(1, "one", _ => "CREATE TABLE a (b TEXT)")]);

        var refusal = Should.Throw<StoreException>(() =>
            new Migrator(connection, time).Run([new Migration(1, "one", _ => "CREATE TABLE a (b TEXT, c TEXT)")]));
        refusal.Message.ShouldContain("schema step 1 (one)");
    }

    [Fact]
    public void Step_that_fails_leaves_nothing_and_the_ones_before()
    {
        using var folder = new TemporaryFolder();
        using var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter);
        var first = new Migration(1, "one", _ => "CREATE TABLE a (b TEXT)");
        var broken = new Migration(2, "two", _ => "CREATE TABLE c (d TEXT); INSERT INTO nowhere VALUES (1)");

        Should.Throw<SqliteException>(() => new Migrator(connection, time).Run([first, broken]));

        connection.QueryNumber("SELECT COUNT(*) FROM schema_migrations").ShouldBe(1);
        connection.QueryNumber("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'c'").ShouldBe(0);
        var mended = broken with { Statements = _ => "CREATE TABLE c (d TEXT)" };
        new Migrator(connection, time).Run([first, mended]);
        connection.QueryNumber("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'c'").ShouldBe(1);
    }

    /// <summary>Each released schema, with records as that release wrote them, must open and read for ever.</summary>
    [Theory]
    [InlineData("version-1.sql")]
    public async Task Database_of_a_released_version_opens_reads_and_takes_writes(string script)
    {
        using var folder = new TemporaryFolder();
        using (var connection = SqliteConnection.Open(folder["a.db"], SqliteAccess.DurableWriter))
        {
            connection.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Migrations", script)));
        }

        using var store = SqliteStore.Open(new SqliteStoreOptions { Path = folder["a.db"] }, time);
        var full = Samples.FullFunction("full");
        full = full with
        {
            LastWorking = null,
            Provisioned = full.Provisioned.Clear(),
            EventInvokeConfigs = full.EventInvokeConfigs.Clear(),
        };
        Samples.ToJson(store.Read(transaction => transaction.Functions.Get(full.Id))).ShouldBe(AsReleased(full));
        store.Read(transaction => transaction.Accounts.Get(Samples.Account))
            .ShouldMatch(Samples.FullAccount(Samples.Account));
        store.Read(transaction => transaction.Accounts.GetKey("AKIA1"))
            .ShouldMatch(Samples.Key("AKIA1", Samples.Account));
        Samples.ToJson(store.Read(transaction => transaction.Layers.Get(Samples.Account, "l", 1)))
            .ShouldBe(AsReleased(Samples.FullLayer("l", 1)));
        var old = store.Read(transaction => transaction.Events.Get("e")).ShouldNotBeNull();
        var sample = Samples.FullEvent("e");
        old.State.ShouldBe(EventState.Waiting);
        old.Event.ShouldMatch(sample with
        {
            Source = "invoke",
            FirstDueAt = sample.AcceptedAt,
            LastError = null,
            IsCancelled = false,
            Policy = EventPolicy.None,
        });
        var lanes = new HashSet<EventLane>();
        (await store.WriteAsync<int>(transaction => transaction.Events.Promote(sample.DueAt, 10, lanes))).Value
            .ShouldBe(1);
        lanes.ShouldBe([Samples.Lane]);
        Samples.ToJson(store.Read(transaction => transaction.Blobs.Get(Samples.Account, "b", "k")))
            .ShouldBe(AsReleased(Samples.Blob("b", "k")));
        store.Read(transaction => transaction.Settings.Get("s")).ShouldBe([1, 2, 3]);
        await store.WriteAsync<long>(transaction =>
        {
            var function = transaction.Functions.Get(new FunctionId(Samples.Account, "full"))!;
            transaction.Functions.Put(function, function with { ReservedConcurrency = null });
            return transaction.Layers.NextVersion(Samples.Account, "l");
        });
    }

    /// <summary>The first version's records do not say how large a package is once unpacked.</summary>
    private static string AsReleased<T>(T sample) =>
        Regex.Replace(Samples.ToJson(sample), "\"UnzippedBytes\":[0-9]+", "\"UnzippedBytes\":null");
}

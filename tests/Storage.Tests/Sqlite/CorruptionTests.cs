using Lambent.Kernel.Events;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sqlite;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Sqlite;

public sealed class CorruptionTests
{
    [Fact]
    public async Task Flipped_bit_in_a_document_is_not_served()
    {
        using var engine = new SqliteEngine();
        await engine.WriteAsync(transaction => transaction.Accounts.Put(Samples.FullAccount(Samples.Account)));
        await engine.WriteAsync(transaction => transaction.Accounts.Put(Samples.FullAccount(Samples.OtherAccount)));
        engine.Close();
        Damage(engine.DatabasePath, "Account 111122223333", "Account 111122223332");
        engine.Reopen();

        var refusal = Should.Throw<StoreException>(() =>
            engine.Store.Read(transaction => transaction.Accounts.Get(Samples.Account)));
        refusal.Message.ShouldContain("damaged");
        await Should.ThrowAsync<StoreException>(
            engine.WriteAsync(transaction => transaction.Accounts.Get(Samples.Account)));
        engine.Store.Read(transaction => transaction.Accounts.Get(Samples.OtherAccount)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Flipped_bit_in_a_payload_is_not_served()
    {
        using var engine = new SqliteEngine();
        await engine.WriteAsync(transaction => transaction.Events.Add(
            Samples.Event("e") with { Payload = "a payload to find"u8.ToArray() }, EventState.Ready));
        engine.Close();
        Damage(engine.DatabasePath, "a payload to find", "a payload to fine");
        engine.Reopen();

        Should.Throw<StoreException>(() =>
            engine.Store.Read(transaction => Samples.ReadyEvents(transaction)));
    }

    [Theory]
    [InlineData("due_at = due_at + 1")]
    [InlineData("lane = 'function/g'")]
    [InlineData("account_id = '111122223332'")]
    [InlineData("event_id = 'f'")]
    public async Task Damaged_column_of_an_event_is_not_served(string damage)
    {
        using var engine = new SqliteEngine();
        await engine.WriteAsync(transaction => transaction.Events.Add(Samples.Event("e"), EventState.Ready));
        engine.Close();
        using (var connection = SqliteConnection.Open(engine.DatabasePath, SqliteAccess.DurableWriter))
        {
            connection.Execute($"UPDATE events SET {damage}");
        }

        engine.Reopen();

        Should.Throw<StoreException>(() => engine.Store.Read(transaction =>
            transaction.Events.Get("e") ?? transaction.Events.Get("f")))
            .Message.ShouldContain("damaged");
    }

    [Fact]
    public void File_that_is_no_database_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["lambent.db"], new string('x', 10_000));

        var refusal = Should.Throw<StoreException>(() => Open(folder["lambent.db"]));
        refusal.Code.ShouldBe(ErrorCode.StoreUnavailable);
        refusal.Message.ShouldContain("damaged");
        refusal.Message.ShouldContain(folder["lambent.db"]);
    }

    [Fact]
    public async Task Damaged_page_is_found_at_open_and_when_read()
    {
        using var engine = new SqliteEngine();
        await engine.WriteAsync(transaction =>
        {
            for (var number = 0; number < 5_000; number++)
            {
                transaction.Events.Add(Samples.Event($"{number:d6}"), EventState.Ready);
            }
        });
        engine.Close();
        using (var file = new FileStream(engine.DatabasePath, FileMode.Open))
        {
            // The first pages hold the schema, without which the database does not open at all.
            var pages = file.Length / 4096;
            for (var page = pages * 2 / 3; page < pages; page++)
            {
                file.Position = page * 4096;
                file.Write(Enumerable.Repeat((byte)0xAB, 200).ToArray());
            }
        }

        Should.Throw<StoreException>(() => Open(engine.DatabasePath)).Message.ShouldContain("damaged");
        using var unchecked_ = SqliteStore.Open(
            new SqliteStoreOptions { Path = engine.DatabasePath, CheckedAtOpenBytesMax = 0 }, TimeProvider.System);
        Should.Throw<StoreException>(() =>
                unchecked_.Read(transaction => Samples.ReadyEvents(transaction)))
            .Code.ShouldBe(ErrorCode.StoreUnavailable);
    }

    private static SqliteStore Open(string path) =>
        SqliteStore.Open(new SqliteStoreOptions { Path = path }, TimeProvider.System);

    private static void Damage(string path, string find, string replacement)
    {
        var bytes = File.ReadAllBytes(path);
        var position = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(find));
        position.ShouldBeGreaterThan(0);
        Encoding.UTF8.GetBytes(replacement).CopyTo(bytes, position);
        File.WriteAllBytes(path, bytes);
    }
}

using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class BrowserSessionConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Session_reads_back_the_same_after_a_restart()
    {
        var session = Session("one");
        await WriteAsync(transaction => transaction.BrowserSessions.Put(session));
        Engine.Reopen();
        Store.Read(transaction => transaction.BrowserSessions.Get(Samples.Account, "one")).ShouldMatch(session);
    }

    [Fact]
    public async Task Put_replaces_what_was_there()
    {
        var session = Session("one");
        await WriteAsync(transaction => transaction.BrowserSessions.Put(session));
        var used = session with { LastUsedAt = session.LastUsedAt.AddHours(1) };
        await WriteAsync(transaction => transaction.BrowserSessions.Put(used));
        Store.Read(transaction => transaction.BrowserSessions.List(Samples.Account)).ShouldHaveSingleItem()
            .LastUsedAt.ShouldBe(used.LastUsedAt);
    }

    [Fact]
    public async Task Sessions_of_accounts_are_kept_apart()
    {
        await WriteAsync(transaction =>
        {
            transaction.BrowserSessions.Put(Session("one"));
            transaction.BrowserSessions.Put(Session("two"));
            transaction.BrowserSessions.Put(Session("one") with { Account = Samples.OtherAccount });
        });

        await WriteAsync(transaction => transaction.BrowserSessions.Delete(Samples.OtherAccount, "two"));
        Ids(Samples.Account).ShouldBe(["one", "two"]);
        await WriteAsync(transaction => transaction.BrowserSessions.Delete(Samples.Account, "two"));
        Ids(Samples.Account).ShouldBe(["one"]);
        await WriteAsync(transaction => transaction.BrowserSessions.DeleteOf(Samples.Account));
        Ids(Samples.Account).ShouldBeEmpty();
        Ids(Samples.OtherAccount).ShouldBe(["one"]);

        IEnumerable<string> Ids(AccountId account) => Store
            .Read(transaction => transaction.BrowserSessions.List(account)).Select(session => session.Id);
    }

    private static BrowserSession Session(string id) => new()
    {
        Id = id,
        Account = Samples.Account,
        CookieHash = new string('a', 64),
        ProofHash = new string('b', 64),
        BegunAt = new DateTimeOffset(2026, 11, 22, 4, 0, 0, TimeSpan.Zero),
        LastUsedAt = new DateTimeOffset(2026, 11, 22, 5, 0, 0, TimeSpan.Zero),
        UserAgent = "a browser",
    };
}

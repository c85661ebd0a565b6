using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class AccountConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Account_put_and_read_back_is_the_same()
    {
        await WriteAsync(transaction => transaction.Accounts.Put(Samples.FullAccount(Samples.Account)));

        Store.Read(transaction => transaction.Accounts.Get(Samples.Account))
            .ShouldBe(Samples.FullAccount(Samples.Account));
        Store.Read(transaction => transaction.Accounts.Get(Samples.OtherAccount)).ShouldBeNull();
    }

    [Fact]
    public async Task Account_put_again_is_replaced()
    {
        var changed = Samples.FullAccount(Samples.Account) with { Name = "new", ConcurrencyLimit = 0 };
        await WriteAsync(transaction => transaction.Accounts.Put(Samples.FullAccount(Samples.Account)));
        await WriteAsync(transaction => transaction.Accounts.Put(changed));

        Store.Read(transaction => transaction.Accounts.List()).ShouldBe([changed]);
    }

    [Fact]
    public async Task Accounts_list_in_the_order_of_their_ids()
    {
        await WriteAsync(transaction =>
        {
            transaction.Accounts.Put(Samples.FullAccount(Samples.OtherAccount));
            transaction.Accounts.Put(Samples.FullAccount(AccountId.Root));
            transaction.Accounts.Put(Samples.FullAccount(Samples.Account));
        });

        Store.Read(transaction => transaction.Accounts.List()).Select(account => account.Id)
            .ShouldBe([AccountId.Root, Samples.Account, Samples.OtherAccount]);
    }

    [Fact]
    public async Task Account_deleted_takes_its_keys_along_and_no_others()
    {
        await WriteAsync(transaction =>
        {
            transaction.Accounts.Put(Samples.FullAccount(Samples.Account));
            transaction.Accounts.Put(Samples.FullAccount(Samples.OtherAccount));
            transaction.Accounts.PutKey(Samples.Key("AKIA1", Samples.Account));
            transaction.Accounts.PutKey(Samples.Key("AKIA2", Samples.OtherAccount));
        });
        await WriteAsync(transaction => transaction.Accounts.Delete(Samples.Account));

        Store.Read(transaction => transaction.Accounts.Get(Samples.Account)).ShouldBeNull();
        Store.Read(transaction => transaction.Accounts.GetKey("AKIA1")).ShouldBeNull();
        Store.Read(transaction => transaction.Accounts.GetKey("AKIA2")).ShouldNotBeNull();
        Store.Read(transaction => transaction.Accounts.Get(Samples.OtherAccount)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Account_with_functions_is_not_deleted()
    {
        await WriteAsync(transaction =>
        {
            transaction.Accounts.Put(Samples.FullAccount(Samples.Account));
            transaction.Functions.Put(null, Samples.Function("f"));
        });

        await Should.ThrowAsync<InvalidOperationException>(
            WriteAsync(transaction => transaction.Accounts.Delete(Samples.Account)));
        Store.Read(transaction => transaction.Accounts.Get(Samples.Account)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_are_found_by_id_and_listed_by_account()
    {
        await WriteAsync(transaction =>
        {
            transaction.Accounts.PutKey(Samples.Key("AKIAB", Samples.Account));
            transaction.Accounts.PutKey(Samples.Key("AKIAA", Samples.Account));
            transaction.Accounts.PutKey(Samples.Key("AKIAC", Samples.OtherAccount));
        });

        Store.Read(transaction => transaction.Accounts.GetKey("AKIAB"))
            .ShouldBe(Samples.Key("AKIAB", Samples.Account));
        Store.Read(transaction => transaction.Accounts.GetKey("akiab")).ShouldBeNull();
        Store.Read(transaction => transaction.Accounts.ListKeys(Samples.Account)).Select(key => key.Id)
            .ShouldBe(["AKIAA", "AKIAB"]);
    }

    [Fact]
    public async Task Key_deleted_is_gone()
    {
        await WriteAsync(transaction => transaction.Accounts.PutKey(Samples.Key("AKIA1", Samples.Account)));
        await WriteAsync(transaction => transaction.Accounts.DeleteKey("AKIA1"));
        await WriteAsync(transaction => transaction.Accounts.DeleteKey("never there"));

        Store.Read(transaction => transaction.Accounts.GetKey("AKIA1")).ShouldBeNull();
        Store.Read(transaction => transaction.Accounts.ListKeys(Samples.Account)).ShouldBeEmpty();
    }
}

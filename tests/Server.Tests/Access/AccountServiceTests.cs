using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Server.Access;
using Lambent.Server.Tests.Memory;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

public sealed class AccountServiceTests
{
    private readonly InMemoryStore store = new();
    private readonly AccessKeyDirectory directory;
    private readonly AccountService accounts;

    public AccountServiceTests()
    {
        directory = new AccessKeyDirectory(store);
        accounts = new AccountService(store, directory, new ShiftedTime(VerifierBench.Noon));
    }

    [Fact]
    public async Task Root_is_made_once_and_keeps_its_key()
    {
        var first = (await accounts.EnsureRootAsync()).Value;
        var second = (await accounts.EnsureRootAsync()).Value;
        second.ShouldBe(first);
        first.Account.ShouldBe(AccountId.Root);
        first.Id.ShouldMatch("^AKIA[A-Z2-7]{16}$");
        first.Secret.Length.ShouldBe(40);
        accounts.List().ShouldHaveSingleItem().Id.ShouldBe(AccountId.Root);
    }

    [Fact]
    public async Task Account_is_made_with_twelve_digits_and_one_key()
    {
        var created = (await accounts.CreateAsync("Team Blue ✓")).Value;
        created.Account.Id.Value.ShouldMatch("^[1-9][0-9]{11}$");
        created.Account.Name.ShouldBe("Team Blue ✓");
        created.Account.CreatedAt.ShouldBe(VerifierBench.Noon);
        created.Key.Account.ShouldBe(created.Account.Id);
        directory.Find(created.Key.Id)!.Principal.Account.ShouldBe(created.Account.Id);
        accounts.ListKeys(created.Account.Id).Value.ShouldHaveSingleItem().ShouldBe(created.Key);
    }

    [Fact]
    public async Task Account_with_a_taken_id_is_refused_and_leaves_nothing()
    {
        var id = AccountId.Parse("123456789012");
        (await accounts.CreateAsync("one", id)).IsSuccess.ShouldBeTrue();
        (await accounts.CreateAsync("two", id)).Error!.Code.ShouldBe(ErrorCode.ResourceConflict);
        accounts.List().ShouldHaveSingleItem().Name.ShouldBe("one");
        accounts.ListKeys(id).Value.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\nb")]
    [InlineData("123456789012345678901234567890123456789012345678901")]
    public async Task Name_that_is_none_is_refused(string name) =>
        (await accounts.CreateAsync(name)).Error!.Code.ShouldBe(ErrorCode.InvalidParameter);

    [Fact]
    public async Task Root_account_is_never_deleted()
    {
        await accounts.EnsureRootAsync();
        (await accounts.DeleteAsync(AccountId.Root)).Error!.Code.ShouldBe(ErrorCode.NotSupported);
    }

    [Fact]
    public async Task Last_key_of_the_root_is_never_deleted()
    {
        var first = (await accounts.EnsureRootAsync()).Value;
        (await accounts.DeleteKeyAsync(AccountId.Root, first.Id)).Error!.Code.ShouldBe(ErrorCode.ResourceConflict);
        var second = (await accounts.CreateKeyAsync(AccountId.Root)).Value;
        (await accounts.DeleteKeyAsync(AccountId.Root, first.Id)).IsSuccess.ShouldBeTrue();
        directory.Find(first.Id).ShouldBeNull();
        (await accounts.DeleteKeyAsync(AccountId.Root, second.Id)).Error!.Code.ShouldBe(ErrorCode.ResourceConflict);
        directory.Find(second.Id).ShouldNotBeNull();
    }

    [Fact]
    public async Task Other_account_may_lose_its_last_key()
    {
        var created = (await accounts.CreateAsync("team")).Value;
        (await accounts.DeleteKeyAsync(created.Account.Id, created.Key.Id)).IsSuccess.ShouldBeTrue();
        accounts.ListKeys(created.Account.Id).Value.ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_of_another_account_is_not_found()
    {
        var root = (await accounts.EnsureRootAsync()).Value;
        var created = (await accounts.CreateAsync("team")).Value;
        (await accounts.DeleteKeyAsync(created.Account.Id, root.Id)).Error!.Code.ShouldBe(ErrorCode.ResourceNotFound);
        directory.Find(root.Id).ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_of_an_account_are_limited()
    {
        var created = (await accounts.CreateAsync("team")).Value;
        for (var count = 1; count < Limits.AccessKeysPerAccountMax; count++)
        {
            (await accounts.CreateKeyAsync(created.Account.Id)).IsSuccess.ShouldBeTrue();
        }

        (await accounts.CreateKeyAsync(created.Account.Id)).Error!.Code.ShouldBe(ErrorCode.LimitExceeded);
    }

    [Fact]
    public async Task Account_with_functions_or_layers_stays()
    {
        var created = (await accounts.CreateAsync("team")).Value;
        var id = created.Account.Id;
        var function = AccessServer.NewFunction(new FunctionId(id, "hello"));
        await store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Put(null, function);
            return Done.Value;
        });
        (await accounts.DeleteAsync(id)).Error!.Message.ShouldContain("still has 1 function:");

        await store.WriteAsync<Done>(transaction =>
        {
            transaction.Functions.Delete(function.Id);
            transaction.Layers.Put(new LayerVersion
            {
                Account = id,
                Name = "tools",
                Version = 1,
                Content = new PackageReference(new string('0', 64), 1),
                CreatedAt = VerifierBench.Noon,
            });
            return Done.Value;
        });
        (await accounts.DeleteAsync(id)).Error!.Message.ShouldContain("still has layers");
        directory.Find(created.Key.Id).ShouldNotBeNull();

        await store.WriteAsync<Done>(transaction =>
        {
            transaction.Layers.Delete(id, "tools", 1);
            return Done.Value;
        });
        (await accounts.DeleteAsync(id)).IsSuccess.ShouldBeTrue();
        directory.Find(created.Key.Id).ShouldBeNull();
        (await accounts.DeleteAsync(id)).Error!.Code.ShouldBe(ErrorCode.AccountNotFound);
        (await accounts.CreateKeyAsync(id)).Error!.Code.ShouldBe(ErrorCode.AccountNotFound);
        accounts.ListKeys(id).Error!.Code.ShouldBe(ErrorCode.AccountNotFound);
    }

    [Fact]
    public async Task What_is_kept_outside_the_store_goes_with_the_account_and_before_its_id_is_given_again()
    {
        var forgotten = new List<AccountId>();
        var service = new AccountService(store, directory, new ShiftedTime(VerifierBench.Noon))
        {
            ForgetAsync = account =>
            {
                forgotten.Add(account);
                return Task.CompletedTask;
            },
        };
        var id = AccountId.Parse("123456789012");
        (await service.DeleteAsync(id)).IsSuccess.ShouldBeFalse();
        forgotten.ShouldBeEmpty();

        await service.CreateAsync("one", id);
        forgotten.ShouldBe([id]);
        (await service.CreateAsync("two", id)).IsSuccess.ShouldBeFalse();
        forgotten.ShouldBe([id]);

        await service.DeleteAsync(id);
        forgotten.ShouldBe([id, id]);
    }

    [Fact]
    public async Task Directory_loads_the_keys_of_every_account()
    {
        var root = (await accounts.EnsureRootAsync()).Value;
        var created = (await accounts.CreateAsync("team")).Value;
        var fresh = new AccessKeyDirectory(store);
        fresh.Find(root.Id).ShouldBeNull();
        fresh.Load();
        fresh.Find(root.Id)!.Principal.Account.ShouldBe(AccountId.Root);
        fresh.Find(created.Key.Id)!.Principal.Account.ShouldBe(created.Account.Id);
    }

    [Fact]
    public async Task Refresh_keeps_the_entries_of_keys_that_stay()
    {
        var root = (await accounts.EnsureRootAsync()).Value;
        var before = directory.Find(root.Id);
        await accounts.CreateKeyAsync(AccountId.Root);
        directory.Find(root.Id).ShouldBeSameAs(before);
    }
}

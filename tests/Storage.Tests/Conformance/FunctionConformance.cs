using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class FunctionConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Function_with_everything_set_reads_back_the_same()
    {
        var function = Samples.FullFunction("full");
        await WriteAsync(transaction => transaction.Functions.Put(null, function));

        var read = Get("full").ShouldNotBeNull();
        read.ShouldMatch(function);
        read.Aliases.KeyComparer.ShouldBe(StringComparer.Ordinal);
        read.Latest.Variables.ShouldNotBeNull().KeyComparer.ShouldBe(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Function_with_nothing_optional_reads_back_the_same()
    {
        var function = Samples.Function("bare");
        await WriteAsync(transaction => transaction.Functions.Put(null, function));

        var read = Get("bare").ShouldNotBeNull();
        read.ShouldMatch(function);
        read.Latest.Variables.ShouldBeNull();
        read.Latest.Layers.IsDefault.ShouldBeFalse();
    }

    [Fact]
    public async Task Function_name_is_case_sensitive_and_account_bound()
    {
        await WriteAsync(transaction =>
        {
            transaction.Functions.Put(null, Samples.Function("Name"));
            transaction.Functions.Put(null, Samples.Function("other", Samples.OtherAccount));
        });

        Get("Name").ShouldNotBeNull();
        Get("name").ShouldBeNull();
        Get("other").ShouldBeNull();
        Store.Read(transaction => transaction.Functions.Count(Samples.Account)).ShouldBe(1);
        Store.Read(transaction => transaction.Functions.List(Samples.Account, null, 10)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Put_stores_the_difference_of_the_versions()
    {
        var before = Samples.FullFunction("f");
        await WriteAsync(transaction => transaction.Functions.Put(null, before));
        await WriteAsync(transaction =>
        {
            var read = transaction.Functions.Get(before.Id)!;
            var versions = read.Versions
                .Remove(2)
                .SetItem(1, read.Versions[1] with { StateReason = "changed" })
                .Add(11, Samples.FullVersion("11"));
            transaction.Functions.Put(read, read with { Versions = versions, LastPublishedVersion = 11 });
        });

        var after = Get("f").ShouldNotBeNull();
        after.Versions.Keys.ShouldBe([1, 10, 11]);
        after.Versions[1].StateReason.ShouldBe("changed");
        after.Versions[10].ShouldMatch(before.Versions[10]);
        after.LastPublishedVersion.ShouldBe(11);
    }

    [Fact]
    public async Task Function_deleted_takes_its_versions_along()
    {
        await WriteAsync(transaction => transaction.Functions.Put(null, Samples.FullFunction("f")));
        await WriteAsync(transaction => transaction.Functions.Put(null, Samples.FullFunction("g")));
        await WriteAsync(transaction => transaction.Functions.Delete(Samples.FullFunction("f").Id));
        Get("f").ShouldBeNull();

        await WriteAsync(transaction => transaction.Functions.Put(null, Samples.Function("f")));
        Get("f").ShouldNotBeNull().Versions.ShouldBeEmpty();
        Get("g").ShouldNotBeNull().Versions.Count.ShouldBe(3);
    }

    [Fact]
    public async Task List_pages_in_the_order_of_the_names()
    {
        string[] names = ["a", "B", "c-1", "c", "Z", "_"];
        await WriteAsync(transaction =>
        {
            foreach (var name in names)
            {
                transaction.Functions.Put(null, Samples.FullFunction(name));
            }
        });

        var seen = new List<string>();
        string? after = null;
        while (Store.Read(transaction => transaction.Functions.List(Samples.Account, after, 2)) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(2);
            page.ShouldAllBe(function => function.Versions.Count == 3);
            seen.AddRange(page.Select(function => function.Id.Name));
            after = seen[^1];
        }

        seen.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task All_gives_every_account_and_outlives_the_transaction()
    {
        await WriteAsync(transaction =>
        {
            transaction.Functions.Put(null, Samples.FullFunction("b"));
            transaction.Functions.Put(null, Samples.Function("a", Samples.OtherAccount));
        });

        Store.Read(transaction => transaction.Functions.All()).Select(function => function.Id.ToString())
            .ShouldBe(["111122223333:b", "444455556666:a"]);
    }

    private Function? Get(string name) =>
        Store.Read(transaction => transaction.Functions.Get(new FunctionId(Samples.Account, name)));
}

using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class LayerConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Layer_reads_back_the_same()
    {
        await WriteAsync(transaction => transaction.Layers.Put(Samples.FullLayer("l", 1)));

        Store.Read(transaction => transaction.Layers.Get(Samples.Account, "l", 1))
            .ShouldMatch(Samples.FullLayer("l", 1));
        Store.Read(transaction => transaction.Layers.Get(Samples.OtherAccount, "l", 1)).ShouldBeNull();
        Store.Read(transaction => transaction.Layers.Get(Samples.Account, "l", 2)).ShouldBeNull();
    }

    [Fact]
    public async Task Layer_put_again_is_replaced()
    {
        await WriteAsync(transaction => transaction.Layers.Put(Samples.FullLayer("l", 1)));
        await WriteAsync(transaction => transaction.Layers.Put(Samples.FullLayer("l", 1) with { Policy = null }));

        Store.Read(transaction => transaction.Layers.Get(Samples.Account, "l", 1)).ShouldNotBeNull()
            .Policy.ShouldBeNull();
    }

    [Fact]
    public async Task Version_numbers_are_never_used_again()
    {
        (await NextVersionAsync("l")).ShouldBe(1);
        await WriteAsync(transaction => transaction.Layers.Put(Samples.Layer("l", 1)));
        await WriteAsync(transaction => transaction.Layers.Delete(Samples.Account, "l", 1));

        (await NextVersionAsync("l")).ShouldBe(2);
        (await NextVersionAsync("other")).ShouldBe(1);
        Store.Read(transaction => transaction.Layers.Get(Samples.Account, "l", 1)).ShouldBeNull();
    }

    [Fact]
    public async Task Versions_list_newest_first_in_pages()
    {
        await WriteAsync(transaction =>
        {
            foreach (var version in new long[] { 1, 2, 9, 10, 11 })
            {
                transaction.Layers.Put(Samples.Layer("l", version));
            }

            transaction.Layers.Put(Samples.Layer("l", 5, Samples.OtherAccount));
        });

        List(null, 2).ShouldBe([11, 10]);
        List(10, 2).ShouldBe([9, 2]);
        List(2, 2).ShouldBe([1]);
        List(1, 2).ShouldBeEmpty();

        IEnumerable<long> List(long? before, int limit) => Store
            .Read(transaction => transaction.Layers.ListVersions(Samples.Account, "l", before, limit))
            .Select(layer => layer.Version);
    }

    [Fact]
    public async Task Newest_of_each_layer_list_by_name_in_pages()
    {
        await WriteAsync(transaction =>
        {
            transaction.Layers.Put(Samples.Layer("b", 1));
            transaction.Layers.Put(Samples.Layer("b", 2));
            transaction.Layers.Put(Samples.Layer("a", 7));
            transaction.Layers.Put(Samples.Layer("c", 3));
            transaction.Layers.Put(Samples.Layer("a", 9, Samples.OtherAccount));
        });

        List(null, 2).ShouldBe(["a:7", "b:2"]);
        List("b", 2).ShouldBe(["c:3"]);

        IEnumerable<string> List(string? after, int limit) => Store
            .Read(transaction => transaction.Layers.ListNewest(Samples.Account, after, limit))
            .Select(layer => $"{layer.Name}:{layer.Version}");
    }

    private async Task<long> NextVersionAsync(string name) =>
        (await Store.WriteAsync<long>(transaction => transaction.Layers.NextVersion(Samples.Account, name))).Value;
}

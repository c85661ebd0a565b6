using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class BlobConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Fact]
    public async Task Blob_reads_back_the_same_and_only_for_its_account()
    {
        await WriteAsync(transaction => transaction.Blobs.Put(Samples.Blob("b", "dir/key ü")));

        Get(Samples.Account, "dir/key ü").ShouldBe(Samples.Blob("b", "dir/key ü"));
        Get(Samples.OtherAccount, "dir/key ü").ShouldBeNull();
        Get(Samples.Account, "dir/key").ShouldBeNull();
    }

    [Fact]
    public async Task Bucket_exists_while_it_holds_something()
    {
        await WriteAsync(transaction => transaction.Blobs.Put(Samples.Blob("b", "k")));
        Store.Read(transaction => transaction.Blobs.BucketExists(Samples.Account, "b")).ShouldBeTrue();
        Store.Read(transaction => transaction.Blobs.BucketExists(Samples.OtherAccount, "b")).ShouldBeFalse();

        await WriteAsync(transaction => transaction.Blobs.Delete(Samples.Account, "b", "k"));
        Store.Read(transaction => transaction.Blobs.BucketExists(Samples.Account, "b")).ShouldBeFalse();
        Get(Samples.Account, "k").ShouldBeNull();
    }

    [Fact]
    public async Task Blob_put_again_is_replaced()
    {
        var changed = Samples.Blob("b", "k") with { Content = Samples.Package(9) };
        await WriteAsync(transaction => transaction.Blobs.Put(Samples.Blob("b", "k")));
        await WriteAsync(transaction => transaction.Blobs.Put(changed));

        Get(Samples.Account, "k").ShouldBe(changed);
    }

    [Fact]
    public async Task List_pages_in_the_order_of_the_keys()
    {
        string[] keys = ["b", "a/1", "a", "ä", "A"];
        await WriteAsync(transaction =>
        {
            foreach (var key in keys)
            {
                transaction.Blobs.Put(Samples.Blob("b", key));
                transaction.Blobs.Put(Samples.Blob("c", key));
                transaction.Blobs.Put(Samples.Blob("b", key, Samples.OtherAccount));
            }
        });

        List(null, 3).ShouldBe(["A", "a", "a/1"]);
        List("a/1", 3).ShouldBe(["b", "ä"]);
        List("ä", 3).ShouldBeEmpty();

        IEnumerable<string> List(string? after, int limit) => Store
            .Read(transaction => transaction.Blobs.List(Samples.Account, "b", after, limit)).Select(blob => blob.Key);
    }

    private Kernel.Packages.Blob? Get(AccountId account, string key) =>
        Store.Read(transaction => transaction.Blobs.Get(account, "b", key));
}

using System.Collections.Immutable;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class ObjectConformance(StoreEngine engine) : StoreConformance(engine)
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Bucket_reads_back_the_same_and_only_for_its_account()
    {
        await WriteAsync(transaction =>
        {
            transaction.Buckets.Put(new Bucket(Samples.Account, "b", Time));
            transaction.Buckets.Put(new Bucket(Samples.Account, "a", Time));
            transaction.Buckets.Put(new Bucket(Samples.OtherAccount, "c", Time));
        });
        Engine.Reopen();

        Store.Read(t => t.Buckets.Get(Samples.Account, "b")).ShouldBe(new Bucket(Samples.Account, "b", Time));
        Store.Read(t => t.Buckets.Get(Samples.OtherAccount, "b")).ShouldBeNull();
        Store.Read(t => t.Buckets.Count(Samples.Account)).ShouldBe(2);
        Names(Samples.Account, "", 10).ShouldBe(["a", "b"]);
        Names(Samples.Account, "a", 10).ShouldBe(["b"]);
        Names(Samples.Account, "", 1).ShouldBe(["a"]);
        await WriteAsync(transaction => transaction.Buckets.Delete(Samples.Account, "b"));
        Names(Samples.Account, "", 10).ShouldBe(["a"]);
    }

    [Fact]
    public async Task Object_reads_back_the_same_and_is_replaced()
    {
        var full = Object("k ü") with
        {
            Headers = new ObjectHeaders
            {
                ContentType = "text/plain",
                CacheControl = "a",
                ContentDisposition = "b",
                ContentEncoding = "c",
                ContentLanguage = "d",
                Expires = "e",
                Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("m", "1"),
            },
            Checksum = new ObjectChecksum("crc32", "AAAA"),
        };
        await WriteAsync(transaction => transaction.Objects.Put(full));
        Engine.Reopen();

        var read = Store.Read(t => t.Objects.Get(full.Name))!;
        read.Headers.Metadata.ShouldBe(full.Headers.Metadata);
        (read with { Headers = ObjectHeaders.None }).ShouldBe(full with { Headers = ObjectHeaders.None });
        (read.Headers with { Metadata = full.Headers.Metadata }).ShouldBe(full.Headers);

        var parts = Object("k ü") with { Content = null, Upload = "u" };
        await WriteAsync(transaction => transaction.Objects.Put(parts));
        Store.Read(t => t.Objects.Get(full.Name)).ShouldBe(parts);
        await WriteAsync(transaction => transaction.Objects.Delete(full.Name));
        Store.Read(t => t.Objects.Get(full.Name)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_are_in_the_order_of_their_bytes()
    {
        string[] keys = ["a", "a/", "a/b", "b", "é", "\uFF5E", "😀"];
        await WriteAsync(transaction =>
        {
            foreach (var key in keys.Reverse())
            {
                transaction.Objects.Put(Object(key));
            }

            transaction.Objects.Put(Object("other") with { Name = new ObjectName(Samples.Account, "c", "a") });
        });

        Keys("", false, null, 10).ShouldBe(keys);
        Keys("a/", false, "a0", 10).ShouldBe(["a/", "a/b"]);
        Keys("a", true, null, 2).ShouldBe(["a/", "a/b"]);
        Keys("a", true, "a/b", 10).ShouldBe(["a/"]);
    }

    [Fact]
    public async Task Content_is_used_by_objects_parts_and_pins()
    {
        string[] digests = [Digest('1'), Digest('2'), Digest('3')];
        await WriteAsync(transaction =>
        {
            transaction.Objects.Put(Object("k") with { Content = new ContentReference(digests[0], 1) });
            transaction.Uploads.PutPart(Part("u", 1) with { Content = new ContentReference(digests[1], 1) });
            transaction.Objects.Pin(Samples.Account, "execution", digests[2]);
            transaction.Objects.Pin(Samples.Account, "execution", digests[2]);
        });
        digests.Select(IsUsed).ShouldBe([true, true, true]);
        IsUsed(Digest('4')).ShouldBeFalse();

        await WriteAsync(transaction =>
        {
            transaction.Objects.Delete(Object("k").Name);
            transaction.Uploads.DeleteParts(Samples.Account, "u");
            transaction.Objects.Unpin(Samples.Account, "execution");
        });
        digests.Select(IsUsed).ShouldBe([false, false, false]);
    }

    [Fact]
    public async Task Uploads_and_parts_are_listed_in_order()
    {
        await WriteAsync(transaction =>
        {
            transaction.Uploads.Put(Upload("k", "2", Time));
            transaction.Uploads.Put(Upload("k", "1", Time.AddDays(1)));
            transaction.Uploads.Put(Upload("j", "3", Time.AddDays(2)));
            transaction.Uploads.PutPart(Part("1", 3));
            transaction.Uploads.PutPart(Part("1", 1));
            transaction.Uploads.PutPart(Part("1", 1) with { ETag = "new" });
        });

        Uploads("", "", "", 10).ShouldBe(["3", "1", "2"]);
        Uploads("k", "k", "1", 10).ShouldBe(["2"]);
        Uploads("", "j", "~", 1).ShouldBe(["1"]);
        Store.Read(t => t.Uploads.Stale(Time.AddDays(1.5), 10)).Select(upload => upload.Id).ShouldBe(["2", "1"]);
        Store.Read(t => t.Uploads.Parts(Samples.Account, "1", 0, 10)).Select(part => part.Number).ShouldBe([1, 3]);
        Store.Read(t => t.Uploads.Parts(Samples.Account, "1", 1, 10)).Select(part => part.Number).ShouldBe([3]);
        Store.Read(t => t.Uploads.GetPart(Samples.Account, "1", 1))!.ETag.ShouldBe("new");
        await WriteAsync(transaction =>
        {
            transaction.Uploads.Delete(Upload("k", "1", Time));
            transaction.Uploads.DeletePart(Samples.Account, "1", 1);
        });
        Store.Read(t => t.Uploads.Get(new ObjectName(Samples.Account, "b", "k"), "1")).ShouldBeNull();
        Store.Read(t => t.Uploads.Get(new ObjectName(Samples.Account, "b", "k"), "2")).ShouldBe(Upload("k", "2", Time));
        Store.Read(t => t.Uploads.Parts(Samples.Account, "1", 0, 10)).Single().ShouldBe(Part("1", 3));
    }

    private static string Digest(char digit) => new(digit, 64);

    private static StoredObject Object(string key) => new()
    {
        Name = new ObjectName(Samples.Account, "b", key),
        SizeBytes = 5,
        ETag = "e",
        Content = new ContentReference(Digest('0'), 5),
        ModifiedAt = Time,
    };

    private static Upload Upload(string key, string id, DateTimeOffset begunAt) => new()
    {
        Name = new ObjectName(Samples.Account, "b", key), Id = id, BegunAt = begunAt,
    };

    private static UploadPart Part(string upload, int number) => new()
    {
        Account = Samples.Account,
        Upload = upload,
        Number = number,
        Content = new ContentReference(Digest('0'), Limits.UploadPartBytesMin),
        ETag = "e",
        Checksum = new ObjectChecksum("sha1", "x"),
        ModifiedAt = Time,
    };

    private bool IsUsed(string digest) => Store.Read(t => t.Objects.IsContentUsed(digest));

    private IEnumerable<string> Names(AccountId account, string after, int limit) =>
        Store.Read(t => t.Buckets.List(account, after, limit)).Select(bucket => bucket.Name);

    private IEnumerable<string> Keys(string from, bool isAfter, string? before, int limit) =>
        Store.Read(t => t.Objects.List(Samples.Account, "b", from, isAfter, before, limit))
            .Select(stored => stored.Name.Key);

    private IEnumerable<string> Uploads(string prefix, string afterKey, string afterId, int limit) =>
        Store.Read(t => t.Uploads.List(Samples.Account, "b", prefix, afterKey, afterId, limit))
            .Select(upload => upload.Id);
}

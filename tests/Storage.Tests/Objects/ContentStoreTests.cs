using System.Security.Cryptography;
using Lambent.Kernel.Objects;
using Lambent.Storage.Disk;
using Lambent.Storage.Objects;
using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Objects;

public sealed class ContentStoreTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly DataFolder folder;
    private readonly ContentStore store;

    public ContentStoreTests()
    {
        folder = DataFolder.Open(temporary["data"]).Value;
        store = new ContentStore(folder);
    }

    public void Dispose()
    {
        folder.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public void Content_is_found_by_its_digest()
    {
        byte[] bytes = [1, 2, 3];
        var written = Write(bytes);

        written.Content.ShouldBe(new ContentReference(Convert.ToHexStringLower(SHA256.HashData(bytes)), 3));
        written.Md5.ShouldBe(ContentDigest.Md5(bytes));
        using var opened = store.Open(written.Content.Digest)!;
        using var copy = new MemoryStream();
        opened.CopyTo(copy);
        copy.ToArray().ShouldBe(bytes);
        store.All().ShouldBe([written.Content.Digest]);
        store.Open(new string('0', 64)).ShouldBeNull();
        store.Hold(new string('0', 64)).ShouldBeNull();
        Directory.EnumerateFileSystemEntries(folder.TemporaryPath).ShouldBeEmpty();
    }

    [Fact]
    public void Content_that_is_given_up_leaves_nothing()
    {
        using (var writer = store.Begin())
        {
            writer.Write([1, 2, 3]).IsSuccess.ShouldBeTrue();
        }

        store.All().ShouldBeEmpty();
        Directory.EnumerateFileSystemEntries(folder.TemporaryPath).ShouldBeEmpty();
    }

    [Fact]
    public void Content_is_removed_when_nothing_uses_or_holds_it()
    {
        using var writer = store.Begin();
        writer.Write([1, 2, 3]);
        var digest = writer.Complete().Value.Content.Digest;

        // Its row is not written yet: the writer holds it.
        store.Collect([digest], _ => false).ShouldBe(0);
        writer.Dispose();
        store.Collect([digest], _ => true).ShouldBe(0);
        using (store.Hold(digest))
        {
            store.Collect([digest], _ => false).ShouldBe(0);
        }

        using var reader = store.Open(digest)!;
        store.Collect([digest], _ => false).ShouldBe(3);
        reader.ReadByte().ShouldBe(1);
        store.All().ShouldBeEmpty();
    }

    [Fact]
    public void Same_bytes_are_one_file_and_repair_it()
    {
        var digest = Write([1, 2, 3]).Content.Digest;
        var path = Path.Combine(folder.ObjectsPath, digest[..2], digest);
        File.WriteAllBytes(path, [9]);
        Write([1, 2, 3]);

        File.ReadAllBytes(path).ShouldBe([1, 2, 3]);
        store.All().Count().ShouldBe(1);
    }

    [Fact]
    public void Name_that_is_no_digest_is_refused() =>
        Should.Throw<ArgumentException>(() => store.Open("../../etc/passwd"));

    private WrittenContent Write(byte[] bytes)
    {
        using var writer = store.Begin();
        writer.Write(bytes).IsSuccess.ShouldBeTrue();
        return writer.Complete().Value;
    }
}

using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Tests.Memory;

/// <summary>Buckets and objects, without uploads: those are tested on the real store.</summary>
internal sealed partial class MemoryTransaction : IBucketTable, IObjectTable
{
    public IBucketTable Buckets => this;

    public IObjectTable Objects => this;

    public IUploadTable Uploads => throw new NotSupportedException("Uploads are tested on the real store.");

    Bucket? IBucketTable.Get(AccountId account, string name) => current.Buckets.GetValueOrDefault((account, name));

    void IBucketTable.Put(Bucket bucket) =>
        Write(s => s with { Buckets = s.Buckets.SetItem((bucket.Account, bucket.Name), bucket) });

    void IBucketTable.Delete(AccountId account, string name) =>
        Write(s => s with { Buckets = s.Buckets.Remove((account, name)) });

    int IBucketTable.Count(AccountId account) => current.Buckets.Values.Count(bucket => bucket.Account == account);

    IReadOnlyList<Bucket> IBucketTable.List(AccountId account, string after, int limit) =>
    [
        .. current.Buckets.Values
            .Where(bucket => bucket.Account == account && string.CompareOrdinal(bucket.Name, after) > 0)
            .OrderBy(bucket => bucket.Name, StringComparer.Ordinal)
            .Take(limit),
    ];

    StoredObject? IObjectTable.Get(ObjectName name) => current.Objects.GetValueOrDefault(name);

    void IObjectTable.Put(StoredObject stored) =>
        Write(s => s with { Objects = s.Objects.SetItem(stored.Name, stored) });

    void IObjectTable.Delete(ObjectName name) => Write(s => s with { Objects = s.Objects.Remove(name) });

    IReadOnlyList<StoredObject> IObjectTable.List(
        AccountId account, string bucket, string from, bool isAfter, string? before, int limit) =>
    [
        .. current.Objects.Values
            .Where(stored => stored.Name.Account == account && stored.Name.Bucket == bucket)
            .Where(stored => string.CompareOrdinal(stored.Name.Key, from) >= (isAfter ? 1 : 0))
            .Where(stored => before is null || string.CompareOrdinal(stored.Name.Key, before) < 0)
            .OrderBy(stored => stored.Name.Key, StringComparer.Ordinal)
            .Take(limit),
    ];

    bool IObjectTable.IsContentUsed(string digest) =>
        current.Objects.Values.Any(stored => stored.Content?.Digest == digest);

    void IObjectTable.Pin(AccountId account, string executionKey, string digest) =>
        throw new NotSupportedException("Pins are tested on the real store.");

    void IObjectTable.Unpin(AccountId account, string executionKey)
    {
    }
}

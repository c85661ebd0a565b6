using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Objects;

/// <summary>What an object is to be, once its bytes are on disk.</summary>
internal sealed record PutWish
{
    public required ObjectName Name { get; init; }

    public ObjectHeaders Headers { get; init; } = ObjectHeaders.None;

    public ObjectChecksum? Checksum { get; init; }

    /// <summary>Only when there is no object of that name.</summary>
    public bool OnlyNew { get; init; }

    /// <summary>Only when the object of that name has this ETag, or null.</summary>
    public string? OnlyOver { get; init; }

    /// <summary>Makes the bucket when it is missing.</summary>
    public bool MakesBucket { get; init; }
}

/// <summary>Buckets and objects, whoever asks. What a change replaces is removed from the disk after it.</summary>
internal sealed partial class ObjectService(
    IStore store, IContentStore contents, ContentSweeper sweeper, Func<string> newId, TimeProvider time)
{
    private const int OpeningAttemptsMax = 5;

    public Task<Result<Bucket>> CreateBucketAsync(AccountId account, string name, CancellationToken cancellation) =>
        store.WriteAsync<Bucket>(
            transaction => transaction.Buckets.Get(account, name) is not null
                ? ObjectErrors.BucketExists(name)
                : MakeBucket(transaction, account, name),
            cancellation);

    public Task<Result<Done>> DeleteBucketAsync(AccountId account, string name, CancellationToken cancellation) =>
        store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Buckets.Get(account, name) is null)
                {
                    return ObjectErrors.BucketNotFound(name);
                }

                // An upload that is under way is no object yet, but would become one in a bucket that is gone.
                if (transaction.Objects.List(account, name, "", false, null, 1).Count > 0
                    || transaction.Uploads.List(account, name, "", "", "", 1).Count > 0)
                {
                    return ObjectErrors.BucketNotEmpty(name);
                }

                transaction.Buckets.Delete(account, name);
                return Done.Value;
            },
            cancellation);

    public Result<Bucket> FindBucket(AccountId account, string name) =>
        store.Read(transaction => transaction.Buckets.Get(account, name)) is { } bucket
            ? bucket
            : ObjectErrors.BucketNotFound(name);

    public IReadOnlyList<Bucket> ListBuckets(AccountId account, string after, int limit) =>
        store.Read(transaction => transaction.Buckets.List(account, after, limit));

    /// <summary>A place for bytes that come; disposed after they were put or refused.</summary>
    public IContentWriter Begin() => contents.Begin();

    /// <summary>What refuses a put before its bytes have come, or null.</summary>
    public Error? Check(PutWish wish)
    {
        var (account, bucket, key) = wish.Name;
        if ((ObjectRules.CheckKey(key) ?? ObjectRules.CheckHeaders(wish.Headers)) is { } wrong)
        {
            return wrong;
        }

        return store.Read(transaction => transaction.Buckets.Get(account, bucket) is null
            ? wish.MakesBucket ? null : ObjectErrors.BucketNotFound(bucket)
            : CheckCondition(transaction, wish));
    }

    /// <summary>Removes bytes that were completed and that nobody wants, after their writer was disposed.</summary>
    public void Discard(ContentReference content) => sweeper.Release([content.Digest]);

    /// <summary>Puts an object whose bytes are on disk.</summary>
    public async Task<Result<StoredObject>> PutAsync(
        PutWish wish, WrittenContent written, CancellationToken cancellation)
    {
        var stored = new StoredObject
        {
            Name = wish.Name,
            SizeBytes = written.Content.SizeBytes,
            ETag = written.Md5Text,
            Content = written.Content,
            Headers = wish.Headers,
            Checksum = wish.Checksum,
            ModifiedAt = time.GetUtcNow(),
        };
        return await ReplaceAsync(wish, _ => stored, cancellation);
    }

    public Result<StoredObject> Find(ObjectName name) => store.Read(transaction => Find(transaction, name));

    /// <summary>An object and its bytes.</summary>
    public Result<ObjectReading> Open(ObjectName name)
    {
        // Between the row and the file somebody may replace the object: then there is another row.
        for (var attempt = 0; attempt < OpeningAttemptsMax; attempt++)
        {
            var found = store.Read(transaction => Find(transaction, name).Select(stored =>
                (Stored: stored, Parts: ContentsOf(transaction, stored))));
            if (found.Failed(out var known, out var missing))
            {
                return missing;
            }

            if (ObjectReading.Begin(contents, known.Stored, known.Parts) is { } reading)
            {
                return reading;
            }
        }

        return new Error(
            ErrorCode.StoreUnavailable, $"The object {name} is damaged: its content is gone. Put it again.");
    }

    /// <summary>Deletes objects; those that are not there are deleted already.</summary>
    public async Task<Result<Done>> DeleteAsync(
        AccountId account, string bucket, IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        List<string> released = [];
        var deleted = await store.WriteAsync<Done>(
            transaction =>
            {
                released.Clear();
                if (transaction.Buckets.Get(account, bucket) is null)
                {
                    return ObjectErrors.BucketNotFound(bucket);
                }

                foreach (var name in keys.Select(key => new ObjectName(account, bucket, key)))
                {
                    if (transaction.Objects.Get(name) is { } stored)
                    {
                        released.AddRange(Release(transaction, stored));
                        transaction.Objects.Delete(name);
                    }
                }

                return Done.Value;
            },
            cancellation);
        if (deleted.IsSuccess)
        {
            sweeper.Release(released);
        }

        return deleted;
    }

    /// <summary>Makes an object of another one's bytes, which are not copied.</summary>
    /// <param name="source">Whose bytes.</param>
    /// <param name="accepts">What refuses the source as it is now, or null.</param>
    /// <param name="wish">What the copy is; its headers are the source's when they are null.</param>
    /// <param name="headers">Other headers than the source's, or null.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public Task<Result<StoredObject>> CopyAsync(
        ObjectName source,
        Func<StoredObject, Error?> accepts,
        PutWish wish,
        ObjectHeaders? headers,
        CancellationToken cancellation) => ReplaceAsync(
            wish,
            transaction =>
            {
                if (Find(transaction, source).Failed(out var stored, out var missing))
                {
                    return missing;
                }

                if (accepts(stored) is { } refused)
                {
                    return refused;
                }

                var copy = stored with
                {
                    Name = wish.Name,
                    Headers = headers ?? stored.Headers,
                    ModifiedAt = time.GetUtcNow(),
                };
                return stored.Upload is null ? copy : CopyParts(transaction, stored, copy);
            },
            cancellation);

    private StoredObject CopyParts(ITransaction transaction, StoredObject source, StoredObject copy)
    {
        var upload = newId();
        foreach (var part in transaction.Uploads.Parts(
            source.Name.Account, source.Upload!, 0, Limits.UploadPartsMax))
        {
            transaction.Uploads.PutPart(part with { Account = copy.Name.Account, Upload = upload });
        }

        return copy with { Upload = upload };
    }

    /// <summary>Writes an object's row over what was there.</summary>
    private async Task<Result<StoredObject>> ReplaceAsync(
        PutWish wish, Func<ITransaction, Result<StoredObject>> make, CancellationToken cancellation)
    {
        List<string> released = [];
        var written = await store.WriteAsync<StoredObject>(
            transaction =>
            {
                released.Clear();
                var (account, bucket, _) = wish.Name;
                if (transaction.Buckets.Get(account, bucket) is null)
                {
                    if (!wish.MakesBucket)
                    {
                        return ObjectErrors.BucketNotFound(bucket);
                    }

                    if (MakeBucket(transaction, account, bucket).Error is { } unmade)
                    {
                        return unmade;
                    }
                }

                if (CheckCondition(transaction, wish) is { } refused)
                {
                    return refused;
                }

                if (make(transaction).Failed(out var stored, out var failure))
                {
                    return failure;
                }

                // An upload that is completed again is that object already.
                if (transaction.Objects.Get(wish.Name) is { } before
                    && (before.Upload is null || before.Upload != stored.Upload))
                {
                    released.AddRange(Release(transaction, before));
                }

                transaction.Objects.Put(stored);
                return stored;
            },
            cancellation);
        if (written.IsSuccess)
        {
            sweeper.Release(released);
        }

        return written;
    }

    private static Error? CheckCondition(ITransaction transaction, PutWish wish)
    {
        if (!wish.OnlyNew && wish.OnlyOver is null)
        {
            return null;
        }

        var known = transaction.Objects.Get(wish.Name);
        return wish.OnlyNew && known is not null ? ObjectErrors.Precondition("If-None-Match")
            : wish.OnlyOver is not { } etag ? null
            : known is null ? ObjectErrors.NotFound(wish.Name.Key)
            : known.ETag == etag ? null
            : ObjectErrors.Precondition("If-Match");
    }

    private Result<Bucket> MakeBucket(ITransaction transaction, AccountId account, string name)
    {
        if (!ObjectRules.IsBucketName(name))
        {
            return ObjectErrors.BucketNameInvalid(name);
        }

        if (transaction.Buckets.Count(account) >= Limits.BucketsPerAccountMax)
        {
            return ObjectErrors.BucketQuotaExceeded;
        }

        var bucket = new Bucket(account, name, time.GetUtcNow());
        transaction.Buckets.Put(bucket);
        return bucket;
    }

    private static Result<StoredObject> Find(ITransaction transaction, ObjectName name) =>
        transaction.Objects.Get(name) is { } stored ? stored
        : transaction.Buckets.Get(name.Account, name.Bucket) is null ? ObjectErrors.BucketNotFound(name.Bucket)
        : ObjectErrors.NotFound(name.Key);

    private static List<ContentReference> ContentsOf(ITransaction transaction, StoredObject stored) =>
        stored.Content is { } content ? [content]
        : [.. transaction.Uploads.Parts(stored.Name.Account, stored.Upload!, 0, Limits.UploadPartsMax)
            .Select(part => part.Content)];

    /// <summary>Takes an object's parts away; the contents that may be unused then.</summary>
    private static List<string> Release(ITransaction transaction, StoredObject stored)
    {
        List<string> digests = [.. ContentsOf(transaction, stored).Select(content => content.Digest)];
        if (stored.Upload is { } upload)
        {
            transaction.Uploads.DeleteParts(stored.Name.Account, upload);
        }

        return digests;
    }
}

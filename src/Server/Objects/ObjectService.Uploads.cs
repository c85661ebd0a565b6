using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Objects;

/// <summary>A part that a client names when it completes an upload.</summary>
internal sealed record NamedPart(int Number, string ETag);

/// <summary>Objects that come in parts. Completing one moves no byte: the object is its parts.</summary>
internal sealed partial class ObjectService
{
    public async Task<Result<Upload>> BeginUploadAsync(
        PutWish wish, string? checksumAlgorithm, CancellationToken cancellation)
    {
        var upload = new Upload
        {
            Name = wish.Name,
            Id = newId(),
            Headers = wish.Headers,
            ChecksumAlgorithm = checksumAlgorithm,
            BegunAt = time.GetUtcNow(),
        };
        if (Check(wish) is { } refused)
        {
            return refused;
        }

        return await store.WriteAsync<Upload>(
            transaction =>
            {
                if (transaction.Buckets.Get(wish.Name.Account, wish.Name.Bucket) is null)
                {
                    return ObjectErrors.BucketNotFound(wish.Name.Bucket);
                }

                transaction.Uploads.Put(upload);
                return upload;
            },
            cancellation);
    }

    public Result<Upload> FindUpload(ObjectName name, string id) =>
        store.Read(transaction => FindUpload(transaction, name, id));

    public async Task<Result<UploadPart>> PutPartAsync(
        ObjectName name,
        string uploadId,
        int number,
        WrittenContent written,
        ObjectChecksum? checksum,
        CancellationToken cancellation)
    {
        var part = new UploadPart
        {
            Account = name.Account,
            Upload = uploadId,
            Number = number,
            Content = written.Content,
            ETag = written.Md5Text,
            Checksum = checksum,
            ModifiedAt = time.GetUtcNow(),
        };
        string? replaced = null;
        var put = await store.WriteAsync<UploadPart>(
            transaction =>
            {
                if (FindUpload(transaction, name, uploadId).Error is { } missing)
                {
                    return missing;
                }

                replaced = transaction.Uploads.GetPart(name.Account, uploadId, number)?.Content.Digest;
                transaction.Uploads.PutPart(part);
                return part;
            },
            cancellation);
        if (put.IsSuccess && replaced is not null)
        {
            sweeper.Release([replaced]);
        }

        return put;
    }

    public Result<(Upload Upload, IReadOnlyList<UploadPart> Parts)> ListParts(
        ObjectName name, string uploadId, int after, int limit) =>
        store.Read(transaction => FindUpload(transaction, name, uploadId).Select(upload =>
            (upload, transaction.Uploads.Parts(name.Account, uploadId, after, limit))));

    public Result<IReadOnlyList<Upload>> ListUploads(
        AccountId account, string bucket, string prefix, string afterKey, string afterId, int limit) =>
        store.Read<Result<IReadOnlyList<Upload>>>(transaction =>
        {
            if (transaction.Buckets.Get(account, bucket) is null)
            {
                return ObjectErrors.BucketNotFound(bucket);
            }

            return transaction.Uploads.List(account, bucket, prefix, afterKey, afterId, limit)
                .TakeWhile(upload => upload.Name.Key.StartsWith(prefix, StringComparison.Ordinal))
                .ToList();
        });

    public async Task<Result<Done>> AbortUploadAsync(
        ObjectName name, string uploadId, CancellationToken cancellation)
    {
        List<string> released = [];
        var aborted = await store.WriteAsync<Done>(
            transaction =>
            {
                released.Clear();
                if (FindUpload(transaction, name, uploadId).Failed(out var upload, out var missing))
                {
                    return missing;
                }

                released.AddRange(PartsOf(transaction, upload).Select(part => part.Content.Digest));
                transaction.Uploads.DeleteParts(name.Account, uploadId);
                transaction.Uploads.Delete(upload);
                return Done.Value;
            },
            cancellation);
        if (aborted.IsSuccess)
        {
            sweeper.Release(released);
        }

        return aborted;
    }

    /// <summary>Makes the object of the parts named, and drops the others.</summary>
    public async Task<Result<StoredObject>> CompleteUploadAsync(
        PutWish wish, string uploadId, IReadOnlyList<NamedPart> named, CancellationToken cancellation)
    {
        if (named.Zip(named.Skip(1)).Any(pair => pair.First.Number >= pair.Second.Number))
        {
            return ObjectErrors.PartsUnordered;
        }

        List<string> dropped = [];
        var completed = await ReplaceAsync(
            wish,
            transaction =>
            {
                dropped.Clear();
                if (FindUpload(transaction, wish.Name, uploadId).Failed(out var upload, out var missing))
                {
                    // Completing it again, after an answer that was lost, finds the object that it became.
                    return transaction.Objects.Get(wish.Name) is { } made && made.Upload == uploadId
                        ? made with { Upload = uploadId }
                        : missing;
                }

                var parts = PartsOf(transaction, upload).ToDictionary(part => part.Number);
                if (Choose(named, parts).Failed(out var chosen, out var wrong))
                {
                    return wrong;
                }

                foreach (var part in parts.Values.Except(chosen))
                {
                    dropped.Add(part.Content.Digest);
                    transaction.Uploads.DeletePart(part.Account, uploadId, part.Number);
                }

                transaction.Uploads.Delete(upload);
                return ObjectOf(upload, chosen);
            },
            cancellation);
        if (completed.IsSuccess)
        {
            sweeper.Release(dropped);
        }

        return completed;
    }

    private static Result<List<UploadPart>> Choose(
        IReadOnlyList<NamedPart> named, Dictionary<int, UploadPart> parts)
    {
        List<UploadPart> chosen = new(named.Count);
        foreach (var (number, etag) in named)
        {
            if (!parts.TryGetValue(number, out var part) || part.ETag != etag)
            {
                return ObjectErrors.PartInvalid;
            }

            chosen.Add(part);
        }

        return chosen.SkipLast(1).Any(part => part.Content.SizeBytes < Limits.UploadPartBytesMin)
            ? ObjectErrors.PartSmall
            : chosen;
    }

    private StoredObject ObjectOf(Upload upload, List<UploadPart> parts)
    {
        var digests = parts.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray();

        var etag = Convert.ToHexStringLower(ContentDigest.Md5(digests));
        return new StoredObject
        {
            Name = upload.Name,
            SizeBytes = parts.Sum(part => part.Content.SizeBytes),
            ETag = $"{etag}-{parts.Count}",
            Upload = upload.Id,
            Headers = upload.Headers,
            ModifiedAt = time.GetUtcNow(),
        };
    }

    private static Result<Upload> FindUpload(ITransaction transaction, ObjectName name, string id) =>
        transaction.Uploads.Get(name, id) is { } upload ? upload
        : transaction.Buckets.Get(name.Account, name.Bucket) is null ? ObjectErrors.BucketNotFound(name.Bucket)
        : ObjectErrors.UploadNotFound(id);

    private static IReadOnlyList<UploadPart> PartsOf(ITransaction transaction, Upload upload) =>
        transaction.Uploads.Parts(upload.Name.Account, upload.Id, 0, Limits.UploadPartsMax);
}

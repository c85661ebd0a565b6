using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Objects;

/// <summary>
/// Makes objects of the packages that were uploaded before there were objects. Each is done and taken off the old list
/// before the next, so it may be cut off at any place.
/// </summary>
internal sealed class BlobImport(IStore store, IPackageStore packages, ObjectService objects)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var blob in store.Read(transaction => transaction.Blobs.All().ToList()))
        {
            await using (var zip = packages.OpenRead(blob.Content.Digest))
            {
                // One whose file is gone could not be used as a package any more either.
                if (zip is not null && (await ImportAsync(blob, zip, cancellation)).Error is { } failure)
                {
                    throw new StoreException(failure.Code, failure.Message);
                }
            }

            await store.WriteAsync<Done>(
                transaction =>
                {
                    transaction.Blobs.Delete(blob.Account, blob.Bucket, blob.Key);
                    return Done.Value;
                },
                cancellation);
        }
    }

    private async Task<Result<Done>> ImportAsync(Blob blob, Stream zip, CancellationToken cancellation)
    {
        using var writer = objects.Begin();
        var buffer = new byte[64 * Limits.KiB];
        while (await zip.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (writer.Write(buffer.AsSpan(0, count)).Error is { } refused)
            {
                return refused;
            }
        }

        if (writer.Complete().Failed(out var written, out var unwritten))
        {
            return unwritten;
        }

        // The names of that time had fewer rules; what has a name keeps it.
        await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Buckets.Get(blob.Account, blob.Bucket) is null)
                {
                    transaction.Buckets.Put(new Bucket(blob.Account, blob.Bucket, blob.CreatedAt));
                }

                return Done.Value;
            },
            cancellation);
        var wish = new PutWish
        {
            Name = new ObjectName(blob.Account, blob.Bucket, blob.Key),
            Headers = ObjectHeaders.None with { ContentType = "application/zip" },
        };
        return (await objects.PutAsync(wish, written, cancellation)).Select(_ => Done.Value);
    }
}

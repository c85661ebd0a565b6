using Lambent.Kernel.Objects;
using Lambent.Server.Access;
using Lambent.Server.Aws.S3;
using Lambent.Server.Objects;
using Lambent.Storage.Objects;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Buckets and their objects.</summary>
internal sealed partial class ServerParts
{
    public S3Endpoint S3 { get; private set; } = null!;

    private IContentStore Contents { get; set; } = null!;

    private ObjectService Objects { get; set; } = null!;

    private ContentSweeper ContentSweeper { get; set; } = null!;

    /// <summary>Before all that reads or writes objects.</summary>
    private async Task OpenObjectsAsync(
        ServerOptions options,
        StorageParts storage,
        AccessKeySource keys,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var store = storage.Store;
        Contents = new ContentStore(Folder);
        ContentSweeper = OwnAsync(new ContentSweeper(
            store, Contents, options.Time, Loggers.CreateLogger<ContentSweeper>()));
        Objects = new ObjectService(store, Contents, ContentSweeper, ids.Next, options.Time);
        await new BlobImport(store, storage.Packages, Objects).RunAsync(cancellation);
        var bodies = new XmlBody();
        var operations = new S3Operations(
            new BucketOperations(Objects, bodies, options.Region),
            new ListOperations(Objects),
            new ReadOperations(Objects),
            new WriteOperations(Objects, bodies),
            new UploadOperations(Objects, bodies));
        S3 = new S3Endpoint(
            new SignatureVerifier(keys, S3Endpoint.Scope(options.Region), options.Time),
            operations,
            ids.Next,
            Loggers.CreateLogger<S3Endpoint>());
    }
}

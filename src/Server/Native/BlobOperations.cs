using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// Packages uploaded ahead of a deploy: PUT /v1/blobs/BUCKET/KEY stores a zip file, and CreateFunction finds it as
/// S3Bucket and S3Key. GET /v1/packages/DIGEST, which GetFunction's Code.Location points at, gives a zip file back.
/// </summary>
internal sealed class BlobOperations(IStore store, IPackageStore packages, TimeProvider time)
{
    /// <summary>Names, in the address of a package, the layer version for which the caller may have it.</summary>
    public const string LayerParameter = "layer";

    private const int NameLengthMax = 1024;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "PUT", "/v1/blobs/{bucket}/{**key}", PutAsync, Limits.ZippedPackageBytesMax);
        endpoints.Map(routes, "DELETE", "/v1/blobs/{bucket}/{**key}", DeleteAsync);
        endpoints.Map(routes, "GET", "/v1/blobs/{bucket}", ListAsync);
        endpoints.Map(routes, "GET", "/v1/packages/{digest}", DownloadAsync);
    }

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Name(http).Failed(out var name, out var invalid))
        {
            return invalid;
        }

        var added = await packages.AddAsync(body, http.RequestAborted);
        if (added.Failed(out var content, out var refused))
        {
            return refused;
        }

        var blob = new Blob
        {
            Account = principal.Account,
            Bucket = name.Bucket,
            Key = name.Key,
            Content = content,
            CreatedAt = time.GetUtcNow(),
        };
        var stored = await store.WriteAsync<Done>(
            transaction =>
            {
                transaction.Blobs.Put(blob);
                return Done.Value;
            },
            http.RequestAborted);
        if (stored.Error is { } failure)
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(http, 201, Shape(blob), NativeJson.Default.BlobAnswer);
        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Name(http).Failed(out var name, out var invalid))
        {
            return invalid;
        }

        var deleted = await store.WriteAsync<Done>(
            transaction =>
            {
                if (transaction.Blobs.Get(principal.Account, name.Bucket, name.Key) is null)
                {
                    return new Error(ErrorCode.ResourceNotFound, $"There is no blob {name.Bucket}/{name.Key}.", "key");
                }

                transaction.Blobs.Delete(principal.Account, name.Bucket, name.Key);
                return Done.Value;
            },
            http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return deleted.Error;
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var bucket = (string)http.Request.RouteValues["bucket"]!;
        var after = http.Request.Query["after"].ToString();
        var blobs = store.Read(transaction => transaction.Blobs.List(
            principal.Account, bucket, after.Length == 0 ? null : after, Limits.ListItemsMax));
        var answer = new BlobsAnswer([.. blobs.Select(Shape)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.BlobsAnswer);
        return null;
    }

    /// <summary>
    /// A digest alone opens nothing: the caller's account has something with this content, or may use the layer
    /// version that the address names.
    /// </summary>
    private async Task<Error?> DownloadAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var digest = (string)http.Request.RouteValues["digest"]!;
        var allowed = digest.Length == 64
            && digest.All(char.IsAsciiHexDigitLower)
            && (Uses(principal, digest) || MayUseLayer(http, principal, digest));
        await using var zip = allowed ? packages.OpenRead(digest) : null;
        if (zip is null)
        {
            return new Error(ErrorCode.ResourceNotFound, $"There is no package {digest}.", "digest");
        }

        http.Response.ContentType = "application/zip";
        http.Response.ContentLength = zip.Length;
        await zip.CopyToAsync(http.Response.Body, http.RequestAborted);
        return null;
    }

    /// <summary>
    /// Whether the layer version that the address names has this content and is shared with the caller.
    /// </summary>
    private bool MayUseLayer(HttpContext http, Principal principal, string digest) =>
        LayerArn.TryParse(http.Request.Query[LayerParameter], out var arn)
        && arn.Version is { } version
        && store.Read(transaction => transaction.Layers.Get(arn.Account, arn.Name, version)) is { } layer
        && layer.Content.Digest == digest
        && LayerAccess.Allows(layer, principal.Account);

    /// <summary>Whether the account has anything with this content.</summary>
    private bool Uses(Principal principal, string digest) => store.Read(transaction =>
        transaction.Functions.List(principal.Account, null, int.MaxValue)
            .Any(function => function.Latest.Code.Digest == digest
                || function.Versions.Values.Any(version => version.Code.Digest == digest))
        || transaction.Layers.ListNewest(principal.Account, null, int.MaxValue)
            .SelectMany(layer => transaction.Layers.ListVersions(principal.Account, layer.Name, null, int.MaxValue))
            .Any(layer => layer.Content.Digest == digest));

    private static Result<(string Bucket, string Key)> Name(HttpContext http)
    {
        var bucket = http.Request.RouteValues["bucket"] as string ?? "";
        var key = http.Request.RouteValues["key"] as string ?? "";
        return bucket.Length is > 0 and <= 63 && key.Length is > 0 and <= NameLengthMax
            ? (bucket, key)
            : new Error(
                ErrorCode.ValidationFailed,
                $"The path must be /v1/blobs/BUCKET/KEY, the bucket of up to 63 and the key of up to "
                    + $"{NameLengthMax} characters.",
                "key");
    }

    private static BlobAnswer Shape(Blob blob) =>
        new(blob.Bucket, blob.Key, blob.Content.Digest, blob.Content.SizeBytes, blob.CreatedAt);
}

using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Objects;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Server.Http;
using Lambent.Server.Objects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// Buckets and objects by a plain path, for who has no client of S3: PUT /v1/blobs/BUCKET/KEY stores a file, and
/// CreateFunction finds it as S3Bucket and S3Key. GET /v1/packages/DIGEST, which GetFunction's Code.Location points at,
/// gives a zip file back.
/// </summary>
internal sealed class BlobOperations(IStore store, IPackageStore packages, ObjectService objects)
{
    /// <summary>Names, in the address of a package, the layer version for which the caller may have it.</summary>
    public const string LayerParameter = "layer";

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "PUT", "/v1/blobs/{bucket}/{**key}", PutAsync, Limits.ZippedPackageBytesMax);
        endpoints.Map(routes, "GET", "/v1/blobs/{bucket}/{**key}", GetAsync);
        endpoints.Map(routes, "HEAD", "/v1/blobs/{bucket}/{**key}", GetAsync);
        endpoints.Map(routes, "DELETE", "/v1/blobs/{bucket}/{**key}", DeleteAsync);
        endpoints.Map(routes, "GET", "/v1/blobs", ListBucketsAsync);
        endpoints.Map(routes, "GET", "/v1/blobs/{bucket}", ListAsync);
        endpoints.Map(routes, "GET", "/v1/packages/{digest}", DownloadAsync);
    }

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var wish = new PutWish
        {
            Name = Name(http, principal),
            Headers = ObjectHeaders.None with { ContentType = http.Request.ContentType },
            MakesBucket = true,
        };
        if (objects.Check(wish) is { } refused)
        {
            return refused;
        }

        using var writer = objects.Begin();
        if (writer.Write(body.Span).Error is { } unwritten)
        {
            return unwritten;
        }

        if (writer.Complete().Failed(out var written, out var incomplete))
        {
            return incomplete;
        }

        var put = await objects.PutAsync(wish, written, http.RequestAborted);
        if (put.Failed(out var stored, out var failure))
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(http, 201, Shape(stored), NativeJson.Default.BlobAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (objects.Open(Name(http, principal)).Failed(out var reading, out var missing))
        {
            return missing;
        }

        using var release = reading;
        var type = reading.Object.Headers.ContentType;
        http.Response.ContentType = type is not null && type.All(character => character is >= ' ' and <= '~')
            ? type
            : "binary/octet-stream";
        Download(http, Path.GetFileName(reading.Object.Name.Key));
        http.Response.ContentLength = reading.Object.SizeBytes;
        http.Response.Headers.ETag = $"\"{reading.Object.ETag}\"";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await reading.CopyToAsync(http.Response.Body, http.RequestAborted);
        }

        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var name = Name(http, principal);
        if (objects.Find(name).Error is { } missing)
        {
            return missing;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return (await objects.DeleteAsync(name.Account, name.Bucket, [name.Key], http.RequestAborted)).Error;
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var bucket = (string)http.Request.RouteValues["bucket"]!;
        var query = http.Request.Query;
        var wish = new ListWish(query["prefix"].ToString(), "", query["after"].ToString(), Limits.ObjectPageMax);
        if (objects.List(principal.Account, bucket, wish).Failed(out var page, out var missing))
        {
            return missing;
        }

        var answer = new BlobsAnswer([.. page.Objects.Select(Shape)]) { Next = page.Next };
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.BlobsAnswer);
        return null;
    }

    private async Task<Error?> ListBucketsAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var buckets = objects.ListBuckets(principal.Account, "", Limits.BucketsPerAccountMax);
        var answer = new BucketsAnswer([.. buckets.Select(bucket => new BucketAnswer(bucket.Name, bucket.CreatedAt))]);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.BucketsAnswer);
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
        Download(http, $"{digest}.zip");
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

    /// <summary>
    /// A presigned address opens in a browser, where it is of the dashboard's origin: what it gives is saved, never
    /// shown.
    /// </summary>
    private static void Download(HttpContext http, string fileName)
    {
        http.Response.Headers.XContentTypeOptions = "nosniff";
        var plain = string.Concat(fileName.Select(character =>
            char.IsAsciiLetterOrDigit(character) || "-_. ".Contains(character) ? character : '_'));
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{plain}\"";
        PathSandbox.ApplyToContent(http.Response);
    }

    private static ObjectName Name(HttpContext http, Principal principal) => new(
        principal.Account,
        http.Request.RouteValues["bucket"] as string ?? "",
        http.Request.RouteValues["key"] as string ?? "");

    private static BlobAnswer Shape(StoredObject stored) => new(
        stored.Name.Bucket,
        stored.Name.Key,
        stored.Content?.Digest,
        stored.SizeBytes,
        stored.ModifiedAt,
        stored.ETag,
        stored.Headers.ContentType);
}

using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.S3;

/// <summary>One operation: writes its answer and returns null, or returns the failure to write.</summary>
/// <param name="Name">As AWS names it.</param>
/// <param name="Action">What the caller must be allowed to do.</param>
/// <param name="Handle">Does it.</param>
internal sealed record S3Operation(string Name, string Action, Func<S3Call, Task<Error?>> Handle);

/// <summary>Which operation a request is for: its method, what it goes to, and the subresource in its query.</summary>
internal sealed class S3Operations(
    BucketOperations buckets,
    ListOperations lists,
    ReadOperations reads,
    WriteOperations writes,
    UploadOperations uploads)
{
    private const string CopySource = "x-amz-copy-source";

    /// <summary>Parts of S3 that are none here: by the parameter that asks for them.</summary>
    private static readonly Dictionary<string, string> Missing = new(StringComparer.Ordinal)
    {
        ["accelerate"] = "transfer acceleration",
        ["acl"] = "access control lists",
        ["analytics"] = "analytics",
        ["attributes"] = "GetObjectAttributes",
        ["cors"] = "CORS rules",
        ["encryption"] = "encryption settings",
        ["intelligent-tiering"] = "tiering",
        ["inventory"] = "inventories",
        ["legal-hold"] = "legal holds",
        ["lifecycle"] = "lifecycle rules",
        ["logging"] = "access logs",
        ["metrics"] = "request metrics",
        ["notification"] = "notifications",
        ["object-lock"] = "object locks",
        ["ownershipControls"] = "ownership controls",
        ["policy"] = "bucket policies",
        ["policyStatus"] = "bucket policies",
        ["publicAccessBlock"] = "public access",
        ["renameObject"] = "RenameObject",
        ["replication"] = "replication",
        ["requestPayment"] = "request payment",
        ["restore"] = "archives",
        ["retention"] = "retention",
        ["select"] = "SelectObjectContent",
        ["session"] = "sessions of directory buckets",
        ["tagging"] = "tags",
        ["torrent"] = "torrents",
        ["versions"] = "versions",
        ["website"] = "web sites",
    };

    public Result<S3Operation> Find(HttpRequest request, S3Target target)
    {
        if (target.Key.Length > 0 && HttpMethods.IsGet(request.Method) && request.Query.ContainsKey("tagging"))
        {
            // Asked for by clients that copy in parts, so that tags are not lost. There are never any.
            return new S3Operation("GetObjectTagging", "s3:GetObject", reads.GetTaggingAsync);
        }

        if (request.Query.Keys.FirstOrDefault(Missing.ContainsKey) is { } subresource)
        {
            return NotImplemented($"{Missing[subresource]} (?{subresource})");
        }

        if (request.Query.TryGetValue("versionId", out var version) && version != "null")
        {
            return NotImplemented("versions (?versionId)");
        }

        var found = target.Bucket.Length == 0 ? OfAccount(request)
            : target.Key.Length == 0 ? OfBucket(request)
            : OfObject(request);
        return found is not null
            ? found
            : new Error(
                ErrorCode.UnknownOperation,
                "The specified method is not allowed against this resource.",
                "Method");
    }

    public static Error NotImplemented(string what) => new(
        ErrorCode.NotSupported,
        $"A header or query you provided implies functionality that is not implemented: {what}.");

    private S3Operation? OfAccount(HttpRequest request) => request.Method == HttpMethods.Get
        ? new S3Operation("ListBuckets", "s3:ListAllMyBuckets", buckets.ListAsync)
        : null;

    private S3Operation? OfBucket(HttpRequest request)
    {
        bool Has(string name) => request.Query.ContainsKey(name);
        return request.Method switch
        {
            "GET" when Has("location") =>
                new S3Operation("GetBucketLocation", "s3:GetBucketLocation", buckets.GetLocationAsync),
            "GET" when Has("versioning") =>
                new S3Operation("GetBucketVersioning", "s3:ListBucket", buckets.GetVersioningAsync),
            "GET" when Has("uploads") =>
                new S3Operation("ListMultipartUploads", "s3:ListBucketMultipartUploads", uploads.ListUploadsAsync),
            "GET" when request.Query["list-type"] == "2" =>
                new S3Operation("ListObjectsV2", "s3:ListBucket", lists.ListSecondAsync),
            "GET" => new S3Operation("ListObjects", "s3:ListBucket", lists.ListFirstAsync),
            "HEAD" => new S3Operation("HeadBucket", "s3:ListBucket", buckets.HeadAsync),
            "PUT" when Has("versioning") => null,
            "PUT" => new S3Operation("CreateBucket", "s3:CreateBucket", buckets.CreateAsync),
            "DELETE" => new S3Operation("DeleteBucket", "s3:DeleteBucket", buckets.DeleteAsync),
            "POST" when Has("delete") => new S3Operation("DeleteObjects", "s3:DeleteObject", writes.DeleteManyAsync),
            _ => null,
        };
    }

    private S3Operation? OfObject(HttpRequest request)
    {
        bool Has(string name) => request.Query.ContainsKey(name);
        var isCopy = request.Headers.ContainsKey(CopySource);
        return request.Method switch
        {
            "GET" when Has("uploadId") =>
                new S3Operation("ListParts", "s3:ListMultipartUploadParts", uploads.ListPartsAsync),
            "GET" => new S3Operation("GetObject", "s3:GetObject", reads.GetAsync),
            "HEAD" => new S3Operation("HeadObject", "s3:GetObject", reads.GetAsync),
            "PUT" when Has("uploadId") && isCopy =>
                new S3Operation("UploadPartCopy", "s3:PutObject", uploads.CopyPartAsync),
            "PUT" when Has("uploadId") => new S3Operation("UploadPart", "s3:PutObject", uploads.PutPartAsync),
            "PUT" when isCopy => new S3Operation("CopyObject", "s3:PutObject", writes.CopyAsync),
            "PUT" => new S3Operation("PutObject", "s3:PutObject", writes.PutAsync),
            "DELETE" when Has("uploadId") =>
                new S3Operation("AbortMultipartUpload", "s3:AbortMultipartUpload", uploads.AbortAsync),
            "DELETE" => new S3Operation("DeleteObject", "s3:DeleteObject", writes.DeleteAsync),
            "POST" when Has("uploads") => new S3Operation("CreateMultipartUpload", "s3:PutObject", uploads.BeginAsync),
            "POST" when Has("uploadId") =>
                new S3Operation("CompleteMultipartUpload", "s3:PutObject", uploads.CompleteAsync),
            _ => null,
        };
    }
}

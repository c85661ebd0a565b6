using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>Operations on buckets.</summary>
internal sealed class BucketOperations(ObjectService objects, XmlBody bodies, string region)
{
    /// <summary>The region whose name S3 leaves out.</summary>
    private const string ClassicRegion = "us-east-1";

    public async Task<Error?> ListAsync(S3Call call)
    {
        if (call.Number("max-buckets", Limits.BucketsPerAccountMax, Limits.BucketsPerAccountMax)
            .Failed(out var limit, out var wrong))
        {
            return wrong;
        }

        var prefix = call.Query("prefix") ?? "";
        var after = call.Query("continuation-token") ?? "";
        var buckets = objects.ListBuckets(call.Account, after, int.MaxValue)
            .Where(bucket => bucket.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Take(limit + 1)
            .ToList();
        var xml = S3Xml.Write("ListAllMyBucketsResult", writer =>
        {
            S3Answers.WriteOwner(writer, "Owner", call.Account);
            writer.WriteStartElement("Buckets");
            foreach (var bucket in buckets.Take(limit))
            {
                writer.WriteStartElement("Bucket");
                writer.Text("Name", bucket.Name).Time("CreationDate", bucket.CreatedAt);
                writer.WriteEndElement();
            }

            writer.WriteEndElement();
            if (buckets.Count > limit && limit > 0)
            {
                writer.Text("ContinuationToken", buckets[limit - 1].Name);
            }
        });
        return await S3Answers.WriteAsync(call, 200, xml);
    }

    public async Task<Error?> CreateAsync(S3Call call)
    {
        if (call.Header("x-amz-bucket-object-lock-enabled") is "true" or "True")
        {
            return S3Operations.NotImplemented("x-amz-bucket-object-lock-enabled");
        }

        if (S3Answers.ReadHeaders(call).Error is { } unsupported)
        {
            return unsupported;
        }

        if (call.Http.Request.ContentLength > 0)
        {
            var read = await bodies.ReadAsync(call, "CreateBucketConfiguration", "");
            if (read.Failed(out var settings, out var unreadable))
            {
                return unreadable;
            }

            var constraint = settings.Find(setting => setting["."] == "LocationConstraint")?.GetValueOrDefault("");
            if (constraint is { Length: > 0 } && constraint != region)
            {
                return ObjectErrors.Argument(
                    $"The {constraint} location constraint is incompatible for the region specific endpoint this "
                    + $"request was sent to. This server's region is {region}.",
                    "LocationConstraint",
                    "IllegalLocationConstraintException");
            }
        }

        if ((await objects.CreateBucketAsync(call.Account, call.Bucket, call.Cancellation)).Error is { } refused)
        {
            return refused;
        }

        call.Http.Response.Headers.Location = "/" + call.Bucket;
        return null;
    }

    public Task<Error?> HeadAsync(S3Call call)
    {
        call.Http.Response.Headers["x-amz-bucket-region"] = region;
        return Task.FromResult(objects.FindBucket(call.Account, call.Bucket).Error);
    }

    public async Task<Error?> DeleteAsync(S3Call call)
    {
        call.Http.Response.StatusCode = 204;
        return (await objects.DeleteBucketAsync(call.Account, call.Bucket, call.Cancellation)).Error;
    }

    public async Task<Error?> GetLocationAsync(S3Call call) =>
        objects.FindBucket(call.Account, call.Bucket).Error ?? await S3Answers.WriteAsync(
            call,
            200,
            S3Xml.Write("LocationConstraint", writer => writer.WriteString(region == ClassicRegion ? "" : region)));

    /// <summary>Never was any: the answer has nothing in it.</summary>
    public async Task<Error?> GetVersioningAsync(S3Call call) =>
        objects.FindBucket(call.Account, call.Bucket).Error ?? await S3Answers.WriteAsync(
            call, 200, S3Xml.Write("VersioningConfiguration", _ => { }));
}

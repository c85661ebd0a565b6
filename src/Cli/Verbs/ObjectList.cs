using Lambent.Cli.Commands;
using Lambent.Cli.Connection;
using Lambent.Cli.Output;

namespace Lambent.Cli.Verbs;

/// <summary><c>lambent ls buckets</c> and <c>lambent ls objects</c>.</summary>
internal static class ObjectList
{
    public static async Task BucketsAsync(
        CommandContext context, ServerClient server, CancellationToken cancellation)
    {
        var buckets = await new ObjectApi(server).BucketsAsync(cancellation);
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context,
            "buckets",
            buckets,
            ["NAME", "CREATED"],
            bucket => [bucket.Name, Quantity.Since(bucket.CreatedAt, now)],
            (writer, bucket) =>
            {
                writer.WriteString("name", bucket.Name);
                writer.WriteString("createdAt", bucket.CreatedAt);
            },
            "aws s3 mb s3://NAME");
    }

    public static async Task ObjectsAsync(
        CommandContext context, ServerClient server, string bucket, CancellationToken cancellation)
    {
        var objects = await new ObjectApi(server).ObjectsAsync(bucket, cancellation);
        var now = context.Environment.Time.GetUtcNow();
        ListVerb.Write(
            context,
            "objects",
            objects,
            ["KEY", "SIZE", "TYPE", "CHANGED"],
            entry =>
            [
                entry.Key, Quantity.Bytes(entry.SizeBytes), entry.ContentType ?? "",
                Quantity.Since(entry.CreatedAt, now),
            ],
            (writer, entry) =>
            {
                writer.WriteString("key", entry.Key);
                writer.WriteNumber("sizeBytes", entry.SizeBytes);
                writer.WriteString("createdAt", entry.CreatedAt);
                writer.WriteString("eTag", entry.ETag);
                writer.WriteString("contentType", entry.ContentType);
                writer.WriteString("digest", entry.Digest);
            },
            $"aws s3 cp FILE s3://{bucket}/");
    }
}

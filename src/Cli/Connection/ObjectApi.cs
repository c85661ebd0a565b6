using System.Text.Json.Serialization;

namespace Lambent.Cli.Connection;

/// <summary>Buckets and objects by the native API.</summary>
internal sealed class ObjectApi(ServerClient server)
{
    public async Task<List<BucketEntry>> BucketsAsync(CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, "/v1/blobs"), ObjectJson.Default.BucketsAnswer, cancellation)).Buckets;

    /// <summary>Every object of a bucket, page by page.</summary>
    public async Task<List<ObjectEntry>> ObjectsAsync(string bucket, CancellationToken cancellation)
    {
        List<ObjectEntry> objects = [];
        string? after = "";
        while (after is not null)
        {
            var path = $"/v1/blobs/{Uri.EscapeDataString(bucket)}?after={Uri.EscapeDataString(after)}";
            var page = await server.SendAsync(
                new ServerRequest(HttpMethod.Get, path), ObjectJson.Default.ObjectsAnswer, cancellation);
            objects.AddRange(page.Blobs);
            after = page.Next;
        }

        return objects;
    }
}

internal sealed record BucketEntry(string Name, string CreatedAt);

internal sealed record BucketsAnswer(List<BucketEntry> Buckets);

internal sealed record ObjectEntry(
    string Key, long SizeBytes, string CreatedAt, string ETag, string? ContentType, string? Digest);

internal sealed record ObjectsAnswer(List<ObjectEntry> Blobs, string? Next);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BucketsAnswer))]
[JsonSerializable(typeof(ObjectsAnswer))]
internal sealed partial class ObjectJson : JsonSerializerContext;

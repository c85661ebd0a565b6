using System.Collections.Immutable;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;

namespace Lambent.Storage.Documents;

internal sealed class BucketDocument
{
    public required string Account { get; set; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    public static BucketDocument From(Bucket bucket) => new()
    {
        Account = bucket.Account.Value,
        Name = bucket.Name,
        CreatedAt = bucket.CreatedAt,
    };

    public Bucket ToBucket() => new(AccountId.Parse(Account), Name, CreatedAt);
}

internal sealed class ObjectHeadersDocument
{
    public string? ContentType { get; set; }

    public string? CacheControl { get; set; }

    public string? ContentDisposition { get; set; }

    public string? ContentEncoding { get; set; }

    public string? ContentLanguage { get; set; }

    public string? Expires { get; set; }

    public Dictionary<string, string>? Metadata { get; set; }

    public static ObjectHeadersDocument From(ObjectHeaders headers) => new()
    {
        ContentType = headers.ContentType,
        CacheControl = headers.CacheControl,
        ContentDisposition = headers.ContentDisposition,
        ContentEncoding = headers.ContentEncoding,
        ContentLanguage = headers.ContentLanguage,
        Expires = headers.Expires,
        Metadata = headers.Metadata.IsEmpty ? null : new Dictionary<string, string>(headers.Metadata),
    };

    public ObjectHeaders ToHeaders() => new()
    {
        ContentType = ContentType,
        CacheControl = CacheControl,
        ContentDisposition = ContentDisposition,
        ContentEncoding = ContentEncoding,
        ContentLanguage = ContentLanguage,
        Expires = Expires,
        Metadata = Metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ObjectHeaders.None.Metadata,
    };
}

internal sealed class ObjectDocument
{
    public required string Account { get; set; }

    public required string Bucket { get; set; }

    public required string Key { get; set; }

    public required long SizeBytes { get; set; }

    public required string ETag { get; set; }

    public string? Digest { get; set; }

    public string? Upload { get; set; }

    public ObjectHeadersDocument? Headers { get; set; }

    public string? ChecksumAlgorithm { get; set; }

    public string? Checksum { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public static ObjectDocument From(StoredObject stored) => new()
    {
        Account = stored.Name.Account.Value,
        Bucket = stored.Name.Bucket,
        Key = stored.Name.Key,
        SizeBytes = stored.SizeBytes,
        ETag = stored.ETag,
        Digest = stored.Content?.Digest,
        Upload = stored.Upload,
        Headers = stored.Headers == ObjectHeaders.None ? null : ObjectHeadersDocument.From(stored.Headers),
        ChecksumAlgorithm = stored.Checksum?.Algorithm,
        Checksum = stored.Checksum?.Value,
        ModifiedAt = stored.ModifiedAt,
    };

    public StoredObject ToObject() => new()
    {
        Name = new ObjectName(AccountId.Parse(Account), Bucket, Key),
        SizeBytes = SizeBytes,
        ETag = ETag,
        Content = Digest is null ? null : new ContentReference(Digest, SizeBytes),
        Upload = Upload,
        Headers = Headers?.ToHeaders() ?? ObjectHeaders.None,
        Checksum = ChecksumAlgorithm is null || Checksum is null
            ? null
            : new ObjectChecksum(ChecksumAlgorithm, Checksum),
        ModifiedAt = ModifiedAt,
    };
}

internal sealed class UploadDocument
{
    public required string Account { get; set; }

    public required string Bucket { get; set; }

    public required string Key { get; set; }

    public required string Id { get; set; }

    public ObjectHeadersDocument? Headers { get; set; }

    public string? ChecksumAlgorithm { get; set; }

    public required DateTimeOffset BegunAt { get; set; }

    public static UploadDocument From(Upload upload) => new()
    {
        Account = upload.Name.Account.Value,
        Bucket = upload.Name.Bucket,
        Key = upload.Name.Key,
        Id = upload.Id,
        Headers = upload.Headers == ObjectHeaders.None ? null : ObjectHeadersDocument.From(upload.Headers),
        ChecksumAlgorithm = upload.ChecksumAlgorithm,
        BegunAt = upload.BegunAt,
    };

    public Upload ToUpload() => new()
    {
        Name = new ObjectName(AccountId.Parse(Account), Bucket, Key),
        Id = Id,
        Headers = Headers?.ToHeaders() ?? ObjectHeaders.None,
        ChecksumAlgorithm = ChecksumAlgorithm,
        BegunAt = BegunAt,
    };
}

internal sealed class UploadPartDocument
{
    public required string Account { get; set; }

    public required string Upload { get; set; }

    public required int Number { get; set; }

    public required string Digest { get; set; }

    public required long SizeBytes { get; set; }

    public required string ETag { get; set; }

    public string? ChecksumAlgorithm { get; set; }

    public string? Checksum { get; set; }

    public required DateTimeOffset ModifiedAt { get; set; }

    public static UploadPartDocument From(UploadPart part) => new()
    {
        Account = part.Account.Value,
        Upload = part.Upload,
        Number = part.Number,
        Digest = part.Content.Digest,
        SizeBytes = part.Content.SizeBytes,
        ETag = part.ETag,
        ChecksumAlgorithm = part.Checksum?.Algorithm,
        Checksum = part.Checksum?.Value,
        ModifiedAt = part.ModifiedAt,
    };

    public UploadPart ToPart() => new()
    {
        Account = AccountId.Parse(Account),
        Upload = Upload,
        Number = Number,
        Content = new ContentReference(Digest, SizeBytes),
        ETag = ETag,
        Checksum = ChecksumAlgorithm is null || Checksum is null
            ? null
            : new ObjectChecksum(ChecksumAlgorithm, Checksum),
        ModifiedAt = ModifiedAt,
    };
}

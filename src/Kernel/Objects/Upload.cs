using Lambent.Kernel.Access;

namespace Lambent.Kernel.Objects;

/// <summary>An object that comes in parts and is not there yet.</summary>
public sealed record Upload
{
    public required ObjectName Name { get; init; }

    public required string Id { get; init; }

    public ObjectHeaders Headers { get; init; } = ObjectHeaders.None;

    /// <summary>Which checksum the client says it sends with each part, or null.</summary>
    public string? ChecksumAlgorithm { get; init; }

    public required DateTimeOffset BegunAt { get; init; }
}

/// <summary>A part of an upload, or of the object that it became.</summary>
public sealed record UploadPart
{
    public required AccountId Account { get; init; }

    public required string Upload { get; init; }

    /// <summary>1 to 10,000.</summary>
    public required int Number { get; init; }

    public required ContentReference Content { get; init; }

    /// <summary>MD5 of the part, hexadecimal.</summary>
    public required string ETag { get; init; }

    public ObjectChecksum? Checksum { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }
}

public interface IUploadTable
{
    Upload? Get(ObjectName name, string id);

    void Put(Upload upload);

    /// <summary>Deletes the upload and leaves its parts: they are an object's now.</summary>
    void Delete(Upload upload);

    /// <summary>By key, then by id.</summary>
    IReadOnlyList<Upload> List(
        AccountId account, string bucket, string prefix, string afterKey, string afterId, int limit);

    /// <summary>Begun before a time, of all accounts.</summary>
    IReadOnlyList<Upload> Stale(DateTimeOffset before, int limit);

    void PutPart(UploadPart part);

    UploadPart? GetPart(AccountId account, string upload, int number);

    /// <summary>By number.</summary>
    IReadOnlyList<UploadPart> Parts(AccountId account, string upload, int after, int limit);

    void DeletePart(AccountId account, string upload, int number);

    /// <summary>All parts of an upload, or of the object that it became.</summary>
    void DeleteParts(AccountId account, string upload);
}

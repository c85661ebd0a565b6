using System.Collections.Immutable;
using Lambent.Kernel.Access;

namespace Lambent.Kernel.Objects;

/// <summary>A file in the content-addressed store: an object's bytes, or a part of them.</summary>
/// <param name="Digest">SHA-256 of the bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="SizeBytes">How many they are.</param>
public sealed record ContentReference(string Digest, long SizeBytes);

/// <summary>What an object is called.</summary>
public readonly record struct ObjectName(AccountId Account, string Bucket, string Key)
{
    public override string ToString() => $"{Bucket}/{Key}";
}

/// <summary>What a client said about the bytes, given back with them and not looked into.</summary>
public sealed record ObjectHeaders
{
    public static readonly ObjectHeaders None = new();

    public string? ContentType { get; init; }

    public string? CacheControl { get; init; }

    public string? ContentDisposition { get; init; }

    public string? ContentEncoding { get; init; }

    public string? ContentLanguage { get; init; }

    public string? Expires { get; init; }

    /// <summary>x-amz-meta-*, by lower-case name without that prefix.</summary>
    public ImmutableSortedDictionary<string, string> Metadata { get; init; } =
        ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A checksum that a client sent and that was found right.</summary>
/// <param name="Algorithm">crc32, crc32c, crc64nvme, sha1, sha256.</param>
/// <param name="Value">Base64, as it is sent.</param>
public sealed record ObjectChecksum(string Algorithm, string Value);

/// <summary>An object: the row that says what its bytes are. Exactly one of Content and Upload is set.</summary>
public sealed record StoredObject
{
    public required ObjectName Name { get; init; }

    public required long SizeBytes { get; init; }

    /// <summary>Without quotes: the MD5 of the bytes, or of the parts' MD5s with their number behind a dash.</summary>
    public required string ETag { get; init; }

    /// <summary>The bytes, when they came in one piece.</summary>
    public ContentReference? Content { get; init; }

    /// <summary>The parts that the bytes are, in order: those listed under this name.</summary>
    public string? Upload { get; init; }

    public ObjectHeaders Headers { get; init; } = ObjectHeaders.None;

    public ObjectChecksum? Checksum { get; init; }

    public required DateTimeOffset ModifiedAt { get; init; }
}

public interface IObjectTable
{
    StoredObject? Get(ObjectName name);

    /// <summary>Puts or replaces.</summary>
    void Put(StoredObject stored);

    void Delete(ObjectName name);

    /// <summary>By key in the order of its UTF-8 bytes.</summary>
    /// <param name="account">Whose.</param>
    /// <param name="bucket">Where.</param>
    /// <param name="from">The first key that may be listed.</param>
    /// <param name="isAfter">Keys after <paramref name="from"/> only.</param>
    /// <param name="before">The first key that may not, or null.</param>
    /// <param name="limit">At most so many.</param>
    IReadOnlyList<StoredObject> List(
        AccountId account, string bucket, string from, bool isAfter, string? before, int limit);

    /// <summary>Whether an object, a part or an execution needs a content.</summary>
    bool IsContentUsed(string digest);

    /// <summary>Keeps a content for as long as the execution is kept.</summary>
    void Pin(AccountId account, string executionKey, string digest);

    /// <summary>The execution needs none of its contents any more.</summary>
    void Unpin(AccountId account, string executionKey);
}

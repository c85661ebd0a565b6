namespace Lambent.Kernel.Objects;

/// <summary>
/// Bytes on disk, each file under its own SHA-256. A file is durable before anything refers to it. What nothing refers
/// to is removed; what was just written or is just being looked up is held meanwhile.
/// </summary>
public interface IContentStore
{
    /// <summary>Begins a new content.</summary>
    IContentWriter Begin();

    /// <summary>Keeps a content from being removed until the lease is given back; null when there is none.</summary>
    IDisposable? Hold(string digest);

    /// <summary>A content to read at any place; null when there is none.</summary>
    Stream? Open(string digest);

    /// <summary>Removes, of these contents, what <paramref name="isUsed"/> denies and nobody holds.</summary>
    /// <returns>The bytes freed.</returns>
    long Collect(IEnumerable<string> digests, Func<string, bool> isUsed);

    /// <summary>The digest of each content there is.</summary>
    IEnumerable<string> All();
}

/// <summary>A content on its way to disk. Disposed before it was completed, nothing of it stays.</summary>
public interface IContentWriter : IDisposable
{
    long SizeBytes { get; }

    /// <summary>Adds bytes; fails with DiskFull or StoreUnavailable.</summary>
    Result<Done> Write(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Makes the content durable and gives it its name. The content is held until the writer is disposed, so that who
    /// refers to it writes that down before.
    /// </summary>
    Result<WrittenContent> Complete();
}

/// <param name="Content">Where it is.</param>
/// <param name="Md5">Its MD5, 16 bytes.</param>
public sealed record WrittenContent(ContentReference Content, byte[] Md5)
{
    public string Md5Text => Convert.ToHexStringLower(Md5);
}

namespace Lambent.Kernel.Packages;

/// <summary>
/// Code on disk: zip files by their digest, and the folders they unpack to. A package is checked entry by entry
/// before anything of it is accepted; see docs/reference/packages.md for what is refused.
/// </summary>
public interface IPackageStore
{
    /// <summary>
    /// Checks and stores a zip file durably and unpacks it. Storing the same bytes again is cheap.
    /// Fails with PackageUnreadable, PackageEntryRefused (naming the entry) or PackageTooLarge.
    /// </summary>
    Task<Result<PackageReference>> AddAsync(ReadOnlyMemory<byte> zip, CancellationToken cancellation = default);

    /// <summary>The reference with its unpacked size, read from the zip file when the reference lacks it.</summary>
    Task<PackageReference> MeasureAsync(PackageReference package, CancellationToken cancellation = default);

    /// <summary>The zip file's bytes, verified against the digest; null when there is none.</summary>
    Stream? OpenRead(string digest);

    /// <summary>
    /// The folder, read-only for everyone, with the unpacked files; unpacks again when it is missing.
    /// </summary>
    Task<string> GetFolderAsync(PackageReference package, CancellationToken cancellation = default);

    /// <summary>
    /// The folder with the files of several layers merged, later ones over earlier ones; null for none.
    /// </summary>
    Task<string?> GetMergedFolderAsync(
        IReadOnlyList<PackageReference> layers, CancellationToken cancellation = default);

    /// <summary>
    /// Removes what none of <paramref name="inUse"/> refers to and is older than <paramref name="before"/>.
    /// </summary>
    /// <returns>The number of bytes freed.</returns>
    Task<long> CollectAsync(
        IReadOnlySet<string> inUse, DateTimeOffset before, CancellationToken cancellation = default);
}

/// <summary>Files uploaded ahead of a deploy, named like an S3 bucket and key.</summary>
public sealed record Blob
{
    public required Access.AccountId Account { get; init; }

    public required string Bucket { get; init; }

    public required string Key { get; init; }

    public required PackageReference Content { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

public interface IBlobTable
{
    Blob? Get(Access.AccountId account, string bucket, string key);

    bool BucketExists(Access.AccountId account, string bucket);

    void Put(Blob blob);

    void Delete(Access.AccountId account, string bucket, string key);

    IReadOnlyList<Blob> List(Access.AccountId account, string bucket, string? afterKey, int limit);

    /// <summary>Every blob of every account, for finding out which packages are in use.</summary>
    IEnumerable<Blob> All();
}

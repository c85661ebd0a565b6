using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Packages;

namespace Lambent.Server.Tests.Memory;

/// <summary>Packages without a disk. A test can hold up or break the preparing of folders.</summary>
internal sealed class InMemoryPackageStore : IPackageStore
{
    private readonly ConcurrentDictionary<string, byte[]> packages = new(StringComparer.Ordinal);

    /// <summary>Preparing a folder waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>When set, preparing a folder fails with it.</summary>
    public Exception? Failure { get; set; }

    /// <summary>False: references lack their unpacked size, as those of an earlier program do.</summary>
    public bool KnowsSizes { get; set; } = true;

    /// <summary>What every package is said to take once unpacked; null: what it does.</summary>
    public long? SizeToTell { get; set; }

    public int Count => packages.Count;

    public Task<Result<PackageReference>> AddAsync(
        ReadOnlyMemory<byte> zip, CancellationToken cancellation = default)
    {
        var bytes = zip.ToArray();
        long unzippedBytes;
        try
        {
            unzippedBytes = UnzippedBytes(bytes);
            if (unzippedBytes > Limits.UnzippedPackageBytesMax)
            {
                return Failed(
                    ErrorCode.PackageTooLarge,
                    $"Unzipped size must be smaller than {Limits.UnzippedPackageBytesMax} bytes");
            }
        }
        catch (InvalidDataException)
        {
            return Failed(
                ErrorCode.PackageUnreadable,
                "Could not unzip uploaded file. Please check your file, then try to upload again.");
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        packages[digest] = bytes;
        return Task.FromResult<Result<PackageReference>>(new PackageReference(digest, bytes.Length)
        {
            UnzippedBytes = KnowsSizes ? unzippedBytes : null,
        });
    }

    public Task<PackageReference> MeasureAsync(PackageReference package, CancellationToken cancellation = default) =>
        Task.FromResult(package with
        {
            UnzippedBytes = package.UnzippedBytes ?? UnzippedBytes(packages[package.Digest]),
        });

    public Stream? OpenRead(string digest) =>
        packages.TryGetValue(digest, out var bytes) ? new MemoryStream(bytes, writable: false) : null;

    public async Task<string> GetFolderAsync(PackageReference package, CancellationToken cancellation = default)
    {
        await Gate.WaitAsync(cancellation);
        return Failure is { } failure ? throw failure : $"/packages/{package.Digest}";
    }

    public async Task<string?> GetMergedFolderAsync(
        IReadOnlyList<PackageReference> layers, CancellationToken cancellation = default)
    {
        await Gate.WaitAsync(cancellation);
        return layers.Count == 0 ? null : "/layers/" + string.Join('+', layers.Select(layer => layer.Digest[..8]));
    }

    public Task<long> CollectAsync(
        IReadOnlySet<string> inUse, DateTimeOffset before, CancellationToken cancellation = default) =>
        Task.FromResult(0L);

    private long UnzippedBytes(byte[] zip)
    {
        if (SizeToTell is { } bytes)
        {
            return bytes;
        }

        using var archive = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
        return archive.Entries.Sum(entry => entry.Length);
    }

    private static Task<Result<PackageReference>> Failed(ErrorCode code, string message) =>
        Task.FromResult<Result<PackageReference>>(new Error(code, message));
}

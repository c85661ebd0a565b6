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

    public int Count => packages.Count;

    public Task<Result<PackageReference>> AddAsync(
        ReadOnlyMemory<byte> zip, CancellationToken cancellation = default)
    {
        var bytes = zip.ToArray();
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            if (archive.Entries.Sum(entry => entry.Length) > Limits.UnzippedPackageBytesMax)
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
        return Task.FromResult<Result<PackageReference>>(new PackageReference(digest, bytes.Length));
    }

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

    private static Task<Result<PackageReference>> Failed(ErrorCode code, string message) =>
        Task.FromResult<Result<PackageReference>>(new Error(code, message));
}

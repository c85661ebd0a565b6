using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Packages;

/// <summary>
/// Packages in the data folder. The zip files are the truth and are durable. Unpacked folders and merged layers are
/// caches: they are not synced, so after a power loss they may have names without content. They are trusted only
/// during the run of the machine in which they were written, which <see cref="PackageLayout.BootMark"/> records, and
/// made anew from the verified zip files otherwise.
/// </summary>
public sealed class PackageStore : IPackageStore, IAsyncDisposable
{
    private const int LockCount = 64;

    private readonly PackageLayout layout;
    private readonly PackageFiles files;
    private readonly PackageCollector collector;
    private readonly TimeProvider time;

    // Unpacking is heavy on processor and disk. It runs on threads of its own, at most this many, so that a deploy
    // does not stop calls.
    private readonly SemaphoreSlim jobs = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly Lock[] locks = [.. Enumerable.Range(0, LockCount).Select(_ => new Lock())];

    public PackageStore(DataFolder folder, TimeProvider time)
        : this(folder, time, ReadBootId())
    {
    }

    internal PackageStore(DataFolder folder, TimeProvider time, string bootId)
    {
        layout = new PackageLayout(folder);
        files = new PackageFiles(layout);
        collector = new PackageCollector(layout);
        this.time = time;
        DistrustCachesOfEarlierBoots(bootId);
        Swept = SweepAsync();
    }

    /// <summary>Completes when what earlier runs left unfinished is deleted. Nothing waits for it.</summary>
    public Task Swept { get; }

    public async Task<Result<PackageReference>> AddAsync(
        ReadOnlyMemory<byte> zip, CancellationToken cancellation = default)
    {
        if (zip.Length > Limits.ZippedPackageBytesMax)
        {
            return PackageErrors.ZippedTooLarge;
        }

        try
        {
            return await RunAsync(() => Add(zip, cancellation), cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return DiskErrors.Describe(failure, "The package could not be stored");
        }
    }

    public async Task<PackageReference> MeasureAsync(
        PackageReference package, CancellationToken cancellation = default)
    {
        if (package.UnzippedBytes is not null)
        {
            return package;
        }

        var digest = Checked(package.Digest);
        var bytes = await RunOrThrowAsync(
            () => ReadEntries(files.ReadVerified(digest), digest).UnpackedBytes(), cancellation);
        return package with { UnzippedBytes = bytes };
    }

    public Stream? OpenRead(string digest) => files.OpenVerified(digest);

    public async Task<string> GetFolderAsync(PackageReference package, CancellationToken cancellation = default)
    {
        var folder = layout.CodeFolder(Checked(package.Digest));
        if (!Directory.Exists(folder))
        {
            await RunOrThrowAsync(() => UnpackAgain(package.Digest, folder, cancellation), cancellation);
        }

        return folder;
    }

    public async Task<string?> GetMergedFolderAsync(
        IReadOnlyList<PackageReference> layers, CancellationToken cancellation = default)
    {
        if (layers.Count <= 1)
        {
            return layers.Count == 0 ? null : await GetFolderAsync(layers[0], cancellation);
        }

        var digests = layers.Select(layer => Checked(layer.Digest)).ToList();
        var key = LayerMerger.Key(digests);
        if (!Directory.Exists(layout.MergedFolder(key)))
        {
            var folders = new List<string>();
            foreach (var layer in layers)
            {
                folders.Add(await GetFolderAsync(layer, cancellation));
            }

            await RunOrThrowAsync(() => Merge(key, digests, folders, cancellation), cancellation);
        }

        return layout.MergedFiles(key);
    }

    public Task<long> CollectAsync(
        IReadOnlySet<string> inUse, DateTimeOffset before, CancellationToken cancellation = default) =>
        RunOrThrowAsync(() => Collect(inUse, before, cancellation), cancellation);

    public async ValueTask DisposeAsync()
    {
        await Swept;
        jobs.Dispose();
    }

    private Result<PackageReference> Add(ReadOnlyMemory<byte> zip, CancellationToken cancellation)
    {
        if (ZipDirectory.Read(zip.Span).Failed(out var entries, out var unreadable))
        {
            return unreadable;
        }

        var package = new PackageReference(PackageFiles.Digest(zip.Span), zip.Length)
        {
            UnzippedBytes = entries.UnpackedBytes(),
        };
        lock (LockOf(package.Digest))
        {
            // Storing a package again also repairs a stored one that is damaged.
            if (!files.IsIntact(package.Digest))
            {
                var temporary = layout.NewTemporaryPath();
                if (UnpackTo(zip, entries, temporary, cancellation) is { } error)
                {
                    return error;
                }

                files.Write(package.Digest, zip.Span);
                Publish(temporary, layout.CodeFolder(package.Digest));
            }

            File.SetLastWriteTimeUtc(layout.Zip(package.Digest), time.GetUtcNow().UtcDateTime);
            return package;
        }
    }

    private string UnpackAgain(string digest, string folder, CancellationToken cancellation)
    {
        lock (LockOf(digest))
        {
            if (Directory.Exists(folder))
            {
                return folder;
            }

            var temporary = layout.NewTemporaryPath();
            var zip = files.ReadVerified(digest);
            if (UnpackTo(zip, ReadEntries(zip, digest), temporary, cancellation) is { } error)
            {
                throw NotAccepted(digest, error);
            }

            Publish(temporary, folder);
            return folder;
        }
    }

    /// <summary>The entries of a zip file that was accepted once.</summary>
    private static List<ZipEntry> ReadEntries(ReadOnlyMemory<byte> zip, string digest) =>
        ZipDirectory.Read(zip.Span).Failed(out var entries, out var error)
            ? throw NotAccepted(digest, error)
            : entries;

    private static StoreException NotAccepted(string digest, Error error) => new(
        error.Code, $"The stored package {digest} is not accepted any more: {error.Message}");

    /// <summary>Checks and unpacks; leaves nothing when it fails.</summary>
    private static Error? UnpackTo(
        ReadOnlyMemory<byte> zip, List<ZipEntry> entries, string folder, CancellationToken cancellation)
    {
        PackageUnpacker.CreateFolder(folder);
        var unpacked = false;
        try
        {
            var error = PackageUnpacker.Unpack(zip, entries, folder, cancellation);
            unpacked = error is null;
            return error;
        }
        finally
        {
            if (!unpacked)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private bool Merge(string key, List<string> digests, List<string> folders, CancellationToken cancellation)
    {
        lock (LockOf(key))
        {
            if (Directory.Exists(layout.MergedFolder(key)))
            {
                return false;
            }

            var temporary = layout.NewTemporaryPath();
            PackageUnpacker.CreateFolder(temporary);
            File.WriteAllLines(Path.Combine(temporary, "digests"), digests);
            LayerMerger.Merge(folders, Path.Combine(temporary, "files"), cancellation);
            Publish(temporary, layout.MergedFolder(key));
            return true;
        }
    }

    private long Collect(IReadOnlySet<string> inUse, DateTimeOffset before, CancellationToken cancellation)
    {
        var freed = 0L;
        foreach (var digest in collector.FindUnused(inUse))
        {
            cancellation.ThrowIfCancellationRequested();
            lock (LockOf(digest))
            {
                freed += collector.Remove(digest, before);
            }
        }

        foreach (var key in collector.FindUnusedMerges(inUse))
        {
            cancellation.ThrowIfCancellationRequested();
            lock (LockOf(key))
            {
                collector.RemoveMerge(key, before);
            }
        }

        return freed;
    }

    /// <summary>Gives a finished folder its name; its lock is held. An older one, now in doubt, makes way.</summary>
    private void Publish(string temporary, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Move(folder, layout.NewTemporaryPath());
        }

        Directory.SetLastWriteTimeUtc(temporary, time.GetUtcNow().UtcDateTime);
        Directory.Move(temporary, folder);
    }

    private async Task<T> RunAsync<T>(Func<T> job, CancellationToken cancellation)
    {
        await jobs.WaitAsync(cancellation);
        try
        {
            return await Task.Factory.StartNew(
                job, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            jobs.Release();
        }
    }

    private async Task<T> RunOrThrowAsync<T>(Func<T> job, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(job, cancellation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var error = DiskErrors.Describe(failure, "The package store could not be used");
            throw new StoreException(error.Code, error.Message, failure);
        }
    }

    private Lock LockOf(string digest) =>
        locks[int.Parse(digest.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % LockCount];

    private static string Checked(string digest) => PackageLayout.IsDigest(digest)
        ? digest
        : throw new ArgumentException($"'{digest}' is not a digest of 64 lower-case hexadecimal digits.");

    private void DistrustCachesOfEarlierBoots(string bootId)
    {
        if (bootId.Length > 0 && File.Exists(layout.BootMark) && File.ReadAllText(layout.BootMark) == bootId)
        {
            return;
        }

        foreach (var cache in new[] { layout.Code, layout.Layers })
        {
            if (Directory.EnumerateFileSystemEntries(cache).Any())
            {
                Directory.Move(cache, layout.NewTemporaryPath());
                DataFolder.CreateFolder(cache);
            }
        }

        try
        {
            File.WriteAllText(layout.BootMark, bootId);
        }
        catch (IOException)
        {
            // Without the mark, on a full disk, the caches are made anew at the next start too.
        }
    }

    private Task SweepAsync()
    {
        var left = Directory.GetFileSystemEntries(layout.Temporary);
        return left.Length == 0 ? Task.CompletedTask : Task.Run(() => Array.ForEach(left, Sweep));
    }

    private static void Sweep(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is in nobody's way; the next start tries again.
        }
    }

    /// <summary>Changes when the machine starts. Where there is no such thing, caches end with the server.</summary>
    private static string ReadBootId()
    {
        const string path = "/proc/sys/kernel/random/boot_id";
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
    }
}

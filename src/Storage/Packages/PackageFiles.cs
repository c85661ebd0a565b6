using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Disk;

namespace Lambent.Storage.Packages;

/// <summary>The zip files, each under its own digest: written to survive power loss, read with suspicion.</summary>
internal sealed class PackageFiles(PackageLayout layout)
{
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Writes the file whole or not at all. When it returns, content and name are on stable storage.</summary>
    public void Write(string digest, ReadOnlySpan<byte> zip)
    {
        var path = layout.Zip(digest);
        var parent = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parent))
        {
            DataFolder.CreateFolder(parent);
            Posix.SyncFolder(layout.Packages);
        }

        var temporary = layout.NewTemporaryPath();
        DataFolder.CreatePrivateFile(temporary);
        using (var file = new FileStream(temporary, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(zip);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        Posix.SyncFolder(parent);
    }

    public bool IsIntact(string digest)
    {
        using var stream = OpenUnverified(digest);
        return stream is not null && Matches(stream, digest);
    }

    /// <summary>The file, compared with its digest before the first byte is given; null when there is none.</summary>
    /// <exception cref="StoreException">It is damaged.</exception>
    public FileStream? OpenVerified(string digest)
    {
        var stream = OpenUnverified(digest);
        if (stream is null || Matches(stream, digest))
        {
            stream?.Seek(0, SeekOrigin.Begin);
            return stream;
        }

        stream.Dispose();
        throw Damaged(digest);
    }

    /// <exception cref="StoreException">It is missing or damaged.</exception>
    public byte[] ReadVerified(string digest)
    {
        if (!PackageLayout.IsDigest(digest) || !File.Exists(layout.Zip(digest)))
        {
            throw new StoreException(
                ErrorCode.StoreUnavailable, $"The package {digest} is missing from the store. Deploy it again.");
        }

        var bytes = File.ReadAllBytes(layout.Zip(digest));
        return Digest(bytes) == digest ? bytes : throw Damaged(digest);
    }

    private FileStream? OpenUnverified(string digest)
    {
        try
        {
            return PackageLayout.IsDigest(digest)
                ? new FileStream(layout.Zip(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete)
                : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool Matches(FileStream stream, string digest) =>
        Convert.ToHexStringLower(SHA256.HashData(stream)) == digest;

    private static StoreException Damaged(string digest) => new(
        ErrorCode.StoreUnavailable,
        $"The stored package {digest} is damaged: its content does not match its digest. It is not used. " +
        "Deploy it again.");
}

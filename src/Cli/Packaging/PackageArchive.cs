using System.IO.Compression;
using System.Security.Cryptography;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;

namespace Lambent.Cli.Packaging;

/// <summary>A package ready to be sent.</summary>
internal sealed record PackedPackage(byte[] Zip, int Files)
{
    /// <summary>As the API shows it; equal hashes mean nothing changed.</summary>
    public string Sha256 { get; } = Convert.ToBase64String(SHA256.HashData(Zip));
}

/// <summary>
/// Packs so that the same files always make the same bytes: entries in order, one fixed time, two permissions. Then a
/// deploy without a change is seen as one, and the server stores nothing twice.
/// </summary>
internal static class PackageArchive
{
    /// <summary>The server's limit for code in a request.</summary>
    public const long ZippedBytesMax = 52_428_800;

    private const int RegularFile = 0x8000; // S_IFREG
    private const int SymbolicLink = 0xA000; // S_IFLNK
    private const int ReadableMode = 0x1A4; // 0644
    private const int ExecutableMode = 0x1ED; // 0755
    private const int AnyMode = 0x1FF; // 0777

    /// <summary>The first day a zip can express.</summary>
    private static readonly DateTimeOffset FixedTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static PackedPackage Pack(PackageContent content)
    {
        using var buffer = new MemoryStream();
        using (var archive = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in content.Entries)
            {
                var entry = archive.CreateEntry(file.Path, CompressionLevel.Optimal);
                entry.LastWriteTime = FixedTime;
                entry.ExternalAttributes = ModeOf(file) << 16;
                using (var source = file.Open())
                using (var target = entry.Open())
                {
                    source.CopyTo(target);
                }

                CheckSize(buffer.Length);
            }
        }

        CheckSize(buffer.Length);
        return new PackedPackage(buffer.ToArray(), content.Files.Count);
    }

    /// <summary>A zip that was made elsewhere is sent as it is.</summary>
    public static PackedPackage Existing(byte[] zip, int files)
    {
        CheckSize(zip.Length);
        return new PackedPackage(zip, files);
    }

    private static int ModeOf(PackageFile file) => file switch
    {
        { LinkTarget: not null } => SymbolicLink | AnyMode,
        { Executable: true } => RegularFile | ExecutableMode,
        _ => RegularFile | ReadableMode,
    };

    private static void CheckSize(long bytes)
    {
        if (bytes > ZippedBytesMax)
        {
            throw new CommandFailedException(
                ExitCode.Limit, FailureCodes.PackageTooLarge,
                $"The package is larger than {Quantity.Bytes(ZippedBytesMax)} zipped, the limit of the API.",
                $"leave files out with {IgnoreRules.FileName}, or put dependencies into a layer");
        }
    }
}

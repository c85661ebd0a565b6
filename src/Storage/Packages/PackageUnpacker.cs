using System.Buffers;
using System.IO.Compression;
using System.Text;
using Lambent.Kernel;

namespace Lambent.Storage.Packages;

/// <summary>
/// Writes a checked package's files below a folder that nobody else knows yet. It counts while it inflates: an entry
/// that turns out longer or shorter than it said, or different, makes the whole package unreadable.
/// </summary>
internal static class PackageUnpacker
{
    private const int BufferBytes = 64 * Limits.KiB;

    private const UnixFileMode PlainFile =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        PlainFile | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Folders have the mode of programs; environments run as another user, who must read them.</summary>
    public const UnixFileMode FolderMode = Executable;

    /// <param name="zip">The whole file; <see cref="ZipDirectory"/> has checked it.</param>
    /// <param name="root">An empty folder. On failure its content is the caller's to remove.</param>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public static Error? Unpack(
        ReadOnlyMemory<byte> zip, IReadOnlyList<ZipEntry> entries, string root, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            // Links come last, so that there is none while files are written.
            foreach (var entry in entries.OrderBy(entry => entry.Kind == ZipEntryKind.SymbolicLink))
            {
                cancellation.ThrowIfCancellationRequested();
                if (UnpackEntry(zip, entry, root, buffer) is { } error)
                {
                    return error;
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Creates a folder and those above it that are missing, down from one that exists.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (!Directory.Exists(path))
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path, FolderMode);
            // A strict umask would have taken bits away.
            File.SetUnixFileMode(path, FolderMode);
        }
    }

    private static Error? UnpackEntry(ReadOnlyMemory<byte> zip, ZipEntry entry, string root, byte[] buffer)
    {
        var path = Path.Join([root, .. entry.Path]);
        if (entry.Kind == ZipEntryKind.Folder)
        {
            CreateFolder(path);
            return null;
        }

        CreateFolder(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            return PackageErrors.Refused(entry.Name, "this file system takes its path for another entry's");
        }

        using var content = OpenContent(zip, entry);
        if (entry.Kind == ZipEntryKind.SymbolicLink)
        {
            return CreateLink(content, entry, path, buffer);
        }

        using var file = new FileStream(path, NewFile(entry));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, entry.Executable ? Executable : PlainFile);
        }

        return Copy(content, file, entry, buffer);
    }

    private static Error? Copy(Stream content, Stream file, ZipEntry entry, byte[] buffer)
    {
        var (length, checksum) = (0L, 0u);
        try
        {
            for (var read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                length += read;
                if (length > entry.UnpackedBytes)
                {
                    return PackageErrors.Unreadable("LongerThanItSays", entry.Name);
                }

                checksum = Crc32.Append(checksum, buffer.AsSpan(0, read));
                file.Write(buffer.AsSpan(0, read));
            }
        }
        catch (InvalidDataException)
        {
            return PackageErrors.Unreadable("DeflateBroken", entry.Name);
        }

        if (length != entry.UnpackedBytes)
        {
            return PackageErrors.Unreadable("ShorterThanItSays", entry.Name);
        }

        return checksum == entry.Checksum ? null : PackageErrors.Unreadable("ChecksumDiffers", entry.Name);
    }

    private static Error? CreateLink(Stream content, ZipEntry entry, string path, byte[] buffer)
    {
        using var bytes = new MemoryStream();
        if (Copy(content, bytes, entry, buffer) is { } unreadable)
        {
            return unreadable;
        }

        if (!ZipName.TryDecode(bytes.ToArray(), out var target))
        {
            return PackageErrors.Refused(entry.Name, "it is a link whose target is not UTF-8");
        }

        if (ZipName.CheckLinkTarget(target, entry.Path.Length - 1) is { } why)
        {
            return PackageErrors.Refused(entry.Name, why);
        }

        File.CreateSymbolicLink(path, target);
        return null;
    }

    private static Stream OpenContent(ReadOnlyMemory<byte> zip, ZipEntry entry)
    {
        var packed = MemoryStreams.Open(zip.Slice(entry.DataOffset, entry.PackedBytes));
        return entry.Deflated ? new DeflateStream(packed, CompressionMode.Decompress) : packed;
    }

    private static FileStreamOptions NewFile(ZipEntry entry)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = entry.Executable ? Executable : PlainFile;
        }

        return options;
    }
}

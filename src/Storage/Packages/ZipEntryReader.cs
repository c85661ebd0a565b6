using System.Buffers.Binary;
using Lambent.Kernel;

namespace Lambent.Storage.Packages;

/// <summary>Reads one entry: its record in the central directory, and the local header that record points to.</summary>
internal static class ZipEntryReader
{
    private const uint CentralSignature = 0x0201_4b50;
    private const uint LocalSignature = 0x0403_4b50;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const ushort Zip64ExtraId = 0x0001;

    private const int EncryptedFlag = 1 << 0;
    private const int SizesFollowFlag = 1 << 3;
    private const int PatchedFlag = 1 << 5;
    private const int StronglyEncryptedFlag = 1 << 6;
    private const int MaskedFlag = 1 << 13;

    private const ushort StoredMethod = 0;
    private const ushort DeflatedMethod = 8;

    private const int UnixHost = 3;
    private const int MacHost = 19;
    private const int ModeTypeMask = 0xF000;
    private const int ModeFile = 0x8000;
    private const int ModeFolder = 0x4000;
    private const int ModeLink = 0xA000;
    private const int ModeExecutable = 0x49;

    /// <summary>Below this size even the largest ratio of deflate harms nobody.</summary>
    private const ulong RatioCheckedAboveBytes = Limits.MiB;

    /// <param name="zip">The file.</param>
    /// <param name="directoryStart">Where the central directory starts; no entry's data reaches beyond it.</param>
    /// <param name="position">Where the record starts; afterwards, where the next one does.</param>
    /// <param name="directoryEnd">Where the central directory ends.</param>
    public static Result<ZipEntry> Read(
        ReadOnlySpan<byte> zip, int directoryStart, ref int position, int directoryEnd)
    {
        if (directoryEnd - position < CentralBytes ||
            BinaryPrimitives.ReadUInt32LittleEndian(zip[position..]) != CentralSignature)
        {
            return PackageErrors.Unreadable("DirectoryBroken");
        }

        var record = zip[position..directoryEnd];
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
        var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
        var commentBytes = BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
        var recordBytes = CentralBytes + nameBytes + extraBytes + commentBytes;
        if (recordBytes > record.Length)
        {
            return PackageErrors.Unreadable("DirectoryBroken");
        }

        position += recordBytes;
        var rawName = record.Slice(CentralBytes, nameBytes);
        if (!ZipName.TryDecode(rawName, out var name))
        {
            return PackageErrors.Refused(Convert.ToHexStringLower(rawName), "its name is not UTF-8");
        }

        var extra = record.Slice(CentralBytes + nameBytes, extraBytes);
        return ReadHeaders(zip[..directoryStart], record, rawName, extra, name);
    }

    private static Result<ZipEntry> ReadHeaders(
        ReadOnlySpan<byte> data, ReadOnlySpan<byte> record, ReadOnlySpan<byte> rawName, ReadOnlySpan<byte> extra,
        string name)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(record[8..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]);
        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]);
        if (FindUnsupported(flags, method) is { } unsupported)
        {
            return PackageErrors.Refused(name, unsupported);
        }

        if (!TryReadSizes(record[20..28], record[42..46], extra, out var sizes) ||
            BinaryPrimitives.ReadUInt16LittleEndian(record[34..]) != 0)
        {
            return PackageErrors.Unreadable("SizesBroken", name);
        }

        if (!TryReadLocal(data, rawName, method, checksum, sizes, out var dataOffset))
        {
            return PackageErrors.Unreadable("HeadersDisagree", name);
        }

        var mode = ReadMode(record);
        var kind = ZipEntryKind.File;
        if ((ZipName.Split(name, rawName.Length, out var path) ?? FindKind(mode, name, sizes, out kind)) is { } why)
        {
            return PackageErrors.Refused(name, why);
        }

        if (path.Length == 0 && kind != ZipEntryKind.Folder)
        {
            return PackageErrors.Refused(name, "its path is that of the package itself");
        }

        return CheckSizes(name, method, sizes) ?? (Result<ZipEntry>)new ZipEntry
        {
            Name = name,
            Path = path,
            Kind = kind,
            Executable = (mode & ModeExecutable) != 0,
            Deflated = method == DeflatedMethod,
            Checksum = checksum,
            PackedBytes = (int)sizes.Packed,
            UnpackedBytes = (long)sizes.Unpacked,
            HeaderOffset = (int)sizes.HeaderOffset,
            DataOffset = dataOffset,
        };
    }

    private static string? FindUnsupported(int flags, int method)
    {
        if ((flags & (EncryptedFlag | StronglyEncryptedFlag | MaskedFlag)) != 0)
        {
            return "it is encrypted";
        }

        return (flags & PatchedFlag) != 0 || method is not (StoredMethod or DeflatedMethod)
            ? $"it is compressed by method {method}; only deflate is supported"
            : null;
    }

    /// <summary>Where a size has its highest value, the zip64 field has it, in a fixed order.</summary>
    private static bool TryReadSizes(
        ReadOnlySpan<byte> packedAndUnpacked, ReadOnlySpan<byte> offset, ReadOnlySpan<byte> extra, out Sizes sizes)
    {
        var zip64 = FindZip64(extra);
        var complete = TryReadSize(packedAndUnpacked[4..], ref zip64, out var unpacked);
        complete &= TryReadSize(packedAndUnpacked, ref zip64, out var packed);
        var headerOffset = 0uL;
        complete &= offset.IsEmpty || TryReadSize(offset, ref zip64, out headerOffset);
        sizes = new Sizes(packed, unpacked, headerOffset);
        return complete;
    }

    private static bool TryReadSize(ReadOnlySpan<byte> field, ref ReadOnlySpan<byte> zip64, out ulong size)
    {
        size = BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (size != uint.MaxValue)
        {
            return true;
        }

        if (!BinaryPrimitives.TryReadUInt64LittleEndian(zip64, out size))
        {
            return false;
        }

        zip64 = zip64[8..];
        return true;
    }

    /// <summary>Other tools' fields are passed over, broken ones too: nothing is taken from them.</summary>
    private static ReadOnlySpan<byte> FindZip64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            var id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                break;
            }

            if (id == Zip64ExtraId)
            {
                return extra.Slice(4, length);
            }

            extra = extra[(4 + length)..];
        }

        return [];
    }

    /// <summary>The local header must tell the same; its sizes may follow the data instead.</summary>
    private static bool TryReadLocal(
        ReadOnlySpan<byte> data, ReadOnlySpan<byte> rawName, int method, uint checksum, Sizes sizes,
        out int dataOffset)
    {
        dataOffset = 0;
        if (data.Length < LocalBytes || sizes.HeaderOffset > (ulong)(data.Length - LocalBytes))
        {
            return false;
        }

        var local = data[(int)sizes.HeaderOffset..];
        var nameBytes = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        var extraBytes = BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        var headerBytes = LocalBytes + nameBytes + extraBytes;
        if (BinaryPrimitives.ReadUInt32LittleEndian(local) != LocalSignature ||
            BinaryPrimitives.ReadUInt16LittleEndian(local[8..]) != method ||
            headerBytes > local.Length || sizes.Packed > (ulong)(local.Length - headerBytes) ||
            !local.Slice(LocalBytes, nameBytes).SequenceEqual(rawName))
        {
            return false;
        }

        dataOffset = (int)sizes.HeaderOffset + headerBytes;
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(local[6..]);
        if (FindUnsupported(flags, method) is not null)
        {
            return false;
        }

        return (flags & SizesFollowFlag) != 0 ||
            (BinaryPrimitives.ReadUInt32LittleEndian(local[14..]) == checksum &&
            TryReadSizes(local[18..26], [], local.Slice(LocalBytes + nameBytes, extraBytes), out var localSizes) &&
            localSizes.Packed == sizes.Packed && localSizes.Unpacked == sizes.Unpacked);
    }

    /// <summary>The Unix mode, or 0 when a system without modes made the entry.</summary>
    private static int ReadMode(ReadOnlySpan<byte> record) => record[5] is UnixHost or MacHost
        ? (int)(BinaryPrimitives.ReadUInt32LittleEndian(record[38..]) >> 16)
        : 0;

    /// <returns>Why it is refused, or null.</returns>
    private static string? FindKind(int mode, string name, Sizes sizes, out ZipEntryKind kind)
    {
        var namedAsFolder = name[^1] == '/';
        var type = mode & ModeTypeMask;
        kind = type switch
        {
            ModeLink => ZipEntryKind.SymbolicLink,
            ModeFolder => ZipEntryKind.Folder,
            _ => namedAsFolder ? ZipEntryKind.Folder : ZipEntryKind.File,
        };
        if (type is not (0 or ModeFile or ModeFolder or ModeLink))
        {
            return "it is a device, a pipe or a socket";
        }

        return kind switch
        {
            ZipEntryKind.Folder when sizes.Unpacked > 0 => "it is a folder with content",
            ZipEntryKind.SymbolicLink when namedAsFolder => "it is a link named like a folder",
            ZipEntryKind.SymbolicLink when sizes.Unpacked is 0 or > ZipName.PathBytesMax =>
                "it is a link whose target is empty or too long",
            _ => null,
        };
    }

    private static Error? CheckSizes(string name, int method, Sizes sizes)
    {
        if (sizes.Unpacked > Limits.UnzippedPackageBytesMax)
        {
            return PackageErrors.UnzippedTooLarge;
        }

        if (method == StoredMethod && sizes.Packed != sizes.Unpacked)
        {
            return PackageErrors.Unreadable("SizesBroken", name);
        }

        return sizes.Unpacked > RatioCheckedAboveBytes &&
            sizes.Unpacked > sizes.Packed * Limits.PackageCompressionRatioMax
            ? PackageErrors.Refused(name, $"it would grow more than {Limits.PackageCompressionRatioMax} times")
            : null;
    }

    private readonly record struct Sizes(ulong Packed, ulong Unpacked, ulong HeaderOffset);
}

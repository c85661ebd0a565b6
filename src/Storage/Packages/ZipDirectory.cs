using System.Buffers.Binary;
using Lambent.Kernel;

namespace Lambent.Storage.Packages;

/// <summary>
/// Reads what a zip file says it contains, and believes none of it: every offset lies in the file, both headers of an
/// entry agree, no two entries share bytes, and what is not understood is refused. Two programs that read a crooked
/// zip file differently are how attacks get past a check, so a file that could be read in two ways is not read at all.
/// The format is PKWARE's APPNOTE 6.3.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x0605_4b50;
    private const uint End64Signature = 0x0606_4b50;
    private const uint End64LocatorSignature = 0x0706_4b50;
    private const int EndBytes = 22;
    private const int End64Bytes = 56;
    private const int End64LocatorBytes = 20;
    private const int CommentBytesMax = ushort.MaxValue;

    /// <summary>All entries, in the order of the central directory.</summary>
    public static Result<List<ZipEntry>> Read(ReadOnlySpan<byte> zip)
    {
        if (!TryFindEnd(zip, out var end))
        {
            return PackageErrors.Unreadable("NotAZipFile");
        }

        if (ReadEnd(zip, end).Failed(out var directory, out var error))
        {
            return error;
        }

        if (directory.EntryCount == 0)
        {
            return PackageErrors.Empty;
        }

        return directory.EntryCount > Limits.PackageEntriesMax
            ? PackageErrors.TooManyEntries(directory.EntryCount)
            : ReadEntries(zip, directory);
    }

    /// <summary>The size of all files once unpacked.</summary>
    public static long UnpackedBytes(this IEnumerable<ZipEntry> entries) =>
        entries.Sum(entry => entry.UnpackedBytes);

    /// <summary>The end record is found from the back; its comment must reach to the end of the file exactly.</summary>
    private static bool TryFindEnd(ReadOnlySpan<byte> zip, out int end)
    {
        for (end = zip.Length - EndBytes; end >= 0 && end >= zip.Length - EndBytes - CommentBytesMax; end--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(zip[end..]) == EndSignature &&
                end + EndBytes + BinaryPrimitives.ReadUInt16LittleEndian(zip[(end + 20)..]) == zip.Length)
            {
                return true;
            }
        }

        return false;
    }

    private static Result<Directory> ReadEnd(ReadOnlySpan<byte> zip, int end)
    {
        var record = zip[end..];
        var directory = new Directory(
            BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[16..]));
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != 0 ||
            BinaryPrimitives.ReadUInt16LittleEndian(record[8..]) != directory.EntryCount)
        {
            return PackageErrors.Unreadable("SeveralDisks");
        }

        var directoryEnd = end;
        var locator = end - End64LocatorBytes;
        if (locator >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(zip[locator..]) == End64LocatorSignature)
        {
            if (ReadEnd64(zip, locator).Failed(out var large, out var error))
            {
                return error;
            }

            if (!directory.Agrees(large))
            {
                return PackageErrors.Unreadable("Zip64Disagrees");
            }

            directoryEnd = (int)BinaryPrimitives.ReadUInt64LittleEndian(zip[(locator + 8)..]);
            directory = large;
        }

        return directory.Offset <= (ulong)directoryEnd && directory.Size == (ulong)directoryEnd - directory.Offset
            ? directory
            : PackageErrors.Unreadable("DirectoryOutOfPlace");
    }

    private static Result<Directory> ReadEnd64(ReadOnlySpan<byte> zip, int locator)
    {
        var offset = BinaryPrimitives.ReadUInt64LittleEndian(zip[(locator + 8)..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(zip[(locator + 4)..]) != 0 ||
            BinaryPrimitives.ReadUInt32LittleEndian(zip[(locator + 16)..]) > 1 ||
            locator < End64Bytes || offset > (ulong)(locator - End64Bytes))
        {
            return PackageErrors.Unreadable("Zip64OutOfPlace");
        }

        var record = zip[(int)offset..];
        var recordBytes = BinaryPrimitives.ReadUInt64LittleEndian(record[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != End64Signature ||
            recordBytes > (ulong)zip.Length || offset + 12 + recordBytes != (ulong)locator ||
            BinaryPrimitives.ReadUInt64LittleEndian(record[16..]) != 0 ||
            BinaryPrimitives.ReadUInt64LittleEndian(record[24..]) !=
            BinaryPrimitives.ReadUInt64LittleEndian(record[32..]))
        {
            return PackageErrors.Unreadable("Zip64OutOfPlace");
        }

        return new Directory(
            BinaryPrimitives.ReadUInt64LittleEndian(record[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(record[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(record[48..]));
    }

    private static Result<List<ZipEntry>> ReadEntries(ReadOnlySpan<byte> zip, Directory directory)
    {
        var entries = new List<ZipEntry>((int)directory.EntryCount);
        var start = (int)directory.Offset;
        var position = start;
        var end = start + (int)directory.Size;
        for (var entry = 0uL; entry < directory.EntryCount; entry++)
        {
            if (ZipEntryReader.Read(zip, start, ref position, end).Failed(out var read, out var error))
            {
                return error;
            }

            entries.Add(read);
        }

        return position != end
            ? PackageErrors.Unreadable("EntryCountDisagrees")
            : CheckTogether(entries) is { } refused ? refused : entries;
    }

    /// <summary>What no single entry shows: shared bytes, the sum of sizes, paths that exclude each other.</summary>
    private static Error? CheckTogether(List<ZipEntry> entries)
    {
        var end = 0;
        foreach (var entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < end)
            {
                return PackageErrors.Unreadable("EntriesOverlap", entry.Name);
            }

            end = entry.DataOffset + entry.PackedBytes;
        }

        if (entries.UnpackedBytes() > Limits.UnzippedPackageBytesMax)
        {
            return PackageErrors.UnzippedTooLarge;
        }

        var tree = new ZipTree();
        return entries.Select(tree.Add).FirstOrDefault(error => error is not null);
    }

    /// <summary>Where the central directory lies.</summary>
    private readonly record struct Directory(ulong EntryCount, ulong Size, ulong Offset)
    {
        /// <summary>Each small field holds the large one's value, or says by its highest value to look there.</summary>
        public bool Agrees(Directory large) =>
            (EntryCount == ushort.MaxValue || EntryCount == large.EntryCount) &&
            (Size == uint.MaxValue || Size == large.Size) &&
            (Offset == uint.MaxValue || Offset == large.Offset);
    }
}

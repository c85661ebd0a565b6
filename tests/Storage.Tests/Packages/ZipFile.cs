using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Lambent.Storage.Packages;

namespace Lambent.Storage.Tests.Packages;

/// <summary>One entry to write, with whatever lies a test wants.</summary>
public sealed record TestEntry(string Name, string Content = "")
{
    public byte[]? RawName { get; init; }

    public byte[]? RawContent { get; init; }

    public int Mode { get; init; } = 0x81A4;

    public byte Host { get; init; } = 3;

    public ushort Method { get; init; } = 8;

    public ushort Flags { get; init; } = 0x0800;

    public ushort? LocalFlags { get; init; }

    public uint? Checksum { get; init; }

    public uint? PackedBytes { get; init; }

    public uint? UnpackedBytes { get; init; }

    public uint? LocalUnpackedBytes { get; init; }

    public string? LocalName { get; init; }

    public uint? Offset { get; init; }

    public byte[] Extra { get; init; } = [];

    public static TestEntry Link(string name, string target) => new(name, target) { Mode = 0xA1FF };

    public static TestEntry Folder(string name) => new(name) { Mode = 0x41ED, Method = 0 };
}

/// <summary>Writes zip files byte by byte, so that they can be wrong in any way.</summary>
public static class ZipFile
{
    public static byte[] Create(params TestEntry[] entries) => Create(entries, null);

    /// <param name="changeEnd">Gets the end record to change it.</param>
    public static byte[] Create(TestEntry[] entries, Action<byte[]>? changeEnd, byte[]? beforeEnd = null)
    {
        using var file = new MemoryStream();
        using var directory = new MemoryStream();
        foreach (var entry in entries)
        {
            var name = entry.RawName ?? Encoding.UTF8.GetBytes(entry.Name);
            var content = entry.RawContent ?? Encoding.UTF8.GetBytes(entry.Content);
            var packed = entry.Method == 8 ? Deflate(content) : content;
            var offset = (uint)file.Position;
            var sizes = new Sizes(
                entry.Checksum ?? Crc32.Append(0, content),
                entry.PackedBytes ?? (uint)packed.Length,
                entry.UnpackedBytes ?? (uint)content.Length);
            var localName = entry.LocalName is null ? name : Encoding.UTF8.GetBytes(entry.LocalName);
            WriteLocal(file, entry, localName, sizes, packed);
            WriteCentral(directory, entry, name, sizes, entry.Offset ?? offset);
        }

        var end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054b50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)entries.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(12), (uint)directory.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(end.AsSpan(16), (uint)file.Length);
        changeEnd?.Invoke(end);
        return [.. file.ToArray(), .. directory.ToArray(), .. beforeEnd ?? [], .. end];
    }

    public static byte[] Deflate(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize))
        {
            deflate.Write(content);
        }

        return packed.ToArray();
    }

    /// <summary>The zip64 end record and its locator for a directory that starts and ends as given.</summary>
    public static byte[] Zip64End(ulong entries, ulong directoryOffset, ulong directoryBytes)
    {
        var record = new byte[56 + 20];
        var span = record.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, 0x06064b50);
        BinaryPrimitives.WriteUInt64LittleEndian(span[4..], 44);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], entries);
        BinaryPrimitives.WriteUInt64LittleEndian(span[32..], entries);
        BinaryPrimitives.WriteUInt64LittleEndian(span[40..], directoryBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(span[48..], directoryOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(span[56..], 0x07064b50);
        BinaryPrimitives.WriteUInt64LittleEndian(span[64..], directoryOffset + directoryBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(span[72..], 1);
        return record;
    }

    private static void WriteLocal(Stream file, TestEntry entry, byte[] name, Sizes sizes, byte[] packed)
    {
        var header = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x04034b50);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), 20);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), entry.LocalFlags ?? entry.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), entry.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(14), sizes.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(18), sizes.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(22), entry.LocalUnpackedBytes ?? sizes.Unpacked);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(26), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(28), (ushort)entry.Extra.Length);
        file.Write(header);
        file.Write(name);
        file.Write(entry.Extra);
        file.Write(packed);
    }

    private static void WriteCentral(Stream directory, TestEntry entry, byte[] name, Sizes sizes, uint offset)
    {
        var record = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x02014b50);
        record[4] = 20;
        record[5] = entry.Host;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(8), entry.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(10), entry.Method);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), sizes.Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(20), sizes.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), sizes.Unpacked);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(28), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(30), (ushort)entry.Extra.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(38), (uint)entry.Mode << 16);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(42), offset);
        directory.Write(record);
        directory.Write(name);
        directory.Write(entry.Extra);
    }

    private readonly record struct Sizes(uint Checksum, uint Packed, uint Unpacked);
}

using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Storage.Sql;

namespace Lambent.Storage.Documents;

/// <summary>
/// A record in a row: its JSON and, in the column after it, the CRC-32C of that JSON. SQLite's pages have no
/// checksums, so a flipped bit would otherwise be served as data.
/// </summary>
internal static class RowDocument
{
    public static ISqlStatement BindDocument<T>(this ISqlStatement statement, T document, JsonTypeInfo<T> type)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(document, type);
        return statement.BindText(json).Bind(Checksum(json));
    }

    /// <summary>Reads the document in <paramref name="column"/> and its checksum in the next one.</summary>
    /// <exception cref="StoreException">The row is damaged.</exception>
    public static T GetDocument<T>(this ISqlStatement statement, int column, JsonTypeInfo<T> type)
        where T : class => Parse(statement.GetCheckedBytes(column, typeof(T).Name), type);

    /// <summary>The document in a column whose checksum was looked at.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Damaged(typeof(T).Name, "it is null");
        }
        catch (JsonException unreadable)
        {
            throw Damaged(typeof(T).Name, unreadable.Message);
        }
    }

    /// <summary>Reads bytes and compares them with the checksum in the next column.</summary>
    /// <exception cref="StoreException">They differ.</exception>
    public static ReadOnlySpan<byte> GetCheckedBytes(this ISqlStatement statement, int column, string what)
    {
        var bytes = statement.GetBytes(column);
        return statement.GetNumber(column + 1) == Checksum(bytes)
            ? bytes
            : throw Damaged(what, "its checksum does not match");
    }

    /// <summary>CRC-32C, which processors compute: 8 bytes at a time.</summary>
    public static long Checksum(ReadOnlySpan<byte> bytes) => Checksum(bytes, 0);

    /// <summary>The checksum of what has the checksum <paramref name="before"/>, and more bytes behind it.</summary>
    public static long Checksum(ReadOnlySpan<byte> bytes, long before)
    {
        var checksum = ~(uint)before;
        // Every platform this runs on is little-endian.
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            checksum = BitOperations.Crc32C(checksum, word);
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            checksum = BitOperations.Crc32C(checksum, rest);
        }

        return ~checksum;
    }

    public static StoreException Damaged(string what, string why) => new(
        ErrorCode.StoreUnavailable,
        $"A stored {what} is damaged: {why}. It is not used. Restore the data folder from a copy.");
}

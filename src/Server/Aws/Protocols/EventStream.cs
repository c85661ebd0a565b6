using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Lambent.Server.Aws.Protocols;

/// <summary>
/// Messages of application/vnd.amazon.eventstream: total length, headers' length and a checksum of both, headers,
/// payload, and a checksum of all (big-endian, CRC-32 of ISO 3309).
/// </summary>
internal static class EventStream
{
    public const string ContentType = "application/vnd.amazon.eventstream";

    private const int PreludeBytes = 12;
    private const int ChecksumBytes = 4;
    private const byte HeaderTypeString = 7;

    private static readonly uint[] Table = CreateTable();

    /// <summary>Writes one event with a payload of the given media type.</summary>
    public static void WriteEvent(
        IBufferWriter<byte> output, string eventType, string contentType, ReadOnlySpan<byte> payload)
    {
        (string Name, string Value)[] headers =
        [
            (":event-type", eventType),
            (":content-type", contentType),
            (":message-type", "event"),
        ];
        var headerBytes = headers.Sum(header => 1 + header.Name.Length + 1 + 2 + header.Value.Length);
        var total = PreludeBytes + headerBytes + payload.Length + ChecksumBytes;
        var message = output.GetSpan(total)[..total];
        BinaryPrimitives.WriteInt32BigEndian(message, total);
        BinaryPrimitives.WriteInt32BigEndian(message[4..], headerBytes);
        BinaryPrimitives.WriteUInt32BigEndian(message[8..], Checksum(message[..8]));
        var position = PreludeBytes;
        foreach (var (name, value) in headers)
        {
            message[position++] = (byte)name.Length;
            position += Encoding.ASCII.GetBytes(name, message[position..]);
            message[position++] = HeaderTypeString;
            BinaryPrimitives.WriteUInt16BigEndian(message[position..], (ushort)value.Length);
            position += 2;
            position += Encoding.ASCII.GetBytes(value, message[position..]);
        }

        payload.CopyTo(message[position..]);
        BinaryPrimitives.WriteUInt32BigEndian(
            message[(total - ChecksumBytes)..], Checksum(message[..(total - ChecksumBytes)]));
        output.Advance(total);
    }

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        foreach (var value in bytes)
        {
            checksum = (checksum >> 8) ^ Table[(checksum ^ value) & 0xFF];
        }

        return ~checksum;
    }

    private static uint[] CreateTable()
    {
        var table = new uint[256];
        for (uint index = 0; index < table.Length; index++)
        {
            var value = index;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[index] = value;
        }

        return table;
    }
}

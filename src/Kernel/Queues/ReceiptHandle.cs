using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Lambent.Kernel.Queues;

/// <summary>
/// One receive of one message: the lane, the sequence and the number of the receive. Opaque to clients; a checksum
/// tells a damaged one. Who may use it is decided by the access to the queue alone.
/// </summary>
public readonly record struct ReceiptHandle(long LaneNumber, long Sequence, int ReceiveCount)
{
    private const byte Version = 1;
    private const int Bytes = 1 + sizeof(long) + sizeof(long) + sizeof(int) + sizeof(uint);
    private const int ChecksumAt = Bytes - sizeof(uint);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], LaneNumber);
        BinaryPrimitives.WriteInt64BigEndian(bytes[9..], Sequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[17..], ReceiveCount);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[ChecksumAt..], Checksum(bytes[..ChecksumAt]));
        return Convert.ToBase64String(bytes);
    }

    public static bool TryParse([NotNullWhen(true)] string? text, out ReceiptHandle handle)
    {
        handle = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text is null || !Convert.TryFromBase64String(text, bytes, out var length) || length != Bytes
            || bytes[0] != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[ChecksumAt..]) != Checksum(bytes[..ChecksumAt]))
        {
            return false;
        }

        handle = new ReceiptHandle(
            BinaryPrimitives.ReadInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[9..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[17..]));
        return true;
    }

    /// <summary>FNV-1a.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 2_166_136_261;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * 16_777_619);
        }

        return hash;
    }
}

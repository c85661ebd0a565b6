using System.Buffers.Binary;

namespace Lambent.Protocol.Frames;

/// <summary>What an environment dropped of its log since it said so last: the payload of a LogDropped frame.</summary>
public readonly record struct LogDropped(long Lines, long Bytes)
{
    public const int Size = 16;

    /// <summary>More than can be written between two frames: the other side may say anything.</summary>
    private const ulong CountMax = 1UL << 40;

    public static LogDropped? TryRead(ReadOnlySpan<byte> payload) => payload.Length < Size ? null : new LogDropped(
        (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(payload), CountMax),
        (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]), CountMax));
}

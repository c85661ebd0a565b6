using System.Buffers.Binary;

namespace Lambent.Protocol.Frames;

/// <summary>The 12 bytes before every payload, little-endian.</summary>
/// <param name="PayloadLength">Bytes that follow the header.</param>
/// <param name="Kind">What the payload is.</param>
/// <param name="Flags">By kind; 0 where the kind defines none.</param>
/// <param name="CallId">The call, chosen by the host; 0 for frames that belong to none.</param>
public readonly record struct FrameHeader(int PayloadLength, FrameKind Kind, byte Flags, uint CallId)
{
    public const int Size = 12;

    /// <summary>Log: the text came from standard error.</summary>
    public const byte FlagStandardError = 1;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, PayloadLength);
        destination[4] = (byte)Kind;
        destination[5] = Flags;
        destination[6] = 0;
        destination[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], CallId);
    }

    public static FrameHeader Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32LittleEndian(source),
        (FrameKind)source[4],
        source[5],
        BinaryPrimitives.ReadUInt32LittleEndian(source[8..]));
}

using System.Buffers.Binary;
using System.Text;

namespace Lambent.Protocol.Frames;

/// <summary>The fixed head and the texts before the event in an Invoke frame.</summary>
public static class InvokeHead
{
    public const int FixedSize = 20;

    /// <summary>Flag: the request's body follows in frames of its own.</summary>
    public const ushort FlagBodyFollows = 1;

    /// <summary>Bytes that head and texts take; the event follows.</summary>
    public static int Measure(string requestId, string arn, int traceLength, string? clientContext) =>
        FixedSize
        + Encoding.UTF8.GetByteCount(requestId)
        + Encoding.UTF8.GetByteCount(arn)
        + traceLength
        + (clientContext is null ? 0 : Encoding.UTF8.GetByteCount(clientContext));

    /// <summary>Writes head and texts; <paramref name="destination"/> has at least the measured size.</summary>
    public static void Write(
        Span<byte> destination,
        long deadlineUnixMilliseconds,
        string requestId,
        string arn,
        ReadOnlySpan<byte> trace,
        string? clientContext,
        ushort flags = 0)
    {
        var position = FixedSize;
        var requestIdLength = Append(destination, ref position, requestId);
        var arnLength = Append(destination, ref position, arn);
        trace.CopyTo(destination[position..]);
        position += trace.Length;
        var contextLength = clientContext is null ? 0 : Append(destination, ref position, clientContext);

        BinaryPrimitives.WriteInt64LittleEndian(destination, deadlineUnixMilliseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[8..], checked((ushort)requestIdLength));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[10..], checked((ushort)arnLength));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[12..], checked((ushort)trace.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(destination[14..], flags);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], contextLength);
    }

    private static int Append(Span<byte> destination, ref int position, string text)
    {
        var written = Encoding.UTF8.GetBytes(text, destination[position..]);
        position += written;
        return written;
    }
}

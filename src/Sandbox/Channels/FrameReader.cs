using System.Buffers;
using System.Net.Sockets;
using Lambent.Kernel;
using Lambent.Protocol.Frames;

namespace Lambent.Sandbox.Channels;

/// <summary>Takes frames from an environment's socket, one buffer for many frames.</summary>
internal sealed class FrameReader(Socket socket) : IDisposable
{
    private const int BufferBytesUsual = 32 * 1024;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytesUsual);
    private int start;
    private int end;

    /// <summary>
    /// The next frame if it is in the buffer already. Its payload is valid until the next call of any method.
    /// </summary>
    /// <exception cref="InvalidDataException">The environment sent a length above the limit.</exception>
    public bool TryRead(out FrameHeader header, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        header = default;
        if (end - start < FrameHeader.Size)
        {
            return false;
        }

        header = FrameHeader.Read(buffer.AsSpan(start));
        if (header.PayloadLength is < 0 or > Limits.FramePayloadBytesMax)
        {
            throw new InvalidDataException($"A frame of {header.PayloadLength} bytes is above the limit.");
        }

        var size = FrameHeader.Size + header.PayloadLength;
        if (end - start < size)
        {
            return false;
        }

        payload = buffer.AsMemory(start + FrameHeader.Size, header.PayloadLength);
        start += size;
        return true;
    }

    /// <summary>Waits for more bytes. False when the environment closed the connection.</summary>
    public async ValueTask<bool> FillAsync()
    {
        MakeRoom();
        var received = await socket.ReceiveAsync(buffer.AsMemory(end), SocketFlags.None);
        end += received;
        return received > 0;
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

    private void MakeRoom()
    {
        var held = end - start;
        var needed = held >= FrameHeader.Size
            ? FrameHeader.Size + FrameHeader.Read(buffer.AsSpan(start)).PayloadLength
            : FrameHeader.Size;
        if (held == 0 && buffer.Length > BufferBytesUsual * 8)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(BufferBytesUsual);
            start = end = 0;
        }
        else if (needed > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            buffer.AsSpan(start, held).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
            (start, end) = (0, held);
        }
        else if (start > 0 && (held == 0 || buffer.Length - start < needed || buffer.Length - end < 4096))
        {
            buffer.AsSpan(start, held).CopyTo(buffer);
            (start, end) = (0, held);
        }
    }
}

using System.Net.Sockets;
using Lambent.Protocol.Frames;

namespace Lambent.Runtime.Dotnet.Frames;

/// <summary>Takes a frame. The payload is valid until it returns. False: the host broke the protocol.</summary>
internal delegate bool FrameReceiver(FrameKind kind, uint callId, ArraySegment<byte> payload);

/// <summary>
/// Cuts the byte stream into frames on the thread that runs it. Reads are plain blocking calls: with one reader they
/// cost less than the machinery of asynchronous ones.
/// </summary>
internal sealed class FrameReader(Socket socket)
{
    private const int PayloadBytesMax = 8 * 1024 * 1024;
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[BufferBytes];
    private int start;
    private int end;

    /// <summary>The thread that reads, while it is inside the receiver of an Invoke.</summary>
    private Thread? inCall;

    /// <summary>
    /// When the thread that reads is inside a call: lets another one read from here on, because what the handler waits
    /// for may be in frames that would never be read.
    /// </summary>
    public void HandOver(FrameReceiver receive)
    {
        Thread? reader = Volatile.Read(ref inCall);
        if (reader is not null && Interlocked.CompareExchange(ref inCall, null, reader) == reader)
        {
            new Thread(() => Run(receive)) { IsBackground = true }.UnsafeStart();
        }
    }

    /// <summary>Reads until the process ends, or another thread reads instead of this one.</summary>
    public void Run(FrameReceiver receive)
    {
        Thread self = Thread.CurrentThread;
        while (true)
        {
            Need(FrameHeader.Size);
            FrameHeader header = FrameHeader.Read(buffer.AsSpan(start));
            if ((uint)header.PayloadLength > PayloadBytesMax)
            {
                ProcessExit.Leave();
            }
            ArraySegment<byte> payload;
            if (FrameHeader.Size + header.PayloadLength <= BufferBytes)
            {
                Need(FrameHeader.Size + header.PayloadLength);
                payload = new ArraySegment<byte>(buffer, start + FrameHeader.Size, header.PayloadLength);
                start += FrameHeader.Size + header.PayloadLength;
            }
            else
            {
                payload = ReadLarge(header.PayloadLength);
            }
            bool isCall = header.Kind == FrameKind.Invoke;
            if (isCall)
            {
                Volatile.Write(ref inCall, self);
            }
            if (!receive(header.Kind, header.CallId, payload))
            {
                ProcessExit.Leave();
            }
            if (isCall && Interlocked.CompareExchange(ref inCall, null, self) != self)
            {
                return;
            }
        }
    }

    /// <summary>Reads until so many bytes lie in one piece from <see cref="start"/> on.</summary>
    private void Need(int bytes)
    {
        if (end - start >= bytes)
        {
            return;
        }
        if (start + bytes > BufferBytes || start == end)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            start = 0;
        }
        while (end - start < bytes)
        {
            end += Receive(buffer.AsSpan(end));
        }
    }

    private byte[] ReadLarge(int length)
    {
        byte[] payload = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> had = buffer.AsSpan(start + FrameHeader.Size, end - start - FrameHeader.Size);
        had.CopyTo(payload);
        int filled = had.Length;
        start = end = 0;
        while (filled < length)
        {
            filled += Receive(payload.AsSpan(filled));
        }
        return payload;
    }

    private int Receive(Span<byte> destination)
    {
        try
        {
            int count = socket.Receive(destination);
            if (count > 0)
            {
                return count;
            }
        }
        catch (SocketException)
        {
            // The same as the end of the stream.
        }
        ProcessExit.Leave();
        return 0;
    }
}

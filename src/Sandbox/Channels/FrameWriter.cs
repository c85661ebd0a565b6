using System.Buffers;
using System.Net.Sockets;
using Lambent.Protocol.Frames;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// Sends frames to an environment. Many callers append at once; whoever finds no send under way sends for all, so that
/// calls that arrive together share one system call. Two buffers swap roles: one is filled while the other is sent.
/// </summary>
internal sealed class FrameWriter(Socket socket) : IDisposable
{
    private const int BufferBytesKept = 256 * 1024;

    private readonly Lock gate = new();
    private byte[] filling = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private byte[] sending = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int filled;
    private bool sendUnderWay;
    private TaskCompletionSource? fillingSent;
    private TaskCompletionSource? sendingSent;
    private bool closed;

    /// <summary>Called once when a send fails; the channel breaks.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>
    /// Room for one frame, to be filled by <paramref name="write"/>. False when the writer is closed.
    /// </summary>
    public bool Append<TState>(
        FrameKind kind, uint callId, int payloadLength, TState state, SpanAction<byte, TState> write)
    {
        lock (gate)
        {
            if (closed)
            {
                return false;
            }

            var needed = FrameHeader.Size + payloadLength;
            EnsureRoom(needed);
            var frame = filling.AsSpan(filled, needed);
            new FrameHeader(payloadLength, kind, 0, callId).Write(frame);
            write(frame[FrameHeader.Size..], state);
            filled += needed;
            if (sendUnderWay)
            {
                return true;
            }

            sendUnderWay = true;
        }

        _ = SendAllAsync();
        return true;
    }

    public bool Append(FrameKind kind, uint callId, ReadOnlyMemory<byte> payload) =>
        Append(kind, callId, payload.Length, payload, static (destination, source) => source.Span.CopyTo(destination));

    /// <summary>Completes when what was appended before has left, or the connection is over.</summary>
    public Task WhenSentAsync()
    {
        lock (gate)
        {
            if (closed || !sendUnderWay)
            {
                return Task.CompletedTask;
            }

            ref var sent = ref filled > 0 ? ref fillingSent : ref sendingSent;
            return (sent ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            if (!sendUnderWay)
            {
                ReturnBuffers();
            }
        }
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                int length;
                lock (gate)
                {
                    sendingSent?.TrySetResult();
                    sendingSent = null;
                    if (filled == 0 || closed)
                    {
                        sendUnderWay = false;
                        fillingSent?.TrySetResult();
                        if (closed)
                        {
                            ReturnBuffers();
                        }

                        return;
                    }

                    (filling, sending) = (sending, filling);
                    (fillingSent, sendingSent) = (null, fillingSent);
                    length = filled;
                    filled = 0;
                    ShrinkFilling();
                }

                var sent = 0;
                while (sent < length)
                {
                    sent += await socket.SendAsync(sending.AsMemory(sent, length - sent), SocketFlags.None);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            lock (gate)
            {
                closed = true;
                sendUnderWay = false;
                fillingSent?.TrySetResult();
                sendingSent?.TrySetResult();
                ReturnBuffers();
            }

            Failed(exception);
        }
    }

    private void EnsureRoom(int needed)
    {
        if (filling.Length - filled >= needed)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(filling.Length * 2, filled + needed));
        filling.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(filling);
        filling = larger;
    }

    /// <summary>A buffer that once held a large payload is not kept by an environment that sits idle.</summary>
    private void ShrinkFilling()
    {
        if (filling.Length > BufferBytesKept)
        {
            ArrayPool<byte>.Shared.Return(filling);
            filling = ArrayPool<byte>.Shared.Rent(16 * 1024);
        }
    }

    private void ReturnBuffers()
    {
        if (filling.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(sending);
            filling = sending = [];
            filled = 0;
        }
    }
}

using System.Net.Sockets;
using Lambent.Protocol.Frames;

namespace Lambent.Runtime.Dotnet.Frames;

/// <summary>
/// Writes frames from any thread. A thread that finds nobody sending sends its frame, and what others add meanwhile;
/// so a lone answer leaves at once and a crowd of answers leaves in few calls to the kernel.
/// </summary>
/// <param name="socket">The connection, or null to write nowhere.</param>
internal sealed class FrameWriter(Socket? socket)
{
    private const int GatherBytes = 64 * 1024;

    /// <summary>A buffer that a large answer made large is let go above this.</summary>
    private const int KeptBytesMax = 1024 * 1024;

    /// <summary>Unsent bytes above which a log line waits: a host that reads slowly slows the handler down.</summary>
    private const int LogPendingBytesMax = 1024 * 1024;

    /// <summary>A log frame of a whole line; longer lines are cut, as the log's own limit would do.</summary>
    private const int LogBytesMax = 256 * 1024;

    private readonly object gate = new();
    private byte[] gather = new byte[GatherBytes];
    private byte[] spare = new byte[GatherBytes];
    private int gathered;
    private bool sending;

    public void Write(FrameKind kind, byte flags, uint callId, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            while (kind == FrameKind.Log && gathered > LogPendingBytesMax)
            {
                Monitor.Wait(gate);
            }
            Append(kind, flags, callId, payload);
            if (sending)
            {
                return;
            }
            sending = true;
        }
        Drain();
    }

    /// <summary>Sends whole lines of UTF-8; a line longer than a frame may be is cut into several.</summary>
    public void WriteLog(byte flags, uint callId, ReadOnlySpan<byte> lines)
    {
        while (lines.Length > LogBytesMax)
        {
            int cut = lines[..LogBytesMax].LastIndexOf((byte)'\n') + 1;
            if (cut > 0)
            {
                Write(FrameKind.Log, flags, callId, lines[..cut]);
            }
            else
            {
                cut = LogBytesMax - 1;
                while ((lines[cut] & 0xC0) == 0x80)
                {
                    cut--;
                }
                byte[] part = [.. lines[..cut], (byte)'\n'];
                Write(FrameKind.Log, flags, callId, part);
            }
            lines = lines[cut..];
        }
        Write(FrameKind.Log, flags, callId, lines);
    }

    /// <summary>Waits until all that was written has left.</summary>
    public void Flush()
    {
        lock (gate)
        {
            while (sending)
            {
                Monitor.Wait(gate);
            }
        }
    }

    private void Append(FrameKind kind, byte flags, uint callId, ReadOnlySpan<byte> payload)
    {
        int needed = gathered + FrameHeader.Size + payload.Length;
        if (needed > gather.Length)
        {
            Array.Resize(ref gather, Math.Max(needed, gather.Length * 2));
        }
        new FrameHeader(payload.Length, kind, flags, callId).Write(gather.AsSpan(gathered));
        payload.CopyTo(gather.AsSpan(gathered + FrameHeader.Size));
        gathered = needed;
    }

    private void Drain()
    {
        while (true)
        {
            byte[] bytes;
            int length;
            lock (gate)
            {
                Monitor.PulseAll(gate);
                if (gathered == 0)
                {
                    sending = false;
                    return;
                }
                bytes = gather;
                length = gathered;
                gather = spare;
                gathered = 0;
            }
            Send(bytes.AsSpan(0, length));
            // Only the thread that sends touches the spare buffer.
            spare = bytes.Length > KeptBytesMax ? new byte[GatherBytes] : bytes;
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (socket is not null && bytes.Length > 0)
            {
                bytes = bytes[socket.Send(bytes)..];
            }
        }
        catch (SocketException)
        {
            ProcessExit.Leave();
        }
    }
}

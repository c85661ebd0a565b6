using System.Buffers.Binary;
using System.Text;
using Lambent.Protocol.Frames;
using Lambent.Runtime.Dotnet.Frames;

namespace Lambent.Runtime.Dotnet.Logs;

/// <summary>
/// How much log an environment may write. What is beyond is dropped here, where it costs nobody else anything.
/// </summary>
internal sealed class LogBudget(FrameWriter writer, LogLimits limits)
{
    /// <summary>While lines are dropped without an end the host is told at this pace.</summary>
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(1);

    private readonly object gate = new();
    private double lines = limits.LinesPerSecond;
    private double bytes = limits.BytesBurst;
    private long filledAt = TimeProvider.System.GetTimestamp();
    private long reportedAt;
    private ulong droppedLines;
    private ulong droppedBytes;

    /// <summary>Whether text may be sent: it is when there is anything left, which the next one pays.</summary>
    public bool Takes(uint callId, ReadOnlySpan<char> text)
    {
        long now = TimeProvider.System.GetTimestamp();
        bool reports;
        lock (gate)
        {
            double seconds = TimeProvider.System.GetElapsedTime(filledAt, now).TotalSeconds;
            filledAt = now;
            lines = Math.Min(limits.LinesPerSecond, lines + (seconds * limits.LinesPerSecond));
            bytes = Math.Min(limits.BytesBurst, bytes + (seconds * limits.BytesPerSecond));
            if (lines >= 1 && bytes > 0)
            {
                lines--;
                bytes -= text.Length;
                return true;
            }
            droppedLines += (ulong)text.Count('\n');
            droppedBytes += (ulong)Encoding.UTF8.GetByteCount(text);
            reports = reportedAt == 0 || TimeProvider.System.GetElapsedTime(reportedAt, now) >= ReportPeriod;
        }
        if (reports)
        {
            Report(callId);
        }
        return false;
    }

    /// <summary>Tells the host what was dropped since it was told last.</summary>
    public void Report(uint callId)
    {
        Span<byte> payload = stackalloc byte[16];
        lock (gate)
        {
            if (droppedBytes == 0)
            {
                return;
            }
            BinaryPrimitives.WriteUInt64LittleEndian(payload, droppedLines);
            BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], droppedBytes);
            (droppedLines, droppedBytes) = (0, 0);
            reportedAt = TimeProvider.System.GetTimestamp();
        }
        writer.Write(FrameKind.LogDropped, 0, callId, payload);
    }
}

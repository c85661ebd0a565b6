namespace Lambent.Server.Telemetry.Exports;

/// <summary>How an export gets on. Its sender and its loop write, anybody reads.</summary>
internal sealed class ExportMeter
{
    private long sentCount;
    private long rejectedCount;
    private long droppedCount;
    private volatile bool isConnected;
    private volatile string? problem;

    /// <summary>Whether the last that was tried has worked.</summary>
    public bool IsConnected => isConnected;

    public long SentCount => Interlocked.Read(ref sentCount);

    /// <summary>What the other side did not want.</summary>
    public long RejectedCount => Interlocked.Read(ref rejectedCount);

    /// <summary>What was removed from the store before it could be sent.</summary>
    public long DroppedCount => Interlocked.Read(ref droppedCount);

    /// <summary>Why it is interrupted, or why something was rejected last; null when neither happened.</summary>
    public string? Problem => problem;

    public void Connect()
    {
        isConnected = true;
        problem = RejectedCount > 0 ? problem : null;
    }

    public void Sent(long count) => Interlocked.Add(ref sentCount, count);

    public void Reject(long count, string reason)
    {
        Interlocked.Add(ref rejectedCount, count);
        problem = reason;
    }

    public void Drop(long count) => Interlocked.Add(ref droppedCount, count);

    public void Interrupt(string reason) => (isConnected, problem) = (false, reason);

    public void Disconnect() => isConnected = false;
}

namespace Lambent.Storage.Telemetry;

/// <summary>Why lines of log were dropped.</summary>
public enum LogDropReason
{
    /// <summary>One environment wrote more than it may: the line did not leave it.</summary>
    Environment,

    /// <summary>A function's environments together wrote more than it may.</summary>
    Function,

    /// <summary>An account's functions together wrote more than it may.</summary>
    Account,

    /// <summary>The disk was slower than what came.</summary>
    Queue,
}

/// <summary>Lines and bytes of log that were dropped since the start. Written under the queue's lock.</summary>
public sealed class LogDrops : IEquatable<LogDrops>
{
    private static readonly int Reasons = Enum.GetValues<LogDropReason>().Length;

    private readonly long[] lines = new long[Reasons];
    private readonly long[] bytes = new long[Reasons];

    public long Lines => lines.Sum();

    public long Bytes => bytes.Sum();

    public long LinesFor(LogDropReason reason) => lines[(int)reason];

    public long BytesFor(LogDropReason reason) => bytes[(int)reason];

    internal void Add(LogDropReason reason, long lineCount, long byteCount)
    {
        lines[(int)reason] += lineCount;
        bytes[(int)reason] += byteCount;
    }

    internal void Add(LogDrops other)
    {
        foreach (var reason in Enum.GetValues<LogDropReason>())
        {
            Add(reason, other.LinesFor(reason), other.BytesFor(reason));
        }
    }

    /// <summary>Counters are compared as values, and these are part of them.</summary>
    public bool Equals(LogDrops? other) =>
        other is not null && lines.AsSpan().SequenceEqual(other.lines) && bytes.AsSpan().SequenceEqual(other.bytes);

    public override bool Equals(object? obj) => Equals(obj as LogDrops);

    public override int GetHashCode() => HashCode.Combine(Lines, Bytes);

    public override string ToString() => $"{Lines} lines, {Bytes} bytes";

    internal LogDrops Copy()
    {
        var copy = new LogDrops();
        copy.Add(this);
        return copy;
    }
}

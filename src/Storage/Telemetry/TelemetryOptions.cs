using Lambent.Kernel;

namespace Lambent.Storage.Telemetry;

/// <summary>How much telemetry is kept, and how much memory it may take on its way to the disk.</summary>
public sealed record TelemetryOptions
{
    /// <summary>The database file; its folder exists.</summary>
    public required string Path { get; init; }

    /// <summary>Records and lines waiting to be written.</summary>
    public int QueuedItemsMax { get; init; } = 65_536;

    /// <summary>Their size in memory, about.</summary>
    public long QueuedBytesMax { get; init; } = 32L * Limits.MiB;

    /// <summary>
    /// Records of calls of one account kept in a second. Above it every n-th success is kept, evenly, and every
    /// failure.
    /// </summary>
    public int RecordsPerSecond { get; init; } = 2_000;

    /// <summary>Log lines of one account kept in a second, over all its functions.</summary>
    public int LinesPerSecond { get; init; } = 20_000;

    /// <summary>Spans of one account kept in a second.</summary>
    public int SpansPerSecond { get; init; } = 5_000;

    /// <summary>Log lines of one function kept in a second.</summary>
    public int LinesPerSecondOfFunction { get; init; } = 10_000;

    /// <summary>
    /// Their size in memory, about twice that on disk: 8 MB of text, which a disk of a small machine writes along.
    /// </summary>
    public long BytesPerSecondOfFunction { get; init; } = 16L * Limits.MiB;

    /// <summary>Whether values of secret variables are taken out of the events and answers that are kept.</summary>
    public bool MasksSecrets { get; init; } = true;

    /// <summary>How long the first item waits for others to be written with it.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(50);
}

/// <summary>What is on disk.</summary>
/// <param name="Bytes">Pages with content; the file keeps its size and uses freed ones again.</param>
/// <param name="Oldest">The first line or call that is kept; null when there is none.</param>
public sealed record TelemetryUsage(long Bytes, DateTimeOffset? Oldest)
{
    /// <summary>Events and answers of calls, which are not in <see cref="Bytes"/>.</summary>
    public long StoredCallBytes { get; init; }
}

/// <summary>What became of everything handed over since the start.</summary>
/// <param name="RecordsKept">Records of calls that were accepted.</param>
/// <param name="RecordsSampledOut">Successes beyond the budget of a second.</param>
/// <param name="RecordsDropped">Records for which there was no room.</param>
/// <param name="LinesKept">Log lines that were accepted.</param>
/// <param name="LinesDropped">Log lines beyond what may be written, or for which there was no room.</param>
/// <param name="ItemsFailed">Accepted records and lines that could not be written.</param>
public sealed record TelemetryCounters(
    long RecordsKept, long RecordsSampledOut, long RecordsDropped, long LinesKept, long LinesDropped, long ItemsFailed)
{
    /// <summary>Lines and bytes that were dropped, by reason.</summary>
    public LogDrops LogDrops { get; init; } = new();

    /// <summary>Spans that were accepted.</summary>
    public long SpansKept { get; init; }

    /// <summary>Spans beyond the budget of a second, or for which there was no room.</summary>
    public long SpansDropped { get; init; }

    /// <summary>Everything that was handed over and is not there.</summary>
    public long DroppedCount => RecordsSampledOut + RecordsDropped + LinesDropped + SpansDropped + ItemsFailed;
}

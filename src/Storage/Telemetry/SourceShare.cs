namespace Lambent.Storage.Telemetry;

/// <summary>
/// The lines that one function may hand over in a second, less than its account may, so that a flood drops the
/// function's own lines before its neighbours'. Used under the queue's lock.
/// </summary>
internal sealed class SourceShare(TelemetryOptions options, TimeProvider time)
{
    private long secondStart = time.GetTimestamp();
    private long lines;
    private long bytesUsed;

    /// <summary>Whether a new one would act the same.</summary>
    public bool IsIdle => time.GetTimestamp() - secondStart >= time.TimestampFrequency;

    /// <summary>Whether <see cref="Admit"/> would take as much.</summary>
    public bool HasRoom(long bytes)
    {
        if (IsIdle)
        {
            (secondStart, lines, bytesUsed) = (time.GetTimestamp(), 0, 0);
        }

        return lines < options.LinesPerSecondOfFunction
            && (lines == 0 || bytesUsed + bytes <= options.BytesPerSecondOfFunction);
    }

    public bool Admit(long bytes)
    {
        if (!HasRoom(bytes))
        {
            return false;
        }

        lines++;
        bytesUsed += bytes;
        return true;
    }
}

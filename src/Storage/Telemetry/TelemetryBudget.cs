namespace Lambent.Storage.Telemetry;

/// <summary>
/// A number of items for each second. When a second had more, the next one admits every n-th, so that what is kept is
/// spread over the second and not its beginning. Used under the queue's lock.
/// </summary>
internal sealed class TelemetryBudget(int perSecond, TimeProvider time)
{
    private long secondStart = time.GetTimestamp();
    private long offered;
    private long admitted;
    private long keepEvery = 1;

    /// <summary>Whether the last full second had nothing, so that a new one would act the same.</summary>
    public bool IsIdle => time.GetTimestamp() - secondStart >= 2 * time.TimestampFrequency;

    /// <param name="sample">Whether to thin out evenly; otherwise the first ones of each second are admitted.</param>
    public bool Admit(bool sample)
    {
        var now = time.GetTimestamp();
        var passed = now - secondStart;
        if (passed >= time.TimestampFrequency)
        {
            // After a quiet second nothing needs to be thinned out.
            var lastSecondOffered = passed < 2 * time.TimestampFrequency ? offered : 0;
            keepEvery = Math.Max(1, (lastSecondOffered + perSecond - 1) / perSecond);
            (secondStart, offered, admitted) = (now, 0, 0);
        }

        var place = offered++;
        if (admitted >= perSecond || (sample && place % keepEvery != 0))
        {
            return false;
        }

        admitted++;
        return true;
    }
}

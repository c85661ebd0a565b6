using Lambent.Kernel;

namespace Lambent.Sandbox.Channels;

/// <summary>
/// How fast the log of one environment is read. The shims keep within it; code that speaks past its shim, or whose
/// function is beyond its share already, waits in its own writes, and costs nobody else the time to read it. One
/// thread at a time.
/// </summary>
internal sealed class LogPace(TimeProvider time)
{
    /// <summary>What a frame costs besides its bytes.</summary>
    private const int FrameBytes = 200;

    /// <summary>Lines that nobody keeps are read this much more slowly.</summary>
    private const int UnwantedFactor = 8;

    private const double BytesPerSecond =
        2.0 * (Limits.EnvironmentLogBytesPerSecond + (FrameBytes * Limits.EnvironmentLogLinesPerSecond));

    private const double BytesBurst = 4.0 * BytesPerSecond;

    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(10);

    /// <summary>Answers come on the same connection: nothing waits for longer than this between two looks.</summary>
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(50);

    private double left = BytesBurst;
    private long filledAt = time.GetTimestamp();

    public void Charge(int bytes, bool wanted) => left -= (bytes + FrameBytes) * (wanted ? 1 : UnwantedFactor);

    /// <summary>How long not to read, or null.</summary>
    public TimeSpan? Pause
    {
        get
        {
            // Asked after every read: the clock is looked at only when something was used up.
            if (left > BytesBurst / 2)
            {
                return null;
            }

            var now = time.GetTimestamp();
            left = Math.Min(BytesBurst, left + (time.GetElapsedTime(filledAt, now).TotalSeconds * BytesPerSecond));
            filledAt = now;
            return left >= 0
                ? null
                : TimeSpan.FromSeconds(Math.Clamp(
                    -left / BytesPerSecond, PauseMin.TotalSeconds, PauseMax.TotalSeconds));
        }
    }
}

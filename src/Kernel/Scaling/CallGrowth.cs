namespace Lambent.Kernel.Scaling;

/// <summary>
/// How many calls of one function are in flight while more of them wait, and nobody for any single one. Few at first:
/// starting many environments keeps the processors from the calls that would tell how long they take. Twice as many
/// after each <see cref="Period"/> in which none ended, so that a thousand long calls run within half a second; slowly
/// more when some did, because then those in flight work the line off. Where more environments would only take the
/// processors from those there are, it does not grow (full processors, environments still on their way) or falls back
/// (short calls).
/// </summary>
public readonly record struct CallGrowth
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private const int FirstPerProcessor = 4;
    private const int SlowDivisor = 4;
    private const int Most = 1_000_000;

    private readonly int first;

    private CallGrowth(int first, int callsInFlightMax)
    {
        this.first = first;
        CallsInFlightMax = Math.Clamp(callsInFlightMax, first, Most);
    }

    public int CallsInFlightMax { get; }

    public static CallGrowth Begin(int processorCount)
    {
        var first = FirstPerProcessor * Math.Max(1, processorCount);
        return new(first, first);
    }

    /// <summary>After a period in which calls waited.</summary>
    public CallGrowth After(in CallPeriod period)
    {
        var slowly = Math.Max(1, CallsInFlightMax / SlowDivisor);
        var more = period.HasEnded
            ? period.IsShort ? -slowly : period.IsBusy ? 0 : slowly
            : period.IsStarting ? 0 : period.IsBusy ? slowly : CallsInFlightMax;
        return new(first, CallsInFlightMax + more);
    }
}

/// <summary>What was seen in a period in which calls waited.</summary>
/// <param name="HasEnded">Whether any call ended.</param>
/// <param name="IsShort">Whether calls are so short that they share few environments.</param>
/// <param name="IsBusy">Whether the processors are full.</param>
/// <param name="IsStarting">Whether calls in flight wait for environments that are being started.</param>
public readonly record struct CallPeriod(bool HasEnded, bool IsShort, bool IsBusy, bool IsStarting);

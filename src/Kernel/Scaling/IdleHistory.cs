using System.Buffers.Binary;

namespace Lambent.Kernel.Scaling;

/// <summary>
/// What a function's idle times were: how long nothing ran between the end of one call and the start of the next.
/// A histogram of one-minute bins over four hours, a count of what was longer, and a running forecast for functions
/// whose idle times mostly are. It takes the same few hundred bytes however many calls there were, because counters
/// are bytes: when one is full all are halved, so old behaviour fades. The idea is that of "Serverless in the Wild"
/// (Shahrad et al., USENIX ATC 2020). Not safe for several threads at once.
/// </summary>
public sealed class IdleHistory
{
    public const int BinCount = 240;

    /// <summary>The length of <see cref="ToBytes"/>; in memory it is little more.</summary>
    public const int SerializedBytes = 1 + sizeof(ushort) + (2 * sizeof(float)) + sizeof(byte) + BinCount;

    private const byte FormatVersion = 1;

    /// <summary>The weight of the newest idle time in the forecast: a few a day must be enough.</summary>
    private const float NewestWeight = 0.25f;

    private readonly byte[] counts = new byte[BinCount];
    private ushort longerCount;
    private byte forecastCount;
    private float meanMinutes;
    private float deviationMinutes;

    public static TimeSpan BinWidth { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Idle times from here on fall into no bin.</summary>
    public static TimeSpan Range { get; } = BinWidth * BinCount;

    /// <summary>Idle times in the bins, as far as they have not faded.</summary>
    public int CountInRange { get; private set; }

    /// <summary>Idle times of <see cref="Range"/> and longer, as far as they have not faded.</summary>
    public int CountLonger => longerCount;

    /// <summary>Idle times that the forecast has seen; it stops counting at 255.</summary>
    public int ForecastCount => forecastCount;

    /// <summary>The exponentially weighted mean of the idle times.</summary>
    public TimeSpan ForecastMean => TimeSpan.FromMinutes(meanMinutes);

    /// <summary>The exponentially weighted mean distance of an idle time from what was forecast.</summary>
    public TimeSpan ForecastDeviation => TimeSpan.FromMinutes(deviationMinutes);

    public int CountOf(int bin) => counts[bin];

    /// <summary>Adds an idle time that ended with a call; a negative one counts as none at all.</summary>
    public void Add(TimeSpan idleTime)
    {
        if (idleTime < TimeSpan.Zero)
        {
            idleTime = TimeSpan.Zero;
        }

        Forecast((float)idleTime.TotalMinutes);
        if (idleTime >= Range)
        {
            if (longerCount == ushort.MaxValue)
            {
                Halve();
            }

            longerCount++;
            return;
        }

        var bin = (int)(idleTime.Ticks / BinWidth.Ticks);
        if (counts[bin] == byte.MaxValue)
        {
            Halve();
        }

        counts[bin]++;
        CountInRange++;
    }

    /// <summary>
    /// The bin below whose end this share of the binned idle times lies (nearest rank), or -1 when there are none.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    public int BinAt(double share)
    {
        var rank = Math.Max(1, (int)Math.Ceiling(share * CountInRange));
        var seen = 0;
        for (var bin = 0; bin < BinCount; bin++)
        {
            seen += counts[bin];
            if (seen >= rank)
            {
                return bin;
            }
        }

        return -1;
    }

    /// <summary>
    /// Standard deviation over mean of the bins' counts: high when the idle times are alike, low when they are
    /// anything, and zero when there are none.
    /// </summary>
    public double BinCountVariation()
    {
        if (CountInRange == 0)
        {
            return 0;
        }

        var mean = CountInRange / (double)BinCount;
        var squares = 0.0;
        foreach (var count in counts)
        {
            squares += (count - mean) * (count - mean);
        }

        return Math.Sqrt(squares / BinCount) / mean;
    }

    public byte[] ToBytes()
    {
        var bytes = new byte[SerializedBytes];
        bytes[0] = FormatVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(1), longerCount);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(3), meanMinutes);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(7), deviationMinutes);
        bytes[11] = forecastCount;
        counts.CopyTo(bytes, 12);
        return bytes;
    }

    /// <summary>The history that <see cref="ToBytes"/> wrote; null for anything else: that history is lost.</summary>
    public static IdleHistory? FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SerializedBytes || bytes[0] != FormatVersion)
        {
            return null;
        }

        var history = new IdleHistory
        {
            longerCount = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]),
            meanMinutes = BinaryPrimitives.ReadSingleLittleEndian(bytes[3..]),
            deviationMinutes = BinaryPrimitives.ReadSingleLittleEndian(bytes[7..]),
            forecastCount = bytes[11],
        };
        if (!IsDuration(history.meanMinutes) || !IsDuration(history.deviationMinutes))
        {
            return null;
        }

        bytes[12..].CopyTo(history.counts);
        history.Recount();
        return history;
    }

    private static bool IsDuration(float minutes) => minutes is >= 0 and <= 1e9f;

    private void Forecast(float minutes)
    {
        minutes = Math.Min(minutes, 1e9f);
        var distance = Math.Abs(minutes - meanMinutes);
        switch (forecastCount)
        {
            case 0:
                meanMinutes = minutes;
                break;
            case 1:
                deviationMinutes = distance;
                meanMinutes += NewestWeight * (minutes - meanMinutes);
                break;
            default:
                deviationMinutes += NewestWeight * (distance - deviationMinutes);
                meanMinutes += NewestWeight * (minutes - meanMinutes);
                break;
        }

        forecastCount = (byte)Math.Min(byte.MaxValue, forecastCount + 1);
    }

    private void Halve()
    {
        for (var bin = 0; bin < BinCount; bin++)
        {
            counts[bin] /= 2;
        }

        longerCount /= 2;
        Recount();
    }

    private void Recount()
    {
        CountInRange = 0;
        foreach (var count in counts)
        {
            CountInRange += count;
        }
    }
}

using System.Globalization;

namespace Lambent.Server.Scaling;

/// <summary>
/// How busy the node's processors are, whoever keeps them so: from the kernel's counters of idle time, looked at no
/// more often than twice a second. Where there are none, they are taken to have time.
/// </summary>
internal sealed class ProcessorMeter(TimeProvider time)
{
    /// <summary>Above this share more processes only wait for each other.</summary>
    private const double FullShare = 0.9;

    private const string CountersPath = "/proc/stat";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly bool hasCounters = File.Exists(CountersPath);
    private long lookedAt = time.GetTimestamp() - (time.TimestampFrequency * 3600);
    private (long Idle, long All) before;
    private double? share;

    public bool IsBusy() => Share() > FullShare;

    /// <summary>The share of time that was not idle between the last two looks; null where nobody counts.</summary>
    public double? Share()
    {
        lock (gate)
        {
            if (hasCounters && time.GetElapsedTime(lookedAt) >= Period)
            {
                lookedAt = time.GetTimestamp();
                var now = Read();
                var all = now.All - before.All;
                share = all > 0 ? 1 - ((double)(now.Idle - before.Idle) / all) : share;
                before = now;
            }

            return share;
        }
    }

    /// <summary>The first line: cpu user nice system idle iowait irq softirq steal guest guest_nice.</summary>
    private static (long Idle, long All) Read()
    {
        using var reader = File.OpenText(CountersPath);
        var fields = (reader.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var counters = fields.Skip(1).Take(8)
            .Select(field => long.TryParse(field, CultureInfo.InvariantCulture, out var ticks) ? ticks : 0)
            .ToArray();
        return counters.Length == 8 ? (counters[3] + counters[4], counters.Sum()) : (0, 0);
    }
}

using Lambent.Kernel.Invocations;
using Lambent.Kernel.Metrics;

namespace Lambent.Server.Metrics;

/// <summary>
/// Counts the calls of one version by one alias. Its lock is held for some tens of nanoseconds, and is shared only by
/// calls of the same version.
/// </summary>
internal sealed class FunctionMeter(MetricSeries series)
{
    private readonly Lock gate = new();
    private MetricCell? current;
    private long currentMinute;

    /// <summary>Of calls that began in another minute than the newest: as many as calls may last long.</summary>
    private Dictionary<long, MetricCell>? others;
    private int idleRounds;
    private bool isRemoved;

    public MetricSeries Series => series;

    /// <returns>False when the meter was given up: another one is to be taken.</returns>
    public bool TryRecord(InvocationRecord record)
    {
        var minute = record.StartedAt.UtcTicks / TimeSpan.TicksPerMinute;
        lock (gate)
        {
            if (isRemoved)
            {
                return false;
            }

            InvocationFigures.Count(CellOf(minute), record);
            return true;
        }
    }

    public bool TryRefuse(DateTimeOffset at)
    {
        lock (gate)
        {
            if (isRemoved)
            {
                return false;
            }

            CellOf(at.UtcTicks / TimeSpan.TicksPerMinute).Count(MetricCounter.Throttles);
            return true;
        }
    }

    /// <summary>Gives away what was counted.</summary>
    /// <returns>False when nothing was counted for so many rounds that the meter is given up.</returns>
    public bool Take(int idleRoundsMax, List<MetricEntry> entries)
    {
        lock (gate)
        {
            if (current is null)
            {
                idleRounds++;
                isRemoved = idleRounds >= idleRoundsMax;
                return !isRemoved;
            }

            idleRounds = 0;
            entries.Add(new MetricEntry(series, StartOf(currentMinute), current));
            foreach (var (minute, cell) in others ?? [])
            {
                entries.Add(new MetricEntry(series, StartOf(minute), cell));
            }

            (current, others) = (null, null);
            return true;
        }
    }

    /// <summary>The lock is held.</summary>
    private MetricCell CellOf(long minute)
    {
        if (current is { } cell && minute == currentMinute)
        {
            return cell;
        }

        if (current is null || minute > currentMinute)
        {
            if (current is not null)
            {
                (others ??= [])[currentMinute] = current;
            }

            currentMinute = minute;
            return current = others?.GetValueOrDefault(minute) ?? new MetricCell();
        }

        others ??= [];
        if (!others.TryGetValue(minute, out var other))
        {
            others[minute] = other = new MetricCell();
        }

        return other;
    }

    private static DateTimeOffset StartOf(long minute) => new(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}

using Lambent.Kernel.Access;

namespace Lambent.Kernel.Metrics;

/// <summary>Which cells are meant.</summary>
public sealed record MetricSelection
{
    /// <summary>Whose; null: everybody's, which is for the operator alone.</summary>
    public AccountId? Account { get; init; }

    public required MetricKind Kind { get; init; }

    /// <summary>Null: any, as of the others.</summary>
    public string? Name { get; init; }

    public string? Part { get; init; }

    public string? Detail { get; init; }

    public required DateTimeOffset From { get; init; }

    /// <summary>Not included.</summary>
    public required DateTimeOffset To { get; init; }
}

/// <summary>A cell of a series, where it stands.</summary>
public readonly record struct MetricEntry(MetricSeries Series, DateTimeOffset Start, MetricCell Cell);

/// <summary>Takes a cell of a series as it was written, for which <see cref="MetricCell.TryAdd"/> is.</summary>
public delegate void MetricTake(MetricSeries series, DateTimeOffset start, ReadOnlySpan<byte> cell);

/// <summary>A stretch of time and the cells it is read from.</summary>
public readonly record struct MetricSpan(MetricResolution Resolution, DateTimeOffset From, DateTimeOffset To);

/// <summary>How a stretch of time is put together from cells.</summary>
public static class MetricSpans
{
    public static TimeSpan Length(MetricResolution resolution) => resolution switch
    {
        MetricResolution.Minute => TimeSpan.FromMinutes(1),
        MetricResolution.Hour => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    public static TimeSpan Retention(MetricResolution resolution) => resolution switch
    {
        MetricResolution.Minute => Limits.MetricMinuteRetention,
        MetricResolution.Hour => Limits.MetricHourRetention,
        _ => Limits.MetricDayRetention,
    };

    /// <summary>The beginning of the length of time that a moment lies in, counted from 1970 in UTC.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan length) =>
        new(time.UtcTicks - ((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) % length.Ticks), TimeSpan.Zero);

    public static DateTimeOffset Ceiling(DateTimeOffset time, TimeSpan length) =>
        Floor(time, length) is var floor && floor == time ? floor : floor + length;

    /// <summary>
    /// Spans that are the stretch together, each of the coarsest cells that fit: whole days, hours at their ends,
    /// minutes at the ends of those. What minutes or hours are too old for is taken from the coarser ones, whole.
    /// </summary>
    /// <param name="from">Looked at from its minute on.</param>
    /// <param name="to">Not included, but for the rest of its minute.</param>
    /// <param name="coarsest">The coarsest cells that are of use.</param>
    /// <param name="now">Says what is still kept.</param>
    public static IReadOnlyList<MetricSpan> Cover(
        DateTimeOffset from, DateTimeOffset to, MetricResolution coarsest, DateTimeOffset now)
    {
        var spans = new List<MetricSpan>();
        var at = Floor(from, Length(MetricResolution.Minute));
        var end = Ceiling(to, Length(MetricResolution.Minute));
        while (at < end)
        {
            var resolution = Enum.GetValues<MetricResolution>()
                .LastOrDefault(candidate => Fits(candidate, at, end, coarsest, now), MetricResolution.Minute);
            var length = Length(resolution);
            var begin = Floor(at, length);
            var next = begin + length;
            at = next;
            if (spans is [.., var last] && last.Resolution == resolution && last.To == begin)
            {
                spans[^1] = last with { To = next };
            }
            else
            {
                spans.Add(new MetricSpan(resolution, begin, next));
            }
        }

        return spans;
    }

    private static bool Fits(
        MetricResolution resolution,
        DateTimeOffset at,
        DateTimeOffset end,
        MetricResolution coarsest,
        DateTimeOffset now)
    {
        if (resolution == MetricResolution.Minute)
        {
            return at >= now - Limits.MetricMinuteRetention;
        }

        var finer = resolution - 1;
        var length = Length(resolution);
        return at < now - Retention(finer)
            || (resolution <= coarsest && Floor(at, length) == at && at + length <= end);
    }
}

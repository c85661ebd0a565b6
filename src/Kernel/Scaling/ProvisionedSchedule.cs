using Lambent.Kernel.Functions;

namespace Lambent.Kernel.Scaling;

/// <summary>
/// Which count of a provisioned concurrency holds at a time, and until when. Windows are times on a local clock: where
/// summer time skips a time, it is the first one after it; where a time comes twice, a window opens at the first and
/// closes at the second.
/// </summary>
public static class ProvisionedSchedule
{
    /// <summary>
    /// A window of the week comes again within eight days, whatever the clocks do. One more is computed, so that the
    /// end of what was computed is not taken for a window's end.
    /// </summary>
    private const int DaysAhead = 9;

    /// <param name="provisioned">The configuration.</param>
    /// <param name="now">The time.</param>
    /// <param name="zones">A time zone by its IANA name; null for one that is not known here, whose windows are shut.
    /// </param>
    public static ProvisionedMoment At(
        ProvisionedConcurrency provisioned, DateTimeOffset now, Func<string, TimeZoneInfo?> zones)
    {
        List<(DateTimeOffset From, DateTimeOffset To, int Count)> openings = [];
        foreach (var window in provisioned.Windows)
        {
            if (zones(window.Zone) is { } zone)
            {
                openings.AddRange(Openings(window, now, zone));
            }
        }

        var count = CountAt(provisioned.Count, openings, now);
        DateTimeOffset? change = openings
            .SelectMany(opening => new[] { opening.From, opening.To })
            .Where(time => time > now && time < now.AddDays(DaysAhead - 1))
            .Where(time => CountAt(provisioned.Count, openings, time) != count)
            .Select(time => (DateTimeOffset?)time)
            .Min();
        return new ProvisionedMoment(count, change);
    }

    private static int CountAt(
        int otherwise, List<(DateTimeOffset From, DateTimeOffset To, int Count)> openings, DateTimeOffset time)
    {
        int? count = null;
        foreach (var opening in openings)
        {
            if (opening.From <= time && time < opening.To)
            {
                count = Math.Max(count ?? 0, opening.Count);
            }
        }

        return count ?? otherwise;
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To, int Count)> Openings(
        ProvisionedWindow window, DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

        // From the day before yesterday, because a window over midnight can be lengthened by a clock that is put back.
        for (var offset = -2; offset <= DaysAhead; offset++)
        {
            var day = today.AddDays(offset);
            if (!window.Days.Has(day.DayOfWeek))
            {
                continue;
            }

            var last = window.To > window.From ? day : day.AddDays(1);
            var from = Instant(day.ToDateTime(window.From), zone, first: true);
            var to = Instant(last.ToDateTime(window.To), zone, first: false);
            if (from < to)
            {
                yield return (from, to, window.Count);
            }
        }
    }

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone, bool first)
    {
        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            offset = first ? offsets.Max() : offsets.Min();
        }

        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

/// <param name="Count">Calls at a time that are provisioned now.</param>
/// <param name="NextChange">When the count is another one; null: not within the next week.</param>
public readonly record struct ProvisionedMoment(int Count, DateTimeOffset? NextChange);

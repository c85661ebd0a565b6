namespace Lambent.Kernel.Schedules;

/// <summary>The time on a clock on the wall, and when that is.</summary>
public static class LocalTime
{
    /// <summary>
    /// When a clock in the zone first shows the time; null when it never does, because it is put forward over it.
    /// </summary>
    public static DateTimeOffset? Instant(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
        {
            return null;
        }

        var offset = zone.IsAmbiguousTime(local)
            ? zone.GetAmbiguousTimeOffsets(local).Max()
            : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

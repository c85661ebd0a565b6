using System.Collections.Immutable;

namespace Lambent.Kernel.Schedules;

/// <summary>Which days of a month a cron expression means: what its two fields of days say.</summary>
internal sealed record CronDays
{
    /// <summary>Bit 1 is the first of the month.</summary>
    public uint OfMonth { get; init; }

    /// <summary>L: the last of the month.</summary>
    public bool IsLast { get; init; }

    /// <summary>LW: the last of the month that is no Saturday or Sunday.</summary>
    public bool IsLastWeekday { get; init; }

    /// <summary>15W: the day from Monday to Friday that is nearest to each of these, within the month.</summary>
    public uint NearestWeekday { get; init; }

    /// <summary>Bit 0 is Sunday.</summary>
    public uint OfWeek { get; init; }

    /// <summary>6L on AWS: the last Friday of the month; bit 0 is Sunday.</summary>
    public uint LastOfWeek { get; init; }

    /// <summary>3#2 on AWS: the second Tuesday; Sunday is 0.</summary>
    public ImmutableArray<(int Day, int Number)> Numbered { get; init; } = [];

    /// <summary>Whether the field of days of the month restricts; otherwise it lets all days pass.</summary>
    public bool RestrictsMonth { get; init; }

    public bool RestrictsWeek { get; init; }

    /// <summary>Where both restrict: whether one is enough.</summary>
    public bool EitherIsEnough { get; init; }

    /// <summary>The days of a month, bit 1 for the first.</summary>
    public uint In(int year, int month)
    {
        var length = DateTime.DaysInMonth(year, month);
        var all = (uint)((1UL << (length + 1)) - 2);
        var ofMonth = RestrictsMonth ? OfMonthIn(year, month, length) : all;
        var ofWeek = RestrictsWeek ? OfWeekIn(year, month, length) : all;
        var both = RestrictsMonth && RestrictsWeek && EitherIsEnough ? ofMonth | ofWeek : ofMonth & ofWeek;
        return both & all;
    }

    private uint OfMonthIn(int year, int month, int length)
    {
        var days = OfMonth;
        if (IsLast)
        {
            days |= 1u << length;
        }

        if (IsLastWeekday)
        {
            days |= 1u << Nearest(year, month, length, length);
        }

        for (var day = 1; day <= length; day++)
        {
            if ((NearestWeekday >> day & 1) != 0)
            {
                days |= 1u << Nearest(year, month, day, length);
            }
        }

        return days;
    }

    private uint OfWeekIn(int year, int month, int length)
    {
        var first = (int)new DateOnly(year, month, 1).DayOfWeek;
        uint days = 0;
        for (var day = 1; day <= length; day++)
        {
            var weekday = (first + day - 1) % 7;
            var matches = (OfWeek >> weekday & 1) != 0
                || ((LastOfWeek >> weekday & 1) != 0 && day + 7 > length)
                || Numbered.Contains((weekday, ((day - 1) / 7) + 1));
            days |= matches ? 1u << day : 0;
        }

        return days;
    }

    /// <summary>
    /// A Saturday gives way to the day before and a Sunday to the day after, but not to another month.
    /// </summary>
    private static int Nearest(int year, int month, int day, int length) =>
        new DateOnly(year, month, day).DayOfWeek switch
        {
            DayOfWeek.Saturday => day > 1 ? day - 1 : day + 2,
            DayOfWeek.Sunday => day < length ? day + 1 : day - 2,
            _ => day,
        };
}

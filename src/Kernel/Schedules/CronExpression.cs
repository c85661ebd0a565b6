using System.Collections;
using System.Numerics;

namespace Lambent.Kernel.Schedules;

/// <summary>Times of a clock on the wall that fit a cron expression.</summary>
internal sealed class CronExpression(
    ulong seconds, ulong minutes, ulong hours, CronDays days, ulong months, BitArray? years)
{
    /// <summary>The last year that an expression can mean, on AWS and here.</summary>
    public const int YearMax = 2199;

    public const int YearMin = 1970;

    /// <summary>
    /// The first time after <paramref name="after"/>, to the second; null when there is none any more.
    /// </summary>
    public DateTime? NextAfter(DateTime after)
    {
        if (after.Year > YearMax)
        {
            return null;
        }

        var start = after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        var from = start.Year < YearMin ? new DateTime(YearMin, 1, 1) : start;
        var date = DateOnly.FromDateTime(from);
        if (FirstDayFrom(date) is not { } day)
        {
            return null;
        }

        if (day == date)
        {
            if (FirstTimeFrom(from.Hour, from.Minute, from.Second) is { } time)
            {
                return day.ToDateTime(time);
            }

            if (FirstDayFrom(date.AddDays(1)) is not { } later)
            {
                return null;
            }

            day = later;
        }

        return day.ToDateTime(FirstTimeFrom(0, 0, 0)!.Value);
    }

    private DateOnly? FirstDayFrom(DateOnly from)
    {
        for (var year = from.Year; year <= YearMax; year++)
        {
            if (years is not null && !years[year - YearMin])
            {
                continue;
            }

            var firstMonth = year == from.Year ? from.Month : 1;
            for (var month = FirstBit(months, firstMonth); month <= 12; month = FirstBit(months, month + 1))
            {
                var firstDay = year == from.Year && month == from.Month ? from.Day : 1;
                var day = FirstBit(days.In(year, month), firstDay);
                if (day <= 31)
                {
                    return new DateOnly(year, month, day);
                }
            }
        }

        return null;
    }

    private TimeOnly? FirstTimeFrom(int hour, int minute, int second)
    {
        var firstHour = FirstBit(hours, hour);
        if (firstHour == hour)
        {
            var firstMinute = FirstBit(minutes, minute);
            if (firstMinute == minute && FirstBit(seconds, second) is var firstSecond and <= 59)
            {
                return new TimeOnly(hour, minute, firstSecond);
            }

            firstMinute = firstMinute == minute ? FirstBit(minutes, minute + 1) : firstMinute;
            if (firstMinute <= 59)
            {
                return new TimeOnly(hour, firstMinute, FirstBit(seconds, 0));
            }

            firstHour = FirstBit(hours, hour + 1);
        }

        return firstHour > 23 ? null : new TimeOnly(firstHour, FirstBit(minutes, 0), FirstBit(seconds, 0));
    }

    /// <summary>The lowest bit that is set, from <paramref name="from"/> on; 64 when there is none.</summary>
    private static int FirstBit(ulong bits, int from) =>
        from > 63 ? 64 : BitOperations.TrailingZeroCount(bits >> from << from);
}

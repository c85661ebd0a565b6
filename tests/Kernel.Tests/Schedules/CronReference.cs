using System.Globalization;

namespace Lambent.Kernel.Tests.Schedules;

/// <summary>Another reading of cron, slow and plain: every minute is compared with the texts of the fields.</summary>
internal static class CronReference
{
    public static DateTimeOffset? Next(
        DateTimeOffset after, TimeZoneInfo zone, int minutesMax, Func<DateTime, bool> fits)
    {
        var time = after.AddSeconds(-after.Second);
        for (var minute = 1; minute <= minutesMax; minute++)
        {
            var candidate = time.AddMinutes(minute);
            var local = TimeZoneInfo.ConvertTime(candidate, zone);

            // An hour that comes twice counts the first time: an hour before, the clock showed something else.
            var isSecond = zone.IsAmbiguousTime(local.DateTime)
                && zone.GetAmbiguousTimeOffsets(local.DateTime).Max() != local.Offset;
            if (!isSecond && fits(local.DateTime))
            {
                return candidate;
            }
        }

        return null;
    }

    public static bool Fits(string field, int value, int max, int min = 0) => field.Split(',').Any(part =>
    {
        var step = part.Split('/') is [_, var every] ? Number(every) : 1;
        var range = part.Split('/')[0];
        var lowest = min == 0 && max is 31 or 12 ? 1 : min;
        var (from, to) = range == "*" ? (lowest, max)
            : range.Split('-') is [var first, var last] ? (Number(first), Number(last))
            : (Number(range), part.Contains('/') ? max : Number(range));
        return value >= from && value <= to && (value - from) % step == 0;
    });

    public static bool FitsDayOfMonth(string field, DateTime day)
    {
        var length = DateTime.DaysInMonth(day.Year, day.Month);
        return field.Split(',').Any(part => part switch
        {
            "L" => day.Day == length,
            "LW" => day.Day == NearestWeekday(day, length),
            [.. var number, 'W'] => Number(number) <= length && day.Day == NearestWeekday(day, Number(number)),
            _ => Fits(part, day.Day, 31),
        });
    }

    public static bool FitsDayOfWeek(string field, DateTime day)
    {
        var weekday = (int)day.DayOfWeek + 1;
        return field.Split(',').Any(part => part switch
        {
            "L" => weekday == 7,
            [.. var number, 'L'] => weekday == Number(number) && day.AddDays(7).Month != day.Month,
            [var number, '#', var count] =>
                weekday == number - '0' && day.AddDays(-7 * (count - '0')).Month != day.Month
                && day.AddDays(-7 * (count - '0' - 1)).Month == day.Month,
            _ => Fits(part, weekday, 7, min: 1),
        });
    }

    private static int NearestWeekday(DateTime day, int wanted)
    {
        var month = new DateTime(day.Year, day.Month, 1);
        foreach (var distance in new[] { 0, -1, 1, -2, 2 })
        {
            var candidate = month.AddDays(wanted - 1 + distance);
            if (candidate.Month == month.Month
                && candidate.DayOfWeek is not (System.DayOfWeek.Saturday or System.DayOfWeek.Sunday))
            {
                return candidate.Day;
            }
        }

        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

namespace Lambent.Kernel.Schedules;

/// <summary>The occurrences of a schedule: its expression within its dates, and when each is due.</summary>
public sealed class ScheduleTimes(ScheduleExpression expression, TimeZoneInfo zone)
{
    /// <summary>The next scheduled time after another one, or null.</summary>
    public DateTimeOffset? NextAfter(Schedule schedule, DateTimeOffset after)
    {
        var settings = schedule.Settings;

        // As on AWS, the dates are not for what happens once.
        if (expression.IsOnce)
        {
            return expression.NextAfter(after, zone, schedule.AnchorAt);
        }

        var from = settings.StartAt is { } start && start > after ? start.AddTicks(-1) : after;
        var next = expression.NextAfter(from, zone, schedule.AnchorAt);
        return next > settings.EndAt ? null : next;
    }

    /// <summary>The next times after another one, at most so many.</summary>
    public IEnumerable<DateTimeOffset> From(Schedule schedule, int limit)
    {
        var runsLeft = schedule.Options.RunsMax - schedule.FiredCount - schedule.Waiting.Length ?? long.MaxValue;
        var next = schedule.Settings.IsEnabled ? schedule.NextAt : null;
        for (var count = 0; count < limit && count < runsLeft && next is { } time; count++)
        {
            yield return time;
            next = NextAfter(schedule, time);
        }
    }

    /// <summary>
    /// When an occurrence is handed over: at its time, or somewhere in its window. Where in the window follows from the
    /// schedule and the time alone, so that every server and every restart finds the same moment.
    /// </summary>
    public static DateTimeOffset DueAt(Schedule schedule, DateTimeOffset scheduledAt)
    {
        if (schedule.Settings.WindowMinutes is not { } minutes)
        {
            return scheduledAt;
        }

        var hash = 14_695_981_039_346_656_037UL;
        foreach (var character in $"{schedule.Incarnation} {scheduledAt.UtcTicks}")
        {
            hash = (hash ^ character) * 1_099_511_628_211UL;
        }

        // The low bits of this hash say little of the last characters; these mix them.
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        return scheduledAt.AddSeconds(hash % (ulong)(minutes * 60));
    }
}

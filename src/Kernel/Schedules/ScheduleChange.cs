namespace Lambent.Kernel.Schedules;

/// <summary>What a schedule becomes when it is made, written anew, or put on and off.</summary>
public static class ScheduleChange
{
    /// <summary>A schedule of its own, whose first time may be now: a rate without a start begins at once.</summary>
    public static Schedule Create(
        ScheduleId id,
        string incarnation,
        ScheduleSettings settings,
        ScheduleOptions options,
        ScheduleTimes times,
        DateTimeOffset now) => Resume(
            new Schedule
            {
                Id = id,
                Incarnation = incarnation,
                CreatedAt = now,
                ModifiedAt = now,
                Settings = settings,
                Options = options,
                AnchorAt = settings.StartAt ?? now,
            },
            times,
            now.AddTicks(-1),
            now);

    /// <summary>
    /// Other settings. Times that came before now are over: a schedule that was changed does not fire for them, and no
    /// time fires a second time.
    /// </summary>
    public static Schedule Update(
        Schedule schedule,
        ScheduleSettings settings,
        ScheduleOptions options,
        ScheduleTimes times,
        DateTimeOffset now)
    {
        var before = schedule.Settings;
        var changed = schedule with { Settings = settings, Options = options, ModifiedAt = now };
        if (settings.Expression != before.Expression || settings.StartAt != before.StartAt)
        {
            changed = changed with { AnchorAt = settings.StartAt ?? now };
        }

        var sameTimes = settings.Expression == before.Expression && settings.Zone == before.Zone
            && settings.StartAt == before.StartAt && settings.EndAt == before.EndAt
            && settings.WindowMinutes == before.WindowMinutes && settings.IsEnabled == before.IsEnabled
            && options.RunsMax == schedule.Options.RunsMax;

        // Times before the next one are accounted for, though the clock may have been set back since.
        var isFurther = schedule.NextAt > now && settings.Expression == before.Expression
            && settings.Zone == before.Zone && settings.StartAt == before.StartAt;
        return !sameTimes ? Resume(changed, times, isFurther ? schedule.NextAt!.Value.AddTicks(-1) : now, now)
            : changed.Waiting.IsEmpty ? changed
            : WithDue(changed, now);
    }

    /// <summary>The schedule with its next time after another one; what waits is looked at now.</summary>
    internal static Schedule Resume(Schedule schedule, ScheduleTimes times, DateTimeOffset after, DateTimeOffset now)
    {
        var last = schedule.Waiting.IsEmpty ? schedule.LastAt : schedule.Waiting[^1];
        var from = last > after ? last.Value : after;
        var isOver = schedule.Options.RunsMax <= schedule.FiredCount + schedule.Waiting.Length;
        return WithDue(schedule with { NextAt = isOver ? null : times.NextAfter(schedule, from) }, now);
    }

    /// <summary>The schedule with the moment when it is to be looked at next.</summary>
    /// <param name="schedule">As it is otherwise.</param>
    /// <param name="lookAt">When what waits is looked at; who ends an occurrence says so earlier.</param>
    internal static Schedule WithDue(Schedule schedule, DateTimeOffset lookAt)
    {
        if (!schedule.Settings.IsEnabled)
        {
            return schedule with { DueAt = null };
        }

        DateTimeOffset? due = schedule.NextAt is { } next ? ScheduleTimes.DueAt(schedule, next) : null;
        foreach (var held in schedule.Held)
        {
            due = due is null || held.DueAt < due ? held.DueAt : due;
        }

        if (!schedule.Waiting.IsEmpty)
        {
            due = due is null || lookAt < due ? lookAt : due;
        }

        return schedule with { DueAt = due };
    }
}

namespace Lambent.Kernel.Schedules;

/// <summary>What became of a scheduled time, or will.</summary>
public enum OccurrenceState
{
    /// <summary>It was handed over.</summary>
    Fired,

    /// <summary>It was not, and will not be.</summary>
    Missed,

    /// <summary>The target did not take it yet; it is tried again.</summary>
    Held,

    /// <summary>It waits for the occurrence before to end.</summary>
    Waiting,

    /// <summary>It has not come.</summary>
    Coming,
}

/// <summary>Scheduled times with one fate.</summary>
/// <param name="At">The first, or the only one.</param>
/// <param name="State">What became of it.</param>
/// <param name="Missed">Of those that were missed: the line that lists them.</param>
public sealed record DatedOccurrence(DateTimeOffset At, OccurrenceState State, MissedOccurrences? Missed = null)
{
    /// <summary>How many it stands for: a line of what was missed may list many.</summary>
    public long Count => Missed?.Count ?? 1;
}

/// <summary>
/// The occurrences of a schedule between two times, past ones and those to come. An occurrence is exactly one of fired,
/// missed, held, waiting and to come, so what fired need not be kept: it is what is left of the expression's times.
/// </summary>
public static class ScheduleOccurrences
{
    /// <summary>In order of time.</summary>
    /// <param name="schedule">As it is now. What was before its last change is known only where it was missed.</param>
    /// <param name="times">Its expression's.</param>
    /// <param name="missed">What is listed of it.</param>
    /// <param name="from">Not before.</param>
    /// <param name="to">Before.</param>
    /// <param name="limit">At most so many of the past, and as many of the future.</param>
    public static IReadOnlyList<DatedOccurrence> Between(
        Schedule schedule,
        ScheduleTimes times,
        IReadOnlyList<MissedOccurrences> missed,
        DateTimeOffset from,
        DateTimeOffset to,
        int limit)
    {
        List<DatedOccurrence> found =
        [
            .. missed.Where(row => row.LastAt >= from && row.FirstAt < to)
                .Select(row => new DatedOccurrence(row.FirstAt, OccurrenceState.Missed, row)),
            .. Past(schedule, times, from, to).Take(limit)
                .Where(at => !missed.Any(row => row.FirstAt <= at && at <= row.LastAt))
                .Select(at => new DatedOccurrence(at, StateOf(schedule, at))),
            .. Coming(schedule, times, from, to).Take(limit)
                .Select(at => new DatedOccurrence(at, OccurrenceState.Coming)),
        ];
        if (schedule.LastAt is { } last && last >= from && last < to && found.TrueForAll(one => one.At != last))
        {
            found.Add(new DatedOccurrence(last, StateOf(schedule, last)));
        }

        found.Sort((one, other) => one.At.CompareTo(other.At));
        return found;
    }

    private static OccurrenceState StateOf(Schedule schedule, DateTimeOffset at) =>
        schedule.Held.Any(held => held.Occurrence.ScheduledAt == at) ? OccurrenceState.Held
        : schedule.Waiting.Contains(at) ? OccurrenceState.Waiting
        : OccurrenceState.Fired;

    /// <summary>Times that were accounted for since the schedule is as it is.</summary>
    private static IEnumerable<DateTimeOffset> Past(
        Schedule schedule, ScheduleTimes times, DateTimeOffset from, DateTimeOffset to)
    {
        // While it is off nothing is accounted for.
        if (!schedule.Settings.IsEnabled)
        {
            yield break;
        }

        // A schedule that was changed goes on after the change; a new rate begins with its first moment.
        var since = schedule.ModifiedAt == schedule.CreatedAt ? schedule.ModifiedAt.AddTicks(-1) : schedule.ModifiedAt;
        var end = schedule.NextAt ?? schedule.LastAt?.AddTicks(1) ?? from;
        end = end < to ? end : to;
        var next = times.NextAfter(schedule, since >= from ? since : from.AddTicks(-1));
        while (next is { } at && at < end)
        {
            yield return at;
            next = times.NextAfter(schedule, at);
        }
    }

    private static IEnumerable<DateTimeOffset> Coming(
        Schedule schedule, ScheduleTimes times, DateTimeOffset from, DateTimeOffset to)
    {
        var runsLeft = schedule.Options.RunsMax is null ? null
            : schedule.Options.RunsMax - schedule.FiredCount - schedule.Waiting.Length;
        var next = schedule.Settings.IsEnabled ? schedule.NextAt : null;

        // Only runs that are counted make it necessary to go through the times before.
        if (runsLeft is null && next < from)
        {
            next = times.NextAfter(schedule, from.AddTicks(-1));
        }

        for (var count = 0L; next is { } at && at < to && !(count >= runsLeft); count++)
        {
            if (at >= from)
            {
                yield return at;
            }

            next = times.NextAfter(schedule, at);
        }
    }
}

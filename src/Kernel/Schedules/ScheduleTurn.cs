namespace Lambent.Kernel.Schedules;

/// <summary>
/// What a schedule that is due does now: which occurrences it hands over, which it lists as missed, and what it is
/// afterwards. All of it is written in one transaction, so that an occurrence is exactly one of fired, missed, held and
/// to come.
/// </summary>
/// <param name="Next">The schedule afterwards.</param>
/// <param name="Fired">To be handed over now, in this order.</param>
/// <param name="Missed">To be listed.</param>
public sealed record ScheduleTurn(
    Schedule Next, IReadOnlyList<Occurrence> Fired, IReadOnlyList<MissedOccurrences> Missed)
{
    /// <param name="schedule">A schedule that is due.</param>
    /// <param name="times">Its occurrences.</param>
    /// <param name="now">The time.</param>
    /// <param name="isUnderWay">Whether what was handed over under this id is still being worked on.</param>
    /// <param name="newId">A new id for a delivery.</param>
    public static ScheduleTurn Take(
        Schedule schedule,
        ScheduleTimes times,
        DateTimeOffset now,
        Func<string, bool> isUnderWay,
        Func<string> newId)
    {
        var due = Due(schedule, times, now, out var next, out var isCutOff);
        var (candidates, missed) = Judge(due, schedule, now, isCutOff);
        var fired = Retried(schedule, now);
        var runs = schedule.FiredCount;
        var (lastId, lastAt) = (schedule.LastDeliveryId, schedule.LastAt);
        List<DateTimeOffset> waiting = [];
        foreach (var scheduledAt in schedule.Waiting.Concat(candidates))
        {
            if (runs + waiting.Count >= schedule.Options.RunsMax)
            {
                break;
            }

            // With a policy other than to wait, what waits already is from before the policy was changed.
            var mayOverlap = schedule.Options.Overlap == OverlapPolicy.Allow;
            if (!mayOverlap && (waiting.Count > 0 || IsBusy(schedule, runs, lastId, isUnderWay)))
            {
                Postpone(schedule, scheduledAt, waiting, missed);
                continue;
            }

            lastId = newId();
            lastAt = scheduledAt;
            runs++;
            fired.Add(new Occurrence(lastId, scheduledAt, 1, now));
        }

        var after = schedule with
        {
            NextAt = runs + waiting.Count >= schedule.Options.RunsMax ? null : next,
            FiredCount = runs,
            LastDeliveryId = lastId,
            LastAt = lastAt,
            MissedCount = schedule.MissedCount + missed.Sum(row => row.Count),
            Held = schedule.Held.RemoveAll(held => held.DueAt <= now),
            Waiting = [.. waiting],
        };
        return new ScheduleTurn(ScheduleChange.WithDue(after, now + Limits.ScheduleWaitingLook), fired, missed);
    }

    /// <summary>
    /// What becomes of a schedule when what it handed over last has ended: what waits for that is due now.
    /// </summary>
    /// <returns>Null when nothing waits for it.</returns>
    public static Schedule? AfterEnd(Schedule schedule, string deliveryId, DateTimeOffset now) =>
        schedule.Settings.IsEnabled && !schedule.Waiting.IsEmpty && schedule.LastDeliveryId == deliveryId
            ? ScheduleChange.WithDue(schedule, now)
            : null;

    private static void Postpone(
        Schedule schedule, DateTimeOffset scheduledAt, List<DateTimeOffset> waiting, List<MissedOccurrences> missed)
    {
        var waits = schedule.Options.Overlap == OverlapPolicy.Queue && waiting.Count < Limits.ScheduleWaitingMax;
        if (waits)
        {
            waiting.Add(scheduledAt);
        }
        else
        {
            missed.Add(new MissedOccurrences(scheduledAt, scheduledAt, 1, MissReason.Overlap));
        }
    }

    /// <summary>
    /// What becomes of an occurrence that its target did not take: another attempt, later each time, as long as the
    /// target's policy allows; otherwise it is listed as missed.
    /// </summary>
    /// <param name="schedule">The schedule after its turn.</param>
    /// <param name="occurrence">As it was tried.</param>
    /// <param name="isFinal">Whether another attempt would be in vain.</param>
    /// <param name="reason">What the target said.</param>
    /// <param name="now">The time.</param>
    /// <returns>The schedule, and the occurrence when it is given up: then it belongs to the dead letters.</returns>
    public static (Schedule Next, MissedOccurrences? Missed) Refuse(
        Schedule schedule,
        Occurrence occurrence,
        bool isFinal,
        string reason,
        DateTimeOffset now)
    {
        var target = schedule.Settings.Target;
        var ageMax = TimeSpan.FromSeconds(target.AgeSecondsMax ?? Limits.ScheduleAgeSecondsMax);
        var pause = TimeSpan.FromSeconds(Math.Min(300, Math.Pow(2, Math.Min(occurrence.Attempt, 20) - 1)));
        var again = now + pause;
        var isGivenUp = isFinal
            || occurrence.Attempt > (target.RetriesMax ?? Limits.ScheduleRetriesMax)
            || again - occurrence.FirstTriedAt > ageMax
            || schedule.Held.Length >= Limits.ScheduleHeldMax;
        if (!isGivenUp)
        {
            var held = new HeldOccurrence(occurrence, again);
            var later = schedule with { Held = schedule.Held.Add(held) };
            return (ScheduleChange.WithDue(later, now + Limits.ScheduleWaitingLook), null);
        }

        var missed = new MissedOccurrences(
            occurrence.ScheduledAt, occurrence.ScheduledAt, 1, MissReason.Refused, reason);
        return (schedule with { MissedCount = schedule.MissedCount + 1 }, missed);
    }

    private static List<DateTimeOffset> Due(
        Schedule schedule, ScheduleTimes times, DateTimeOffset now, out DateTimeOffset? next, out bool isCutOff)
    {
        List<DateTimeOffset> due = [];
        next = schedule.NextAt;
        while (next is { } time && ScheduleTimes.DueAt(schedule, time) <= now
            && due.Count < Limits.ScheduleOccurrencesPerTurn)
        {
            due.Add(time);
            next = times.NextAfter(schedule, time);
        }

        // More are due than one turn looks at. The newest are left for the next one, which may have to fire them.
        isCutOff = next is { } more && ScheduleTimes.DueAt(schedule, more) <= now;
        if (isCutOff)
        {
            next = due[^Limits.ScheduleCatchUpMax];
            due.RemoveRange(due.Count - Limits.ScheduleCatchUpMax, Limits.ScheduleCatchUpMax);
        }

        return due;
    }

    /// <summary>Divides what is due into what may fire and what is too late.</summary>
    private static (List<DateTimeOffset> Candidates, List<MissedOccurrences> Missed) Judge(
        List<DateTimeOffset> due, Schedule schedule, DateTimeOffset now, bool isCutOff)
    {
        var late = due.FindIndex(time => now - ScheduleTimes.DueAt(schedule, time) <= Limits.ScheduleLateness);
        late = late < 0 ? due.Count : late;
        var rescued = schedule.Options.Misfire switch
        {
            MisfirePolicy.FireAll when !isCutOff => Math.Min(late, Limits.ScheduleCatchUpMax),
            MisfirePolicy.FireLast when !isCutOff && late == due.Count => Math.Min(late, 1),
            _ => 0,
        };
        var missed = late - rescued;
        return (due[missed..], Listed(due[..missed]));
    }

    /// <summary>One by one as long as somebody may want to read them; the oldest of very many as one line.</summary>
    private static List<MissedOccurrences> Listed(List<DateTimeOffset> times)
    {
        var together = times.Count > Limits.ScheduleCatchUpMax ? times.Count - Limits.ScheduleCatchUpMax : 0;
        List<MissedOccurrences> missed = [];
        if (together > 0)
        {
            missed.Add(new MissedOccurrences(times[0], times[together - 1], together, MissReason.Late));
        }

        missed.AddRange(times[together..].Select(
            time => new MissedOccurrences(time, time, 1, MissReason.Late)));
        return missed;
    }

    private static List<Occurrence> Retried(Schedule schedule, DateTimeOffset now) =>
    [
        .. schedule.Held.Where(held => held.DueAt <= now)
            .Select(held => held.Occurrence with { Attempt = held.Occurrence.Attempt + 1 }),
    ];

    private static bool IsBusy(Schedule schedule, long runs, string? lastId, Func<string, bool> isUnderWay) =>
        runs > schedule.FiredCount || !schedule.Held.IsEmpty || (lastId is not null && isUnderWay(lastId));
}

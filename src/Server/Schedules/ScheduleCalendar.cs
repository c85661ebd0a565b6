using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Storage;

namespace Lambent.Server.Schedules;

/// <summary>Occurrences of one schedule with one fate on one day.</summary>
/// <param name="Schedule">Whose.</param>
/// <param name="Day">By the clock of the zone that was asked for.</param>
/// <param name="State">What became of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstAt">The earliest.</param>
/// <param name="LastAt">The latest.</param>
/// <param name="Times">The earliest of them.</param>
/// <param name="Reason">Of those that were missed.</param>
/// <param name="Detail">What the target said, or null.</param>
internal sealed record CalendarEntry(
    Schedule Schedule,
    DateOnly Day,
    OccurrenceState State,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    IReadOnlyList<DateTimeOffset> Times,
    MissReason? Reason,
    string? Detail);

/// <summary>When schedules fire and fired, day by day, and when an expression would.</summary>
internal sealed class ScheduleCalendar(IStore store, ScheduleBook book, TimeProvider time)
{
    /// <summary>A month of a schedule that fires each minute.</summary>
    private const int PerScheduleMax = 50_000;

    private const int AllMax = 200_000;
    private const int SchedulesMax = 1_000;
    private const int MissedMax = 1_000;

    /// <summary>Of one day each time is told up to so many.</summary>
    private const int TimesMax = 24;

    /// <returns>In order of schedule and time; and whether nothing was left out.</returns>
    public (IReadOnlyList<CalendarEntry> Entries, bool IsComplete) Days(
        AccountId account, ScheduleId? only, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        var (schedules, missed) = store.Read(transaction =>
        {
            IReadOnlyList<Schedule> listed = only is null
                ? transaction.Schedules.List(account, new ScheduleFilter(), SchedulesMax + 1)
                : transaction.Schedules.Get(only.Value) is { } one ? [one] : [];
            return (listed, only is null
                ? transaction.Schedules.Missed(account, MissedMax).ToLookup(row => row.Id, row => row.Missed)
                : transaction.Schedules.Missed(only.Value, MissedMax).ToLookup(_ => only.Value));
        });
        List<CalendarEntry> entries = [];
        var isComplete = schedules.Count <= SchedulesMax;
        var left = AllMax;
        foreach (var schedule in schedules.Take(SchedulesMax))
        {
            if (book.Times(schedule.Settings).Failed(out var times, out _))
            {
                continue;
            }

            var limit = Math.Min(PerScheduleMax, left);
            var found = ScheduleOccurrences.Between(
                schedule, times, [.. missed[schedule.Id]], from, to, limit);
            isComplete &= found.Count < limit;
            left = Math.Max(0, left - found.Count);
            entries.AddRange(found
                .GroupBy(one => (Day: DayOf(one.At, zone), one.State, one.Missed?.Reason))
                .Select(group => Entry(schedule, group.Key.Day, [.. group])));
        }

        return (entries, isComplete);
    }

    /// <summary>The next times of settings that nobody has written yet.</summary>
    public Result<IReadOnlyList<DateTimeOffset>> Preview(ScheduleSettings settings, ScheduleOptions options, int limit)
    {
        if (book.Times(settings).Failed(out var times, out var invalid))
        {
            return invalid;
        }

        var draft = ScheduleChange.Create(
            new ScheduleId(AccountId.Root, ScheduleGroupId.DefaultName, "preview"),
            "", settings, options, times, time.GetUtcNow());
        return times.From(draft, limit).ToList();
    }

    private static CalendarEntry Entry(Schedule schedule, DateOnly day, IReadOnlyList<DatedOccurrence> found) => new(
        schedule,
        day,
        found[0].State,
        found.Sum(one => one.Count),
        found[0].At,
        found[^1].Missed?.LastAt ?? found[^1].At,
        [.. found.Take(TimesMax).Select(one => one.At)],
        found[0].Missed?.Reason,
        found.Select(one => one.Missed?.Detail).FirstOrDefault(detail => detail is not null));

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Schedules;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Server.Schedules;
using Lambent.Simulation.Bugs;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Storing;

namespace Lambent.Simulation.Schedules;

/// <summary>
/// Knows every schedule and everything that one handed over from the committed writes, and breaks the world when an
/// occurrence is not exactly one of to come, fired, held, waiting and missed. An occurrence is known by its schedule
/// and its time, which the input says.
/// </summary>
internal sealed class ScheduleAuditor(World world)
{
    private readonly ScheduleBook book = new();
    private readonly Dictionary<ScheduleId, Schedule> schedules = [];
    private readonly HashSet<(ScheduleId Id, DateTimeOffset At)> fired = [];
    private readonly HashSet<(ScheduleId Id, DateTimeOffset At)> missed = [];
    private readonly Dictionary<string, EventState> events = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> handedOver = new(StringComparer.Ordinal);

    public int FiredCount => fired.Count;

    public int MissedCount => missed.Count;

    /// <summary>Events that are neither dead nor at their end.</summary>
    public int LiveCount => events.Values.Count(state => state != EventState.Dead);

    public static IReadOnlyDictionary<string, ObserveTable> Observed(PlantedBug bug) =>
        new Dictionary<string, ObserveTable>
        {
            ["get_Schedules"] = (table, calls) => BuggyParts.Schedules(
                bug, MessageAuditor.Watch((IScheduleTable)table, calls, "Put", "Delete", "AddMissed")),
            ["get_Events"] = (table, calls) =>
                MessageAuditor.Watch((IEventTable)table, calls, "Add", "Change", "Delete"),
            ["get_Messages"] = (table, calls) => MessageAuditor.Watch((IMessageTable)table, calls, "Add"),
            ["get_Journal"] = (table, calls) => MessageAuditor.Watch((IJournalTable)table, calls, "Append"),
        };

    /// <summary>Nothing may be overdue while nothing goes wrong.</summary>
    public void CheckDue(ScheduleId id, DateTimeOffset now)
    {
        var due = schedules.GetValueOrDefault(id)?.DueAt;
        Require(due is null || due > now.AddSeconds(-10), $"{id.Name} was due at {due:T}, and it is {now:T}");
    }

    /// <summary>After everything came to its end.</summary>
    /// <param name="succeeded">Whether the function of an event ran to its end.</param>
    public void CheckEnd(Func<string, bool> succeeded)
    {
        foreach (var (id, what) in handedOver)
        {
            var isDead = events.TryGetValue(id, out var state) && state == EventState.Dead;
            Require(events.ContainsKey(id) == isDead, $"{what} was handed over and has no end");
            Require(isDead || succeeded(id), $"{what} was handed over, ended, and never ran");
        }
    }

    public void Committed(Machine<ScheduleParts> machine, IReadOnlyList<TableCall> calls)
    {
        var now = machine.Clock.TimeOfDay;
        var firing = new List<(ScheduleId Id, DateTimeOffset At)>();
        var started = new HashSet<string>(StringComparer.Ordinal);
        var listed = new List<(ScheduleId Id, MissedOccurrences Row)>();
        var put = new List<Schedule>();
        foreach (var call in calls)
        {
            switch (call.Table, call.Method)
            {
                case (nameof(IScheduleTable), "Put"):
                    put.Add((Schedule)call.Arguments[0]!);
                    break;
                case (nameof(IScheduleTable), "AddMissed"):
                    listed.Add(((ScheduleId)call.Arguments[0]!, (MissedOccurrences)call.Arguments[1]!));
                    break;
                case (nameof(IEventTable), "Add"):
                    var added = (AsyncEvent)call.Arguments[0]!;
                    firing.Add(Read(Encoding.UTF8.GetString(added.Payload.Span)));
                    started.Add(added.Id);
                    events[added.Id] = (EventState)call.Arguments[1]!;
                    handedOver[added.Id] = $"{firing[^1].Id.Name} of {firing[^1].At:T}";
                    break;
                case (nameof(IEventTable), "Change"):
                    events[((AsyncEvent)call.Arguments[0]!).Id] = (EventState)call.Arguments[1]!;
                    break;
                case (nameof(IEventTable), "Delete"):
                    events.Remove((string)call.Arguments[0]!);
                    break;
                case (nameof(IMessageTable), "Add"):
                    firing.Add(Read(((MessageContent)call.Arguments[2]!).Body));
                    break;
                case (nameof(IJournalTable), "Append"):
                    firing.Add(Read(((IReadOnlyList<JournalEvent>)call.Arguments[2]!)[0].Input!.ToString()));
                    break;
            }
        }

        put.ForEach(schedule => CheckOverlap(schedule, started));
        put.ForEach(schedule => Step(schedule, firing, listed));
        foreach (var (id, at) in firing)
        {
            // What was fired by hand is besides the schedule's times, and is of now.
            Require(at == Second(now), $"{id.Name} fired for {at:T} at {now:T}, and did not go on to its next time");
        }

        Require(listed.Count == 0, $"occurrences were listed as missed of a schedule that stays as it is");
    }

    /// <summary>What was to come, was held or waited before is accounted for, each once.</summary>
    private void Step(
        Schedule after,
        List<(ScheduleId Id, DateTimeOffset At)> firing,
        List<(ScheduleId Id, MissedOccurrences Row)> listed)
    {
        var before = schedules.GetValueOrDefault(after.Id);
        schedules[after.Id] = after;
        if (before is null || before.ModifiedAt != after.ModifiedAt)
        {
            return;
        }

        var accounted = after.Held.Select(held => Second(held.Occurrence.ScheduledAt))
            .Concat(after.Waiting.Select(Second)).ToList();
        accounted.AddRange(TakeFired(after.Id, firing));
        accounted.AddRange(TakeMissed(after, listed));
        var expected = before.Held.Select(held => Second(held.Occurrence.ScheduledAt))
            .Concat(before.Waiting.Select(Second))
            .Concat(Between(before, after.NextAt, accounted.Count))
            .ToList();
        foreach (var at in accounted)
        {
            Require(expected.Remove(at), $"{after.Id.Name} did something for {at:T}, which was not to come");
        }

        // Behind its last run a schedule has no times any more.
        Require(
            expected.Count == 0 || after.NextAt is null,
            $"{after.Id.Name} neither fired for {expected.FirstOrDefault():T} nor listed it as missed");
    }

    private List<DateTimeOffset> TakeFired(ScheduleId id, List<(ScheduleId Id, DateTimeOffset At)> firing)
    {
        // One that was fired by hand has a transaction of its own.
        var own = firing.FindAll(one => one.Id == id);
        firing.RemoveAll(one => one.Id == id);
        foreach (var one in own)
        {
            world.Note($"{id.Name} fires for {one.At:T}");
            Require(fired.Add(one), $"{id.Name} fired for {one.At:T} twice");
            Require(!missed.Contains(one), $"{id.Name} fired for {one.At:T}, which was listed as missed");
        }

        return [.. own.Select(one => one.At)];
    }

    private List<DateTimeOffset> TakeMissed(Schedule schedule, List<(ScheduleId Id, MissedOccurrences Row)> listed)
    {
        List<DateTimeOffset> times = [];
        foreach (var (_, row) in listed.FindAll(one => one.Id == schedule.Id))
        {
            world.Note($"{schedule.Id.Name} missed {row.Count} from {row.FirstAt:T}: {row.Reason}");
            var at = row.FirstAt;
            for (var count = 1; count < row.Count; count++)
            {
                times.Add(Second(at));
                at = book.Times(schedule.Settings).Value.NextAfter(schedule, at)!.Value;
            }

            times.Add(Second(at));
            Require(at == row.LastAt, $"{schedule.Id.Name} lists {row.Count} as missed up to {row.LastAt:T}");
        }

        listed.RemoveAll(one => one.Id == schedule.Id);
        foreach (var at in times)
        {
            Require(missed.Add((schedule.Id, at)), $"{schedule.Id.Name} lists {at:T} as missed twice");
            Require(!fired.Contains((schedule.Id, at)), $"{schedule.Id.Name} lists {at:T} as missed, which fired");
        }

        return times;
    }

    /// <summary>Times from the next one on until another one; without that as many as were accounted for.</summary>
    private IEnumerable<DateTimeOffset> Between(Schedule before, DateTimeOffset? until, int most)
    {
        var times = book.Times(before.Settings).Value;
        for (var at = before.NextAt; at is { } time && (until is null ? most-- > 0 : time < until);)
        {
            yield return Second(time);
            at = times.NextAfter(before, time);
        }
    }

    /// <summary>With a policy for overlaps nothing fires while the function still works on the one before.</summary>
    private void CheckOverlap(Schedule after, HashSet<string> started)
    {
        if (after.Options.Overlap != OverlapPolicy.Allow
            && after.LastDeliveryId is { } next
            && started.Contains(next)
            && schedules.GetValueOrDefault(after.Id)?.LastDeliveryId is { } last
            && last != next)
        {
            Require(
                !events.TryGetValue(last, out var state) || state == EventState.Dead,
                $"{after.Id.Name} fired while {last[^6..]} was still being worked on");
        }
    }

    private static (ScheduleId Id, DateTimeOffset At) Read(string input)
    {
        using var document = JsonDocument.Parse(input);
        var arn = document.RootElement.GetProperty("schedule").GetString()!;
        return (
            new ScheduleId(QueueParts.Account, ScheduleGroupId.DefaultName, arn[(arn.LastIndexOf('/') + 1)..]),
            DateTimeOffset.Parse(
                document.RootElement.GetProperty("time").GetString()!, CultureInfo.InvariantCulture));
    }

    /// <summary>Inputs say a time to the second, and no two times of a schedule are in one.</summary>
    private static DateTimeOffset Second(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            world.Break(otherwise);
        }
    }
}

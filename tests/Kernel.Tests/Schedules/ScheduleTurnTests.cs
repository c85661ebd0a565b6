using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Schedules;

public sealed class ScheduleTurnTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private int ids;

    [Fact]
    public void Due_fires_andStepsToTheNextTime()
    {
        var schedule = Create("rate(5 minutes)");
        schedule.DueAt.ShouldBe(Start);
        var turn = Take(schedule, Start);
        turn.Fired.Select(fired => (fired.ScheduledAt, fired.Attempt)).ShouldBe([(Start, 1)]);
        turn.Missed.ShouldBeEmpty();
        turn.Next.NextAt.ShouldBe(Start.AddMinutes(5));
        turn.Next.DueAt.ShouldBe(Start.AddMinutes(5));
        turn.Next.FiredCount.ShouldBe(1);
        turn.Next.LastAt.ShouldBe(Start);
    }

    [Fact]
    public void Every_occurrence_isFiredOrMissedExactlyOnce_whateverTheServerDoes()
    {
        var random = new Random(3);
        foreach (var misfire in Enum.GetValues<MisfirePolicy>())
        {
            var schedule = Create("rate(1 minute)", options: new ScheduleOptions { Misfire = misfire });
            Dictionary<DateTimeOffset, int> seen = [];
            var now = Start;
            for (var round = 0; round < 200; round++)
            {
                now = now.AddSeconds(random.Next(10) == 0 ? random.Next(400_000) : random.Next(120));
                while (schedule.DueAt <= now)
                {
                    var turn = Take(schedule, now);
                    foreach (var fired in turn.Fired)
                    {
                        seen[fired.ScheduledAt] = seen.GetValueOrDefault(fired.ScheduledAt) + 1;
                    }

                    foreach (var row in turn.Missed)
                    {
                        var times = Enumerable.Range(0, (int)row.Count).Select(index => row.FirstAt.AddMinutes(index));
                        times.Last().ShouldBe(row.LastAt);
                        foreach (var time in times)
                        {
                            seen[time] = seen.GetValueOrDefault(time) + 1;
                        }
                    }

                    schedule = turn.Next;
                }
            }

            seen.Values.ShouldAllBe(count => count == 1);
            seen.Count.ShouldBe((int)((now - Start).Ticks / TimeSpan.TicksPerMinute) + 1);
            schedule.MissedCount.ShouldBe(seen.Count - schedule.FiredCount);
        }
    }

    [Theory]
    [InlineData(MisfirePolicy.FireLast, 1, 12)]
    [InlineData(MisfirePolicy.FireAll, 13, 0)]
    [InlineData(MisfirePolicy.Skip, 0, 13)]
    public void Late_occurrences_followThePolicy(MisfirePolicy policy, int fired, int missed)
    {
        var schedule = Create("rate(5 minutes)", options: new ScheduleOptions { Misfire = policy });
        var turn = Take(schedule, Start.AddMinutes(62));
        turn.Fired.Count.ShouldBe(fired);
        turn.Missed.Sum(row => row.Count).ShouldBe(missed);
        turn.Missed.ShouldAllBe(row => row.Reason == MissReason.Late);
        turn.Next.NextAt.ShouldBe(Start.AddMinutes(65));
        if (policy == MisfirePolicy.FireLast)
        {
            turn.Fired[0].ScheduledAt.ShouldBe(Start.AddMinutes(60));
        }
    }

    [Fact]
    public void Occurrence_withinAMinute_isOnTime_andLeavesLateOnesMissed()
    {
        var schedule = Create("rate(5 minutes)");
        var turn = Take(schedule, Start.AddMinutes(10).AddSeconds(60));
        turn.Fired.Select(fired => fired.ScheduledAt).ShouldBe([Start.AddMinutes(10)]);
        turn.Missed.Select(row => row.FirstAt).ShouldBe([Start, Start.AddMinutes(5)]);
    }

    [Fact]
    public void Very_manyLateOccurrences_areTakenInTurns_andTheOldestAreOneLine()
    {
        var schedule = Create("* * * * * *", options: new ScheduleOptions { Misfire = MisfirePolicy.FireAll });
        var now = Start.AddSeconds(5_000).AddMinutes(2);
        var (turns, fired, missed) = (0, 0L, 0L);
        while (schedule.DueAt <= now)
        {
            var turn = Take(schedule, now);
            turn.Missed.Count.ShouldBeLessThanOrEqualTo(Limits.ScheduleCatchUpMax + 1);
            fired += turn.Fired.Count;
            missed += turn.Missed.Sum(row => row.Count);
            schedule = turn.Next;
            turns++;
        }

        turns.ShouldBeGreaterThan(1);

        // A hundred late ones, and those of the last minute, which are on time.
        fired.ShouldBe(Limits.ScheduleCatchUpMax + 61);
        (fired + missed).ShouldBe(5_121);
    }

    [Fact]
    public void Runs_areCounted_andEndTheSchedule()
    {
        var schedule = Create(
            "rate(1 minute)", options: new ScheduleOptions { RunsMax = 2, Misfire = MisfirePolicy.FireAll });
        var turn = Take(schedule, Start.AddMinutes(10));
        turn.Fired.Count.ShouldBe(2);
        turn.Next.IsOver.ShouldBeTrue();
        turn.Next.DueAt.ShouldBeNull();
        Times("rate(1 minute)").From(schedule, 10).Count().ShouldBe(2);
    }

    [Fact]
    public void Overlap_isListed_whileTheOneBeforeIsUnderWay()
    {
        var schedule = Create("rate(1 minute)", options: new ScheduleOptions { Overlap = OverlapPolicy.Skip });
        var first = Take(schedule, Start);
        var busy = ScheduleTurn.Take(
            first.Next, Times("rate(1 minute)"), Start.AddMinutes(1), id => id == "id-1", () => "id-2");
        busy.Fired.ShouldBeEmpty();
        busy.Missed.Select(row => row.Reason).ShouldBe([MissReason.Overlap]);
        Take(busy.Next, Start.AddMinutes(2)).Fired.Count.ShouldBe(1);
    }

    [Fact]
    public void Overlap_waits_andFiresOneAfterTheOther_inOrder()
    {
        var schedule = Create("rate(1 minute)", options: new ScheduleOptions { Overlap = OverlapPolicy.Queue });
        var first = Take(schedule, Start);
        var second = Busy(first.Next, Start.AddMinutes(1));
        var third = Busy(second.Next, Start.AddMinutes(2));
        second.Fired.ShouldBeEmpty();
        third.Missed.ShouldBeEmpty();
        third.Next.Waiting.ShouldBe([Start.AddMinutes(1), Start.AddMinutes(2)]);
        third.Next.FiredCount.ShouldBe(1);

        // It is looked at when the one before has ended, and only then.
        ScheduleTurn.AfterEnd(third.Next, "another", Start.AddMinutes(2)).ShouldBeNull();
        var due = ScheduleTurn.AfterEnd(third.Next, "id-1", Start.AddSeconds(130)).ShouldNotBeNull();
        due.DueAt.ShouldBe(Start.AddSeconds(130));
        var turn = Take(due, Start.AddSeconds(130));
        turn.Fired.ShouldHaveSingleItem().ScheduledAt.ShouldBe(Start.AddMinutes(1));
        turn.Next.Waiting.ShouldBe([Start.AddMinutes(2)]);
        Take(turn.Next, Start.AddSeconds(140)).Fired.ShouldHaveSingleItem().ScheduledAt.ShouldBe(Start.AddMinutes(2));
    }

    [Fact]
    public void Overlap_waits_upToTheLimit_andIsListedAbove()
    {
        var schedule = Create("rate(1 minute)", options: new ScheduleOptions { Overlap = OverlapPolicy.Queue });
        var turn = Take(schedule, Start);
        long missed = 0;
        for (var minute = 1; minute <= Limits.ScheduleWaitingMax + 3; minute++)
        {
            turn = Busy(turn.Next, Start.AddMinutes(minute));
            missed += turn.Missed.Count(row => row.Reason == MissReason.Overlap);
        }

        turn.Next.Waiting.Length.ShouldBe(Limits.ScheduleWaitingMax);
        missed.ShouldBe(3);
        turn.Next.MissedCount.ShouldBe(3);
    }

    [Fact]
    public void Overlap_thatWaits_countsToTheRuns_andKeepsTheScheduleFromBeingOver()
    {
        var schedule = Create(
            "rate(1 minute)", options: new ScheduleOptions { Overlap = OverlapPolicy.Queue, RunsMax = 2 });
        var turn = Busy(Take(schedule, Start).Next, Start.AddMinutes(1));
        turn.Next.NextAt.ShouldBeNull();
        turn.Next.IsOver.ShouldBeFalse();
        turn = Take(turn.Next, Start.AddMinutes(2));
        turn.Fired.ShouldHaveSingleItem();
        turn.Next.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void Overlap_thatWaits_stays_whenTheScheduleIsPaused_andIsDueAtOnce_whenItIsNot()
    {
        var schedule = Create("rate(1 minute)", options: new ScheduleOptions { Overlap = OverlapPolicy.Queue });
        var waiting = Busy(Take(schedule, Start).Next, Start.AddMinutes(1)).Next;
        var times = Times("rate(1 minute)");
        var paused = ScheduleChange.Update(
            waiting, waiting.Settings with { IsEnabled = false }, waiting.Options, times, Start.AddSeconds(70));
        paused.DueAt.ShouldBeNull();
        paused.Waiting.Length.ShouldBe(1);
        ScheduleTurn.AfterEnd(paused, "id-1", Start.AddSeconds(80)).ShouldBeNull();
        var resumed = ScheduleChange.Update(
            paused, paused.Settings with { IsEnabled = true }, paused.Options, times, Start.AddSeconds(90));
        resumed.DueAt.ShouldBe(Start.AddSeconds(90));
        Take(resumed, Start.AddSeconds(90)).Fired.ShouldHaveSingleItem().ScheduledAt.ShouldBe(Start.AddMinutes(1));
    }

    [Fact]
    public void Refused_handOver_isTriedAgainLater_andThenMissed()
    {
        var settings = Settings("rate(1 day)");
        settings = settings with { Target = settings.Target with { RetriesMax = 2 } };
        var schedule = ScheduleChange.Create(
            Id, "i", settings, new ScheduleOptions(), Times("rate(1 day)"), Start);
        var now = Start;
        List<int> attempts = [];
        MissedOccurrences? missed = null;
        while (missed is null)
        {
            var turn = Take(schedule, now);
            var occurrence = turn.Fired.ShouldHaveSingleItem();
            attempts.Add(occurrence.Attempt);
            occurrence.Id.ShouldBe("id-1");
            (schedule, missed) = ScheduleTurn.Refuse(turn.Next, occurrence, isFinal: false, "gone", now);
            now = schedule.DueAt!.Value;
        }

        attempts.ShouldBe([1, 2, 3]);
        missed.ShouldBe(new MissedOccurrences(Start, Start, 1, MissReason.Refused, "gone"));
        schedule.FiredCount.ShouldBe(1);
        schedule.Held.ShouldBeEmpty();
        now.ShouldBe(Start.AddDays(1));
    }

    [Fact]
    public void Refused_handOver_thatIsFinalOrTooOldOrOneOfTooMany_isGivenUpAtOnce()
    {
        var schedule = Take(Create("rate(1 day)"), Start).Next;
        var occurrence = new Occurrence("o", Start, 1, Start);
        ScheduleTurn.Refuse(schedule, occurrence, isFinal: true, "x", Start).Missed.ShouldNotBeNull();
        ScheduleTurn.Refuse(schedule, occurrence, isFinal: false, "x", Start.AddDays(1)).Missed.ShouldNotBeNull();
        for (var held = 0; held < Limits.ScheduleHeldMax; held++)
        {
            (schedule, var missed) = ScheduleTurn.Refuse(schedule, occurrence, isFinal: false, "x", Start);
            missed.ShouldBeNull();
        }

        ScheduleTurn.Refuse(schedule, occurrence, isFinal: false, "x", Start).Missed.ShouldNotBeNull();
    }

    [Fact]
    public void Window_picksTheSameMomentEachTime_spreadOverTheWindow()
    {
        var schedule = Create("rate(1 hour)", window: 15);
        var offsets = Enumerable.Range(0, 500).Select(hour =>
        {
            var at = Start.AddHours(hour);
            ScheduleTimes.DueAt(schedule, at).ShouldBe(ScheduleTimes.DueAt(schedule, at));
            return (ScheduleTimes.DueAt(schedule, at) - at).TotalMinutes;
        }).ToList();
        offsets.ShouldAllBe(minutes => minutes >= 0 && minutes < 15);
        offsets.Min().ShouldBeLessThan(1);
        offsets.Max().ShouldBeGreaterThan(14);
        offsets.Average().ShouldBeInRange(6.5, 8.5);
    }

    [Fact]
    public void Dates_boundARecurringSchedule_andAreTheAnchorOfARate()
    {
        var settings = Settings("rate(1 hour)") with
        {
            StartAt = Start.AddMinutes(7), EndAt = Start.AddMinutes(7).AddHours(2),
        };
        var schedule = ScheduleChange.Create(
            Id, "i", settings, new ScheduleOptions(), Times("rate(1 hour)"), Start);
        Times("rate(1 hour)").From(schedule, 10).ShouldBe(
            [Start.AddMinutes(7), Start.AddMinutes(67), Start.AddMinutes(127)]);
    }

    [Fact]
    public void Disabled_schedule_isNeverDue_andWhatPassedIsNotMissed()
    {
        var schedule = Create("cron(0/5 * * * ? *)");
        var times = Times("cron(0/5 * * * ? *)");
        var off = ScheduleChange.Update(
            schedule, schedule.Settings with { IsEnabled = false }, schedule.Options, times, Start.AddSeconds(1));
        off.DueAt.ShouldBeNull();
        var on = ScheduleChange.Update(off, schedule.Settings, schedule.Options, times, Start.AddMinutes(62));
        on.NextAt.ShouldBe(Start.AddMinutes(65));
        on.MissedCount.ShouldBe(0);
    }

    [Fact]
    public void Update_ofOtherMembers_keepsTheNextTime_andNeverRepeatsOne()
    {
        var schedule = Take(Create("cron(0/5 * * * ? *)"), Start).Next;
        var times = Times("cron(0/5 * * * ? *)");
        var described = ScheduleChange.Update(
            schedule, schedule.Settings with { Description = "x" }, schedule.Options, times, Start);
        described.NextAt.ShouldBe(Start.AddMinutes(5));

        // Written anew at the very moment it fired at, by a clock that was put back.
        var moved = ScheduleChange.Update(
            schedule, schedule.Settings with { Expression = "cron(0 8 * * ? *)" }, schedule.Options,
            Times("cron(0 8 * * ? *)"), Start.AddSeconds(-1));
        moved.NextAt.ShouldBe(Start.AddDays(1));
    }

    private static ScheduleId Id { get; } = new(AccountId.Root, "default", "s");

    private static ScheduleSettings Settings(string expression) => new()
    {
        Expression = expression,
        Target = new ScheduleTarget { Arn = "arn:aws:lambda:us-east-1:000000000000:function:f", RoleArn = "r" },
    };

    private static ScheduleTimes Times(string expression) =>
        new(ScheduleExpression.Parse(expression).Value, TimeZoneInfo.Utc);

    private static Schedule Create(string expression, int? window = null, ScheduleOptions? options = null) =>
        ScheduleChange.Create(
            Id, "incarnation", Settings(expression) with { WindowMinutes = window }, options ?? new ScheduleOptions(),
            Times(expression), Start);

    /// <summary>While what was handed over last is still being worked on.</summary>
    private static ScheduleTurn Busy(Schedule schedule, DateTimeOffset now) => ScheduleTurn.Take(
        schedule, Times(schedule.Settings.Expression), now, id => id == schedule.LastDeliveryId, () => "unused");

    private ScheduleTurn Take(Schedule schedule, DateTimeOffset now) => ScheduleTurn.Take(
        schedule, Times(schedule.Settings.Expression), now, _ => false, () => $"id-{++ids}");
}

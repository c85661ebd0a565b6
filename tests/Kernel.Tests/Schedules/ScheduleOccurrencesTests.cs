using Lambent.Kernel.Access;
using Lambent.Kernel.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Schedules;

public sealed class ScheduleOccurrencesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_occurrence_hasOneFate_andWhatFiredIsWhatIsLeft()
    {
        var schedule = Create("rate(1 minute)");
        List<MissedOccurrences> missed = [];

        // On time for three minutes, then no server for four, then on time again.
        foreach (var minute in (int[])[0, 1, 2, 7])
        {
            var turn = Take(schedule, Start.AddMinutes(minute));
            missed.AddRange(turn.Missed);
            schedule = turn.Next;
        }

        var found = Between(schedule, missed, Start.AddHours(-1), Start.AddMinutes(10));

        found.Select(one => $"{(one.At - Start).TotalMinutes} {one.State}").ShouldBe(
        [
            "0 Fired", "1 Fired", "2 Fired", "3 Missed", "4 Missed", "5 Missed", "6 Fired", "7 Fired", "8 Coming",
            "9 Coming",
        ]);
        found.Sum(one => one.State == OccurrenceState.Fired ? one.Count : 0).ShouldBe(schedule.FiredCount);
        found.Sum(one => one.State == OccurrenceState.Missed ? one.Count : 0).ShouldBe(schedule.MissedCount);
        Between(schedule, missed, Start.AddMinutes(1), Start.AddMinutes(4)).Count.ShouldBe(3);
        Between(schedule, missed, Start.AddHours(1), Start.AddHours(2)).Count.ShouldBe(60);
    }

    [Fact]
    public void Changed_schedule_showsWhatItFiredSince_andItsLastBefore()
    {
        var schedule = Take(Create("rate(1 minute)"), Start).Next;
        schedule = ScheduleChange.Update(
            schedule, Settings("rate(10 minutes)"), new ScheduleOptions(), Times("rate(10 minutes)"),
            Start.AddMinutes(5));

        Between(schedule, [], Start, Start.AddMinutes(20)).Select(one => $"{(one.At - Start).TotalMinutes} {one.State}")
            .ShouldBe(["0 Fired", "15 Coming"]);
    }

    [Fact]
    public void Schedule_thatIsOff_hasNothingToCome_andRunsAreCounted()
    {
        var off = ScheduleChange.Update(
            Create("rate(1 minute)"), Settings("rate(1 minute)") with { IsEnabled = false }, new ScheduleOptions(),
            Times("rate(1 minute)"), Start);
        Between(off, [], Start, Start.AddHours(1)).ShouldBeEmpty();

        var three = Create("rate(1 minute)", new ScheduleOptions { RunsMax = 3 });
        Between(three, [], Start, Start.AddHours(1)).Count.ShouldBe(3);
        Between(three, [], Start.AddMinutes(2), Start.AddHours(1)).Count.ShouldBe(1);
    }

    private static IReadOnlyList<DatedOccurrence> Between(
        Schedule schedule, IReadOnlyList<MissedOccurrences> missed, DateTimeOffset from, DateTimeOffset to) =>
        ScheduleOccurrences.Between(schedule, Times(schedule.Settings.Expression), missed, from, to, 1_000);

    private static ScheduleTurn Take(Schedule schedule, DateTimeOffset now) => ScheduleTurn.Take(
        schedule, Times(schedule.Settings.Expression), now, _ => false, () => "id");

    private static Schedule Create(string expression, ScheduleOptions? options = null) => ScheduleChange.Create(
        new ScheduleId(AccountId.Root, "default", "one"), "incarnation", Settings(expression),
        options ?? new ScheduleOptions(), Times(expression), Start);

    private static ScheduleSettings Settings(string expression) => new()
    {
        Expression = expression, Target = new ScheduleTarget { Arn = "arn", RoleArn = "role" },
    };

    private static ScheduleTimes Times(string expression) =>
        new(ScheduleExpression.Parse(expression).Value, TimeZoneInfo.Utc);
}

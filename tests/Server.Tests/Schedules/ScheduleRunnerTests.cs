using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Schedules;
using Lambent.Server.Schedules;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Schedules;

public sealed class ScheduleRunnerTests : IAsyncLifetime
{
    private const string Missing = "arn:aws:lambda:us-east-1:000000000000:function:missing";
    private ScheduleFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await ScheduleFixture.CreateAsync();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Due_schedule_sendsItsInput_withTheContextFilledIn()
    {
        var queue = await fixture.QueueAsync("q");
        var settings = ScheduleFixture.Settings(
            "rate(5 minutes)", queue,
            "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.execution-id> "
            + "<aws.scheduler.attempt-number> <aws.scheduler.unknown>");
        (await fixture.CreateAsync("s", settings)).IsSuccess.ShouldBeTrue();
        (await ScheduleFixture.DrainAsync(fixture.Runner())).ShouldBe(1);
        var message = fixture.Messages("q").ShouldHaveSingleItem();
        message.Body.ShouldBe(
            $"arn:aws:scheduler:us-east-1:000000000000:schedule/default/s 2026-11-21T08:00:00Z {message.Id} 1 "
            + "<aws.scheduler.unknown>");
    }

    [Fact]
    public async Task Schedule_withoutInput_sendsTheEventOfAws()
    {
        var queue = await fixture.QueueAsync("q");
        await fixture.CreateAsync("s", ScheduleFixture.Settings("rate(5 minutes)", queue, input: null));
        await ScheduleFixture.DrainAsync(fixture.Runner());
        using var body = JsonDocument.Parse(fixture.Messages("q")[0].Body);
        body.RootElement.GetProperty("detail-type").GetString().ShouldBe("Scheduled Event");
        body.RootElement.GetProperty("source").GetString().ShouldBe("aws.scheduler");
        body.RootElement.GetProperty("time").GetString().ShouldBe("2026-11-21T08:00:00Z");
        body.RootElement.GetProperty("resources")[0].GetString()
            .ShouldBe("arn:aws:scheduler:us-east-1:000000000000:schedule/default/s");
    }

    [Fact]
    public async Task Occurrences_that_wait_for_one_that_is_held_are_looked_at_when_that_one_is_due()
    {
        (await fixture.CreateAsync(
            "s",
            ScheduleFixture.Settings("rate(1 minute)", Missing, "{}"),
            new ScheduleOptions { Overlap = OverlapPolicy.Queue })).IsSuccess.ShouldBeTrue();
        var runner = fixture.Runner();
        await ScheduleFixture.DrainAsync(runner);
        fixture.Time.Advance(TimeSpan.FromMinutes(3));
        await ScheduleFixture.DrainAsync(runner);

        fixture.Schedule("s").Waiting.Length.ShouldBe(3);
        fixture.Schedule("s").DueAt!.Value.ShouldBeGreaterThan(fixture.Time.GetUtcNow());
        (await runner.TakeDueAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Overlap_queue_runsOneAtATime_inOrder_andOutlivesARestart()
    {
        await fixture.FunctionAsync("slow");
        const string Arn = "arn:aws:lambda:us-east-1:000000000000:function:slow";
        (await fixture.CreateAsync(
            "s",
            ScheduleFixture.Settings("rate(1 minute)", Arn, "\"<aws.scheduler.scheduled-time>\""),
            new ScheduleOptions { Overlap = OverlapPolicy.Queue })).IsSuccess.ShouldBeTrue();
        var runner = fixture.Runner();
        for (var minute = 0; minute < 4; minute++)
        {
            await ScheduleFixture.DrainAsync(runner);
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
        }

        fixture.Events().ShouldBe(["\"2026-11-21T08:00:00Z\""]);
        fixture.Schedule("s").Waiting.Length.ShouldBe(3);
        fixture.Restart();
        runner = fixture.Runner();
        List<string> ran = [];
        for (var run = 0; run < 4; run++)
        {
            await ScheduleFixture.DrainAsync(runner);
            var waiting = fixture.Schedule("s").Waiting.Length;
            ran.AddRange(fixture.Events().ShouldHaveSingleItem());
            await fixture.EndEventAsync();

            // As soon as it has ended, whatever the time is.
            await ScheduleFixture.WhenAsync(() => waiting == 0
                || fixture.Schedule("s").DueAt <= fixture.Time.GetUtcNow());
        }

        ran.ShouldBe(Enumerable.Range(0, 4).Select(minute => $"\"2026-11-21T08:0{minute}:00Z\""));
        fixture.Schedule("s").MissedCount.ShouldBe(0);
    }

    [Fact]
    public async Task Fifo_queue_getsTheMessageGroup()
    {
        var queue = await fixture.QueueAsync("q.fifo");
        var settings = ScheduleFixture.Settings("rate(5 minutes)", queue);
        (await fixture.CreateAsync("s", settings)).Error!.Message.ShouldContain("MessageGroupId");
        settings = settings with { Target = settings.Target with { MessageGroupId = "g" } };
        await fixture.CreateAsync("s", settings);
        await ScheduleFixture.DrainAsync(fixture.Runner());
        fixture.Messages("q.fifo").ShouldHaveSingleItem().GroupId.ShouldBe("g");
    }

    [Fact]
    public async Task Loop_wakesWhenTheNextIsDue_andWhenAScheduleIsMade()
    {
        var queue = await fixture.QueueAsync("q");
        var runner = fixture.Runner();
        runner.Start();
        var at = fixture.Time.GetUtcNow().AddSeconds(30);
        await fixture.Service(runner).CreateAsync(
            ScheduleFixture.Id("s"), ScheduleFixture.Settings($"at({at:yyyy-MM-ddTHH:mm:ss})", queue),
            new ScheduleOptions(), ScheduleRequest.WithoutToken, CancellationToken.None);
        await UntilAsync(() => fixture.Time.HasTimerAt(at));
        fixture.Messages("q").ShouldBeEmpty();
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(() => fixture.Messages("q").Count == 1);
    }

    [Theory]
    [InlineData(MisfirePolicy.FireLast, 1, 10)]
    [InlineData(MisfirePolicy.FireAll, 11, 0)]
    [InlineData(MisfirePolicy.Skip, 1, 10)]
    public async Task Restart_afterTimesWentBy_followsThePolicy(MisfirePolicy misfire, int fired, int missed)
    {
        var queue = await fixture.QueueAsync("q");
        await fixture.CreateAsync(
            "s", ScheduleFixture.Settings("rate(1 minute)", queue), new ScheduleOptions { Misfire = misfire });

        // From 08:00 to 08:10, of which the last is due for half a minute only, and so on time.
        fixture.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(30));
        fixture.Restart();
        await ScheduleFixture.DrainAsync(fixture.Runner());
        var schedule = fixture.Service().Find(ScheduleFixture.Id("s"))!;
        (fixture.Messages("q").Count, schedule.MissedCount).ShouldBe((fired, missed));
        fixture.Service().Missed(ScheduleFixture.Id("s"), 100).Sum(row => row.Count).ShouldBe(schedule.MissedCount);
    }

    [Fact]
    public async Task Two_servers_onOneStore_fireEachTimeOnce()
    {
        var queue = await fixture.QueueAsync("q");
        for (var index = 0; index < 20; index++)
        {
            await fixture.CreateAsync(
                $"s{index}",
                ScheduleFixture.Settings(
                    "rate(1 minute)", queue, "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time>"));
        }

        var (one, other) = (fixture.Runner(), fixture.Runner());
        for (var minute = 0; minute < 100; minute++)
        {
            await Task.WhenAll(
                Task.Run(() => ScheduleFixture.DrainAsync(one)), Task.Run(() => ScheduleFixture.DrainAsync(other)));
            fixture.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var bodies = fixture.Messages("q").Select(message => message.Body).ToList();
        bodies.Count.ShouldBe(2_000);
        bodies.Distinct().Count().ShouldBe(2_000);
    }

    [Fact]
    public async Task Failed_commit_leavesTheOccurrenceToCome_andHandsNothingOver()
    {
        var queue = await fixture.QueueAsync("q");
        await fixture.CreateAsync("s", ScheduleFixture.Settings("rate(1 minute)", queue));

        // What the loop writes is one transaction; broken off in it, nothing of it is there after the restart.
        await Should.ThrowAsync<InvalidOperationException>(() => fixture.Store.WriteAsync<Done>(transaction =>
        {
            var schedule = transaction.Schedules.Due(fixture.Time.GetUtcNow(), 1).Single();
            transaction.Schedules.Put(schedule with { NextAt = null, DueAt = null, FiredCount = 1 });
            throw new InvalidOperationException("crash");
        }));
        fixture.Restart();
        fixture.Service().Find(ScheduleFixture.Id("s"))!.FiredCount.ShouldBe(0);
        (await ScheduleFixture.DrainAsync(fixture.Runner())).ShouldBe(1);
        fixture.Messages("q").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ten_thousand_dueInOneSecond_areTakenInBatches()
    {
        var queue = await fixture.QueueAsync("q");
        var settings = ScheduleFixture.Settings("at(2026-11-21T08:00:10)", queue, "<aws.scheduler.schedule-arn>");
        var times = new ScheduleTimes(ScheduleExpression.Parse(settings.Expression).Value, TimeZoneInfo.Utc);
        var now = fixture.Time.GetUtcNow();
        await fixture.Store.WriteAsync<Done>(transaction =>
        {
            for (var index = 0; index < 10_000; index++)
            {
                transaction.Schedules.Put(ScheduleChange.Create(
                    ScheduleFixture.Id($"s{index}"), $"i{index}", settings, new ScheduleOptions(), times, now));
            }

            return Done.Value;
        });
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        var runner = fixture.Runner();
        (await runner.TakeDueAsync(CancellationToken.None)).ShouldBe(250);
        (await ScheduleFixture.DrainAsync(runner)).ShouldBe(9_750);
        fixture.Messages("q").Select(message => message.Body).Distinct().Count().ShouldBe(10_000);
    }

    [Fact]
    public async Task Missing_target_isTriedAgain_andEndsAsADeadLetterThatIsListed()
    {
        await fixture.QueueAsync("dead");
        var settings = ScheduleFixture.Settings(
            "at(2026-11-21T08:00:10)", Missing, """{"n":<aws.scheduler.attempt-number>}""");
        settings = settings with
        {
            Target = settings.Target with
            {
                RetriesMax = 2, DeadLetterArn = "arn:aws:sqs:us-east-1:000000000000:dead",
            },
        };
        await fixture.CreateAsync("s", settings);
        var runner = fixture.Runner();
        var attempts = 0;
        for (var second = 0; second < 60; second++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            attempts += await ScheduleFixture.DrainAsync(runner);
        }

        attempts.ShouldBe(3);
        var letter = fixture.Messages("dead").ShouldHaveSingleItem();
        letter.Body.ShouldBe("""{"n":3}""");
        letter.Attributes["ERROR_CODE"].Text.ShouldBe("FunctionNotFound");
        letter.Attributes["RETRY_ATTEMPTS"].Text.ShouldBe("2");
        letter.Attributes["TARGET_ARN"].Text.ShouldBe(Missing);
        var missed = fixture.Service().Missed(ScheduleFixture.Id("s"), 10).ShouldHaveSingleItem();
        missed.Reason.ShouldBe(MissReason.Refused);
        missed.Detail.ShouldBe("Function not found: missing");
        fixture.Service().Find(ScheduleFixture.Id("s"))!.IsOver.ShouldBeTrue();
    }

    [Fact]
    public async Task Target_thatComesBack_getsWhatWasHeld()
    {
        var settings = ScheduleFixture.Settings(
            "at(2026-11-21T08:00:10)", "arn:aws:sqs:us-east-1:000000000000:later");
        await fixture.CreateAsync("s", settings with { DeletesWhenOver = true });
        var runner = fixture.Runner();
        fixture.Time.Advance(TimeSpan.FromSeconds(11));
        (await ScheduleFixture.DrainAsync(runner)).ShouldBe(1);
        await fixture.QueueAsync("later");
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        await ScheduleFixture.DrainAsync(runner);
        fixture.Messages("later").Count.ShouldBe(1);

        // After the last occurrence was handed over, and not before, the schedule is gone.
        fixture.Service().Find(ScheduleFixture.Id("s")).ShouldBeNull();
    }

    [Fact]
    public async Task Run_firesNow_andIsNotCountedToTheTimes()
    {
        var queue = await fixture.QueueAsync("q");
        await fixture.CreateAsync(
            "s", ScheduleFixture.Settings("at(2030-01-01T00:00:00)", queue), new ScheduleOptions { RunsMax = 1 });
        var ran = await fixture.Service().RunAsync(ScheduleFixture.Id("s"), CancellationToken.None);
        fixture.Messages("q").ShouldHaveSingleItem().Id.ShouldBe(ran.Value);
        var schedule = fixture.Service().Find(ScheduleFixture.Id("s"))!;
        (schedule.FiredCount, schedule.NextAt).ShouldBe(
            (0, new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Group_deletedHalfWay_isDeletedByTheNextStart()
    {
        var queue = await fixture.QueueAsync("q");
        var id = new ScheduleGroupId(ScheduleFixture.Id("s").Account, "g");
        var groups = fixture.Groups();
        await groups.CreateAsync(
            id, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
            ScheduleRequest.WithoutToken, CancellationToken.None);
        var schedule = ScheduleFixture.Id("s") with { Group = "g" };
        await fixture.Service().CreateAsync(
            schedule, ScheduleFixture.Settings("rate(1 day)", queue), new ScheduleOptions(),
            ScheduleRequest.WithoutToken, CancellationToken.None);
        var group = groups.Get(id).Value;
        await fixture.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Schedules.PutGroup(group with { IsDeleting = true });
            return Done.Value;
        });
        fixture.Restart();
        (await fixture.Service().EnableAsync(schedule, isEnabled: false, CancellationToken.None))
            .Error!.Code.ShouldBe(ErrorCode.ResourceConflict);
        await fixture.Groups().ResumeDeletionsAsync();
        fixture.Groups().Get(id).Error!.Code.ShouldBe(ErrorCode.ScheduleNotFound);
        fixture.Service().Find(schedule).ShouldBeNull();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}

using Lambent.Kernel.Events;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events;

public sealed class EventDeliveryTests
{
    private static readonly DateTimeOffset AcceptedAt = EventSamples.AcceptedAt;
    private static readonly AttemptReport Failed = new(AttemptResult.Failed) { Error = "Error: no" };

    [Theory]
    [InlineData(AttemptResult.Succeeded, 0, EventEnd.Succeeded)]
    [InlineData(AttemptResult.Succeeded, 2, EventEnd.Succeeded)]
    [InlineData(AttemptResult.Gone, 0, EventEnd.TargetGone)]
    [InlineData(AttemptResult.Disabled, 2, EventEnd.Disabled)]
    [InlineData(AttemptResult.Failed, 0, null)]
    [InlineData(AttemptResult.Failed, 1, null)]
    [InlineData(AttemptResult.Failed, 2, EventEnd.RetriesExhausted)]
    public void Attempt_with_a_result_is_decided(AttemptResult result, int attemptsBefore, EventEnd? expected) =>
        Decide(EventSamples.Event(attempts: attemptsBefore), new AttemptReport(result)).End.ShouldBe(expected);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Failed_attempt_is_retried_after_one_and_two_minutes(int attemptsBefore, int minutes)
    {
        var attempted = EventSamples.Event(attempts: attemptsBefore);

        var next = Decide(attempted, Failed, afterSeconds: 7).Next;

        next.ShouldBe(attempted with
        {
            Attempts = attemptsBefore + 1,
            LastError = "Error: no",
            DueAt = AcceptedAt.AddSeconds(7).AddMinutes(minutes),
        });
    }

    [Fact]
    public void Exhausted_event_tells_how_many_attempts_were_made() =>
        Decide(EventSamples.Event(attempts: 2), Failed).Next.Attempts.ShouldBe(3);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(185, 185)]
    public void Retries_are_as_many_as_the_settings_say(int retries, int attemptsBefore)
    {
        var settings = DeliverySettings.Default with { RetriesMax = retries, RetryDelay = TimeSpan.FromSeconds(1) };

        Decide(EventSamples.Event(attempts: attemptsBefore), Failed, settings: settings).End
            .ShouldBe(EventEnd.RetriesExhausted);
        if (attemptsBefore > 0)
        {
            Decide(EventSamples.Event(attempts: attemptsBefore - 1), Failed, settings: settings).End.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(100, 3_600)]
    public void Pauses_double_with_jitter_of_half_where_a_first_one_is_set(int attempt, double seconds)
    {
        var settings = DeliverySettings.Default with
        {
            RetriesMax = 185,
            AgeMax = TimeSpan.FromDays(1),
            RetryDelay = TimeSpan.FromSeconds(2),
        };

        Pause(0).ShouldBe(seconds / 2, 0.001);
        Pause(Math.BitDecrement(1.0)).ShouldBe(seconds, 0.001);

        double Pause(double chance) =>
            (Decide(EventSamples.Event(attempts: attempt - 1), Failed, 0, settings, chance).Next.DueAt - AcceptedAt)
            .TotalSeconds;
    }

    [Fact]
    public void Pause_that_the_target_asks_for_holds_up_to_an_hour()
    {
        Pause(TimeSpan.FromSeconds(90)).ShouldBe(TimeSpan.FromSeconds(90));
        Pause(TimeSpan.FromDays(1)).ShouldBe(TimeSpan.FromHours(1));

        static TimeSpan Pause(TimeSpan asked) =>
            Decide(EventSamples.Event(), Failed with { RetryAfter = asked }, 0).Next.DueAt - AcceptedAt;
    }

    [Fact]
    public void Event_whose_next_attempt_would_be_too_late_expires()
    {
        var settings = DeliverySettings.Default with { AgeMax = TimeSpan.FromSeconds(60) };

        Decide(EventSamples.Event(), Failed, 0, settings).End.ShouldBe(EventEnd.Expired);
        Decide(EventSamples.Event(), Failed, 0, settings with { AgeMax = TimeSpan.FromSeconds(61) }).End.ShouldBeNull();
    }

    [Fact]
    public void Event_is_too_old_when_its_age_reaches_the_limit()
    {
        var settings = DeliverySettings.Default;
        var end = AcceptedAt + Limits.EventAgeMax;

        EventDelivery.BeforeAttempt(EventSamples.Event(), settings, end).ShouldBe(EventEnd.Expired);
        EventDelivery.BeforeAttempt(EventSamples.Event(), settings, end.AddTicks(-1)).ShouldBeNull();
    }

    [Fact]
    public void Age_counts_from_the_time_that_the_sender_set()
    {
        var delayed = EventSamples.Event() with { FirstDueAt = AcceptedAt.AddDays(3) };

        EventDelivery.BeforeAttempt(delayed, DeliverySettings.Default, AcceptedAt.AddDays(3)).ShouldBeNull();
    }

    [Fact]
    public void Success_counts_however_old_the_event_is() =>
        Decide(EventSamples.Event(), new AttemptReport(AttemptResult.Succeeded), 7 * 3_600).End
            .ShouldBe(EventEnd.Succeeded);

    [Fact]
    public void Cancelled_event_gets_no_further_attempt_and_keeps_a_success()
    {
        var cancelled = EventSamples.Event() with { IsCancelled = true };

        EventDelivery.BeforeAttempt(cancelled, DeliverySettings.Default, AcceptedAt).ShouldBe(EventEnd.Cancelled);
        Decide(cancelled, Failed).End.ShouldBe(EventEnd.Cancelled);
        Decide(cancelled, new AttemptReport(AttemptResult.Succeeded)).End.ShouldBe(EventEnd.Succeeded);
    }

    [Fact]
    public void What_an_event_says_itself_goes_before_its_target()
    {
        var target = DeliverySettings.Default with { RetriesMax = 0, AgeMax = TimeSpan.FromMinutes(1) };

        target.With(EventPolicy.None).ShouldBe(target);
        target.With(new EventPolicy { RetriesMax = 5 }).ShouldBe(target with { RetriesMax = 5 });
        target.With(new EventPolicy { AgeMax = TimeSpan.FromHours(2) })
            .ShouldBe(target with { AgeMax = TimeSpan.FromHours(2) });
    }

    [Fact]
    public void Priority_goes_first_and_ages_away()
    {
        var plain = EventSamples.Event("plain");
        var soon = EventSamples.Event("soon", priority: 1) with { DueAt = AcceptedAt.AddMinutes(9) };
        var late = EventSamples.Event("late", priority: 1) with { DueAt = AcceptedAt.AddMinutes(11) };

        new[] { late, plain, soon }.OrderBy(candidate => candidate.Position).Select(candidate => candidate.Id)
            .ShouldBe(["soon", "plain", "late"]);
    }

    private static DeliveryDecision Decide(
        AsyncEvent attempted,
        AttemptReport report,
        double afterSeconds = 60,
        DeliverySettings? settings = null,
        double chance = 0.5) => EventDelivery.Decide(
            attempted, report, settings ?? DeliverySettings.Default, AcceptedAt.AddSeconds(afterSeconds), chance);
}

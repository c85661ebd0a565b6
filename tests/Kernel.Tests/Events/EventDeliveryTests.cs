using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Events;

public sealed class EventDeliveryTests
{
    private static readonly DateTimeOffset AcceptedAt = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    private static AsyncEvent Accepted(int attempts = 0) => new()
    {
        Id = "0197-one",
        Function = new FunctionId(AccountId.Root, "hello"),
        Payload = "{}"u8.ToArray(),
        AcceptedAt = AcceptedAt,
        DueAt = AcceptedAt,
        Attempts = attempts,
    };

    [Theory]
    [InlineData(AttemptResult.Succeeded, 0, DeliveryDecision.Done)]
    [InlineData(AttemptResult.Succeeded, 2, DeliveryDecision.Done)]
    [InlineData(AttemptResult.FunctionGone, 0, DeliveryDecision.TargetGone)]
    [InlineData(AttemptResult.FunctionGone, 2, DeliveryDecision.TargetGone)]
    [InlineData(AttemptResult.FunctionFailed, 0, DeliveryDecision.Retry)]
    [InlineData(AttemptResult.FunctionFailed, 1, DeliveryDecision.Retry)]
    [InlineData(AttemptResult.FunctionFailed, 2, DeliveryDecision.RetriesExhausted)]
    [InlineData(AttemptResult.Refused, 0, DeliveryDecision.Retry)]
    [InlineData(AttemptResult.Refused, 2, DeliveryDecision.Retry)]
    public void Attempt_with_a_result_is_decided(AttemptResult result, int attemptsBefore, DeliveryDecision expected) =>
        EventDelivery.Decide(Accepted(attemptsBefore), result, AcceptedAt.AddMinutes(1), 0.5)
            .Decision.ShouldBe(expected);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Failed_attempt_is_retried_after_one_and_two_minutes(int attemptsBefore, int minutes)
    {
        var now = AcceptedAt.AddSeconds(7);

        var (_, next) = EventDelivery.Decide(Accepted(attemptsBefore), AttemptResult.FunctionFailed, now, 0.9);

        next.DueAt.ShouldBe(now.AddMinutes(minutes));
        next.Attempts.ShouldBe(attemptsBefore + 1);
        next.ShouldBe(Accepted() with { Attempts = next.Attempts, DueAt = next.DueAt, Payload = next.Payload });
    }

    [Fact]
    public void Exhausted_event_tells_how_many_attempts_were_made() =>
        EventDelivery.Decide(Accepted(2), AttemptResult.FunctionFailed, AcceptedAt.AddMinutes(4), 0)
            .Next.Attempts.ShouldBe(3);

    [Fact]
    public void Refused_attempt_counts_as_none() =>
        EventDelivery.Decide(Accepted(1), AttemptResult.Refused, AcceptedAt.AddMinutes(1), 0.5)
            .Next.Attempts.ShouldBe(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.4, 1)]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(60, 60)]
    [InlineData(300, 300)]
    [InlineData(301, 300)]
    [InlineData(7_200, 300)]
    public void Refused_attempt_waits_as_long_as_the_event_is_old_up_to_five_minutes(
        double ageSeconds, double delaySeconds)
    {
        var now = AcceptedAt.AddSeconds(ageSeconds);

        var shortest = EventDelivery.Decide(Accepted(), AttemptResult.Refused, now, 0).Next.DueAt - now;
        var almostOne = Math.BitDecrement(1.0);
        var longest = EventDelivery.Decide(Accepted(), AttemptResult.Refused, now, almostOne).Next.DueAt - now;

        shortest.ShouldBe(TimeSpan.FromSeconds(delaySeconds / 2));
        longest.ShouldBe(TimeSpan.FromSeconds(delaySeconds), TimeSpan.FromMicroseconds(1));
        longest.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(delaySeconds));
    }

    [Fact]
    public void Refused_attempts_grow_apart_and_end_by_age()
    {
        var current = Accepted();
        var now = AcceptedAt;
        var delays = new List<TimeSpan>();
        DeliveryDecision decision;
        do
        {
            (decision, current) = EventDelivery.Decide(current, AttemptResult.Refused, now, 0.5);
            if (decision == DeliveryDecision.Retry)
            {
                delays.Add(current.DueAt - now);
                now = current.DueAt;
            }
        }
        while (decision == DeliveryDecision.Retry);

        decision.ShouldBe(DeliveryDecision.Expired);
        delays.ShouldBeInOrder();
        delays.Count.ShouldBeLessThan(150);
        delays[^1].ShouldBe(TimeSpan.FromMinutes(5) * 0.75);
    }

    [Theory]
    [InlineData(AttemptResult.FunctionFailed)]
    [InlineData(AttemptResult.Refused)]
    public void Event_of_six_hours_expires_and_a_younger_one_does_not(AttemptResult result)
    {
        var end = AcceptedAt + Limits.EventAgeMax;

        EventDelivery.Decide(Accepted(), result, end, 0.5).Decision.ShouldBe(DeliveryDecision.Expired);
        EventDelivery.Decide(Accepted(), result, end - TimeSpan.FromTicks(1), 0.5)
            .Decision.ShouldBe(DeliveryDecision.Retry);
    }

    [Fact]
    public void Event_that_succeeds_after_six_hours_is_done() =>
        EventDelivery.Decide(Accepted(), AttemptResult.Succeeded, AcceptedAt.AddHours(7), 0.5)
            .Decision.ShouldBe(DeliveryDecision.Done);
}

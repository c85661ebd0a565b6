using Lambent.Kernel.Scaling.Control;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling.Control;

public sealed class ScalingExplanationTests
{
    /// <summary>The example of docs/internals/scaling.md.</summary>
    [Fact]
    public void Queue_that_is_held_by_a_reservation_says_so()
    {
        var before = new QueueScalingState { HasBegun = true, Arrivals = new ArrivalRate { Level = 12.4 } };
        var load = new QueueLoad
        {
            Backlog = 1_430,
            OldestSeconds = 0.3,
            MessagesPerCall = 1,
            CallsInFlight = 7,
            EnvironmentsReady = 7,
            Use = new FunctionUse { ExecutionSeconds = 0.18, TailSeconds = 0.42, StartSeconds = 0.02 },
            Limits = ScalingLimits.Wide with { Reserved = 7 },
        };

        Explain(new QueueStep(before, load)).ShouldBe(
        [
            "Wants 7 calls in flight and 7 environments: work waits, and this many are done with it in time.",
            "1,430 messages wait, the oldest for 300 ms; 12.4 arrive each second; a call takes 180 ms (at most 420 ms "
            + "of late).",
            "Arrivals keep 2.23 calls in flight, the backlog adds 95.33: one for each 15 messages, to be done in 3 s.",
            "Without limits it would be 98 calls: the function's reserved concurrency is 7.",
            "What waits, waits for one of the 7 calls in flight to end, because the function's reserved concurrency is "
            + "7.",
        ]);
    }

    [Fact]
    public void Calls_that_wait_for_a_start_say_so()
    {
        var load = new HttpLoad
        {
            CallsInFlight = 1,
            CallsWaiting = 2,
            EnvironmentsReady = 1,
            EnvironmentsStarting = 2,
            Use = new FunctionUse { ExecutionSeconds = 0.2, TailSeconds = 1.5, StartSeconds = 0.25 },
            Limits = ScalingLimits.Wide,
        };
        var (_, decision) = HttpScaling.Decide(default, load);

        ScalingExplanation.Of(Record(decision) with { Http = new HttpStep(default, load) }).ShouldBe(
        [
            "Wants 3 environments: that many calls are there at a time.",
            "1 call in flight, 2 waiting; 0 arrive each second; a call takes 200 ms (at most 1.5 s of late), a start "
            + "250 ms.",
            "Arrivals keep 0 calls in flight.",
            "What waits, waits for 2 environments to start, which took 250 ms the last time; 1 are there.",
        ]);
    }

    [Theory]
    [InlineData(ScalingReason.Idle)]
    [InlineData(ScalingReason.Holding)]
    [InlineData(ScalingReason.Falling)]
    [InlineData(ScalingReason.GrowingRate)]
    public void Every_reason_has_words(ScalingReason reason)
    {
        var record = Record(new ScalingDecision { Reason = reason }) with { Queue = default(QueueStep) };

        ScalingExplanation.Of(record)[0].ShouldStartWith("Wants 0 calls in flight and 0 environments: ");
        record.Agrees().ShouldBe(reason == ScalingReason.Idle && record.Replay() == record.Decision);
    }

    private static IReadOnlyList<string> Explain(QueueStep step)
    {
        var (_, decision) = QueueScaling.Decide(step.Before, step.Load);
        var record = Record(decision) with { Queue = step };
        record.Agrees().ShouldBeTrue();
        return ScalingExplanation.Of(record);
    }

    private static ScalingRecord Record(ScalingDecision decision) => new()
    {
        Number = 1, At = DateTimeOffset.UnixEpoch, IsChange = true, Decision = decision,
    };
}

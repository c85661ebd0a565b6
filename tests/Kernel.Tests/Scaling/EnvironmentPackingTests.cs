using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class EnvironmentPackingTests
{
    [Theory]
    [InlineData(8, 0, 0.0, 4, false)] // No call has ended: nothing is known.
    [InlineData(8, 0, -1.0, 4, false)]
    [InlineData(8, 0, 2.1, 4, false)] // Long calls get an environment of their own.
    [InlineData(8, 0, 2.0, 4, true)]
    [InlineData(3, 0, 0.5, 4, false)] // A processor is free.
    [InlineData(4, 0, 0.5, 4, true)]
    [InlineData(1, 0, 0.5, 1, false)] // At least two are used, even of one processor.
    [InlineData(2, 0, 0.5, 1, true)]
    [InlineData(2, 0, 0.5, 0, true)]
    [InlineData(0, 0, 0.5, 0, false)]
    [InlineData(4, 9, 2.0, 4, true)] // Ten calls of 2 ms over four environments: 5 ms.
    [InlineData(4, 10, 2.0, 4, false)]
    [InlineData(4, 1_000_000, 0.001, 4, false)]
    public void Call_waits_for_a_busy_environment(
        int busy, int waiters, double milliseconds, int processors, bool waits) =>
        EnvironmentPacking.ShouldWait(Demand(busy, waiters, milliseconds, processors)).ShouldBe(waits);

    [Theory]
    [InlineData(0, 0.0, 4, null)] // Nothing is known.
    [InlineData(0, 2.1, 4, null)]
    [InlineData(0, 2.0, 4, 16)]
    [InlineData(0, 0.1, 1, 8)]
    [InlineData(9, 0.1, 4, 36)] // As many are needed after all.
    public void Backlog_of_short_calls_keeps_few_environments_busy(
        int busy, double milliseconds, int processors, int? expected) =>
        EnvironmentPacking.CallsInFlight(Demand(busy, 0, milliseconds, processors)).ShouldBe(expected);

    [Fact]
    public void Longer_calls_never_wait_where_shorter_ones_do_not()
    {
        for (var waiters = 0; waiters < 40; waiters++)
        {
            var answers = Enumerable.Range(1, 30)
                .Select(step => EnvironmentPacking.ShouldWait(Demand(4, waiters, step * 0.1, 4)))
                .ToList();

            answers.ShouldBe(answers.OrderDescending().ToList(), customMessage: $"with {waiters} calls waiting");
        }
    }

    [Fact]
    public void More_calls_waiting_never_make_a_call_wait()
    {
        for (var step = 1; step <= 20; step++)
        {
            var answers = Enumerable.Range(0, 100)
                .Select(waiters => EnvironmentPacking.ShouldWait(Demand(4, waiters, step * 0.1, 4)))
                .ToList();

            answers.ShouldBe(answers.OrderDescending().ToList(), customMessage: $"with calls of {step * 0.1} ms");
        }
    }

    [Fact]
    public void Environments_on_their_way_do_not_change_the_answer() =>
        EnvironmentPacking.ShouldWait(Demand(4, 0, 1, 4) with { StartingCount = 50 }).ShouldBeTrue();

    private static EnvironmentDemand Demand(int busy, int waiters, double milliseconds, int processors) =>
        new(busy, 0, waiters, TimeSpan.FromMilliseconds(milliseconds), processors);
}

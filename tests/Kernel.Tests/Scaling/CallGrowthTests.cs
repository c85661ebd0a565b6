using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class CallGrowthTests
{
    private static readonly CallPeriod Ended = new(true, IsShort: false, IsBusy: false, IsStarting: false);
    private static readonly CallPeriod NoneEnded = Ended with { HasEnded = false };

    [Fact]
    public void Thousand_long_calls_run_within_half_a_second()
    {
        var growth = CallGrowth.Begin(processorCount: 2);
        growth.CallsInFlightMax.ShouldBe(8);

        var periods = 0;
        for (; growth.CallsInFlightMax < 1_000; periods++)
        {
            growth = growth.After(NoneEnded);
        }

        (periods * CallGrowth.Period).ShouldBeLessThan(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void Short_calls_fall_back_to_few_after_a_stall()
    {
        var growth = CallGrowth.Begin(2);
        for (var period = 0; period < 4; period++)
        {
            growth = growth.After(NoneEnded);
        }

        growth.CallsInFlightMax.ShouldBe(128);
        for (var period = 0; period < 20; period++)
        {
            growth = growth.After(Ended with { IsShort = true });
        }

        growth.CallsInFlightMax.ShouldBe(8);
    }

    [Theory]
    [InlineData(true, false, 8)] // Those that end are as many as the processors can do.
    [InlineData(false, true, 8)] // None can have ended yet.
    [InlineData(false, false, 10)] // They sleep, or wait for something else on this node.
    public void Full_processors_get_hardly_more(bool hasEnded, bool isStarting, int expected) =>
        CallGrowth.Begin(2)
            .After(new CallPeriod(hasEnded, IsShort: false, IsBusy: true, isStarting))
            .CallsInFlightMax.ShouldBe(expected);

    [Fact]
    public void Any_periods_keep_the_number_between_the_first_and_the_most()
    {
        var random = new Random(3);
        for (var round = 0; round < 100; round++)
        {
            var growth = CallGrowth.Begin(random.Next(0, 9));
            var first = growth.CallsInFlightMax;
            for (var period = 0; period < 100; period++)
            {
                growth = growth.After(new CallPeriod(
                    random.Next(4) == 0, random.Next(2) == 0, random.Next(2) == 0, random.Next(2) == 0));
                growth.CallsInFlightMax.ShouldBeInRange(first, 1_000_000);
            }
        }
    }
}

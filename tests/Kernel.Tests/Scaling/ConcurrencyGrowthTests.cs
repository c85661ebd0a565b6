using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class ConcurrencyGrowthTests
{
    [Fact]
    public void First_thousand_calls_may_come_at_once_and_the_next_within_ten_seconds()
    {
        var growth = ConcurrencyGrowth.Initial(0).TryReach(1_000, 0).ShouldNotBeNull();

        growth.TryReach(1_001, 0).ShouldBeNull();
        growth.TryReach(1_100, 0.99).ShouldBeNull();
        growth.TryReach(1_100, 1).ShouldNotBeNull();
        growth.TryReach(2_000, 10).ShouldNotBeNull();
        growth.TryReach(2_001, 1_000).ShouldBeNull("the bucket holds one step only");
    }

    [Fact]
    public void What_was_reached_costs_nothing_again()
    {
        var growth = ConcurrencyGrowth.Initial(0).TryReach(1_000, 0)!.Value.TryReach(1_500, 5)!.Value;

        growth.TryReach(1_500, 5).ShouldNotBeNull();
        growth.TryReach(200, 6)!.Value.TryReach(1_500, 6).ShouldNotBeNull();
        growth.TryReach(1_600, 5.5).ShouldBeNull();
    }

    [Fact]
    public void What_was_not_needed_for_long_is_forgotten()
    {
        var growth = ConcurrencyGrowth.Initial(0)
            .TryReach(1_000, 0)!.Value.TryReach(2_000, 10)!.Value.TryReach(3_000, 20)!.Value;

        growth.TryReach(3_000, 100).ShouldNotBeNull();
        growth.TryReach(3_000, 1_000).ShouldBeNull();
        growth.TryReach(2_000, 1_000).ShouldNotBeNull();
    }

    [Fact]
    public void Clock_that_does_not_move_gives_no_tokens()
    {
        var growth = ConcurrencyGrowth.Initial(5).TryReach(1_000, 5)!.Value;

        for (var call = 0; call < 10; call++)
        {
            growth.TryReach(1_001, 5).ShouldBeNull();
        }
    }
}

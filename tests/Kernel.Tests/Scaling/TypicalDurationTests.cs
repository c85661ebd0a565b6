using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class TypicalDurationTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void First_call_is_typical_until_there_are_more() =>
        default(TypicalDuration).Observe(Long).Value.ShouldBe(Long);

    [Fact]
    public void Short_calls_stay_short_when_every_second_one_was_held_up()
    {
        var typical = default(TypicalDuration);
        for (var call = 0; call < 1000; call++)
        {
            typical = typical.Observe(call % 2 == 0 ? Short : Long);
        }

        typical.Value.ShouldBeLessThan(EnvironmentPacking.ShortCallMax);
    }

    [Fact]
    public void Calls_that_became_long_are_noticed()
    {
        var typical = default(TypicalDuration).Observe(Short);
        for (var call = 0; call < 100; call++)
        {
            typical = typical.Observe(Long);
        }

        typical.Value.ShouldBeGreaterThan(EnvironmentPacking.ShortCallMax);
    }

    [Fact]
    public void A_call_of_no_time_leaves_something_to_compare_with()
    {
        var typical = default(TypicalDuration).Observe(Short);
        for (var call = 0; call < 1000; call++)
        {
            typical = typical.Observe(TimeSpan.Zero);
        }

        typical.Value.ShouldBeGreaterThan(TimeSpan.Zero);
    }
}

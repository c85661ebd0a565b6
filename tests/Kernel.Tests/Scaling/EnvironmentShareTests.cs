using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

/// <summary>Generated loads: an environment with one thread, whose calls compute for a part of their time.</summary>
public sealed class EnvironmentShareTests
{
    private const int Configured = 16;

    [Fact]
    public void New_version_begins_with_what_its_owner_allows() =>
        new EnvironmentShare(Configured).Places.ShouldBe(Configured);

    [Theory]
    [InlineData(0.2, 200)]
    [InlineData(5, 200)]
    [InlineData(2, 50)]
    public void Handler_that_waits_packs_many(double computesMilliseconds, double lastsMilliseconds) =>
        Settle(computesMilliseconds, lastsMilliseconds).Places.ShouldBeGreaterThanOrEqualTo(8);

    [Theory]
    [InlineData(50, 50)]
    [InlineData(900, 1_000)]
    [InlineData(3_000, 3_000)]
    public void Handler_that_computes_gets_an_environment_for_each_call(double computes, double lasts) =>
        Settle(computes, lasts).Places.ShouldBe(1);

    [Fact]
    public void Handler_that_computes_is_spread_on_a_crowded_machine_too() =>
        Settle(50, 50, processorsEach: 0.1).Places.ShouldBe(1);

    [Fact]
    public void Handler_that_computes_is_spread_within_seconds() =>
        Settle(50, 50, windows: 6).Places.ShouldBe(1);

    [Fact]
    public void Handler_shorter_than_a_process_switch_stays_together() =>
        Settle(0.012, 0.05, configured: 64).Places.ShouldBe(64);

    [Fact]
    public void Half_computing_handler_is_between_and_stays_there()
    {
        var share = Settle(20, 100);
        share.Places.ShouldBeInRange(2, 4);
        for (var window = 0; window < 50; window++)
        {
            var next = share.Observe(Window(share.Places, 20 + (window % 3), 100, 1));
            next.Places.ShouldBe(share.Places, $"window {window}");
            share = next;
        }
    }

    [Fact]
    public void Handler_that_stops_computing_is_packed_again()
    {
        var share = Settle(50, 50);
        for (var window = 0; window < 15; window++)
        {
            share = share.Observe(Window(share.Places, 1, 100, 1));
        }

        share.Places.ShouldBe(Configured);
    }

    [Fact]
    public void Little_call_time_changes_nothing()
    {
        var use = Window(1, 50, 50, 1) with { CallTime = TimeSpan.FromMilliseconds(400) };
        new EnvironmentShare(Configured).Observe(use).Places.ShouldBe(Configured);
    }

    [Fact]
    public void Two_cores_hold_twice_the_calls() => Settle(20, 100, cores: 4).Places.ShouldBeGreaterThan(
        Settle(20, 100).Places);

    [Fact]
    public void Memory_near_the_limit_means_fewer_and_later_one_more()
    {
        var use = Window(Configured, 1, 200, 1);
        var share = new EnvironmentShare(Configured).Observe(
            use with { MemoryShare = 0.9, CallsAtMemoryShare = Configured });
        share.Places.ShouldBe(12);
        share = share.Observe(use with { MemoryShare = 0.95, CallsAtMemoryShare = 12 });
        share.Places.ShouldBe(9);
        for (var window = 0; window < 60; window++)
        {
            share = share.Observe(use with { MemoryShare = 0.5, CallsAtMemoryShare = 9 });
        }

        share.Places.ShouldBe(10);
    }

    [Fact]
    public void Owner_who_allows_one_gets_one() => Settle(1, 200, configured: 1).Places.ShouldBe(1);

    private static EnvironmentShare Settle(
        double computes,
        double lasts,
        double processorsEach = 1,
        double cores = 1,
        int configured = Configured,
        int windows = 30)
    {
        var share = new EnvironmentShare(configured);
        for (var window = 0; window < windows; window++)
        {
            share = share.Observe(Window(share.Places, computes, lasts, processorsEach, cores));
        }

        return share;
    }

    /// <summary>One second of an environment that is always full.</summary>
    private static MeasuredUse Window(
        int places, double computes, double lasts, double processorsEach, double cores = 1)
    {
        var wanted = Math.Min(cores, places * computes / lasts);
        var used = Math.Min(wanted, processorsEach * cores);
        return new MeasuredUse(
            CallTime: TimeSpan.FromSeconds(places),
            BusyTime: TimeSpan.FromSeconds(1),
            CallCount: (long)(used * 1_000 / computes),
            ProcessorTime: TimeSpan.FromSeconds(used),
            WaitingTime: TimeSpan.FromSeconds(wanted - used),
            CoresMax: cores);
    }
}

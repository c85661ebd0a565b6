using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class IdleHistoryTests
{
    [Fact]
    public void Add_counts_by_the_minute_and_beyond_four_hours()
    {
        var history = new IdleHistory();
        history.Add(TimeSpan.FromSeconds(-3));
        history.Add(TimeSpan.FromSeconds(59.9));
        history.Add(TimeSpan.FromMinutes(1));
        history.Add(TimeSpan.FromMinutes(239.9));
        history.Add(TimeSpan.FromMinutes(240));
        history.Add(TimeSpan.MaxValue);

        history.CountOf(0).ShouldBe(2);
        history.CountOf(1).ShouldBe(1);
        history.CountOf(239).ShouldBe(1);
        history.CountInRange.ShouldBe(4);
        history.CountLonger.ShouldBe(2);
    }

    [Fact]
    public void Add_full_counter_halves_all_so_that_old_behaviour_fades()
    {
        var history = new IdleHistory();
        for (var index = 0; index < 8; index++)
        {
            history.Add(TimeSpan.FromMinutes(100));
        }

        for (var index = 0; index < 256; index++)
        {
            history.Add(TimeSpan.FromMinutes(5));
        }

        history.CountOf(100).ShouldBe(4);
        history.CountOf(5).ShouldBe(128);
        history.CountInRange.ShouldBe(132);
    }

    [Fact]
    public void Add_ever_more_times_keeps_counts_bounded_and_consistent()
    {
        var random = new Random(5);
        var history = new IdleHistory();
        for (var index = 0; index < 100_000; index++)
        {
            history.Add(TimeSpan.FromMinutes(random.NextDouble() * 300));
        }

        var counts = Enumerable.Range(0, IdleHistory.BinCount).Select(history.CountOf).ToList();
        counts.ShouldAllBe(count => count >= 0 && count <= byte.MaxValue);
        counts.Sum().ShouldBe(history.CountInRange);
        history.CountLonger.ShouldBeInRange(0, ushort.MaxValue);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(200)]
    public void BinAt_holds_at_least_its_share_and_no_bin_before_it_does(int count)
    {
        var random = new Random(count);
        var history = new IdleHistory();
        for (var index = 0; index < count; index++)
        {
            history.Add(TimeSpan.FromMinutes(random.NextDouble() * 240));
        }

        foreach (var share in new[] { 0, 0.05, 0.5, 0.99, 1 })
        {
            var bin = history.BinAt(share);
            var upTo = Enumerable.Range(0, bin + 1).Sum(history.CountOf);
            upTo.ShouldBeGreaterThanOrEqualTo((int)Math.Ceiling(share * history.CountInRange));
            (upTo - history.CountOf(bin)).ShouldBeLessThan(Math.Max(1, (int)Math.Ceiling(share * count)));
        }
    }

    [Fact]
    public void BinAt_nothing_known_is_no_bin() => new IdleHistory().BinAt(0.5).ShouldBe(-1);

    [Fact]
    public void BinCountVariation_is_high_for_alike_times_and_low_for_any()
    {
        var (alike, any) = (new IdleHistory(), new IdleHistory());
        for (var index = 0; index < 240; index++)
        {
            alike.Add(TimeSpan.FromMinutes(15));
            any.Add(TimeSpan.FromMinutes(index));
        }

        alike.BinCountVariation().ShouldBeGreaterThan(10);
        any.BinCountVariation().ShouldBe(0, 1e-9);
        new IdleHistory().BinCountVariation().ShouldBe(0);
    }

    [Fact]
    public void Forecast_follows_regular_times_with_a_small_deviation()
    {
        var history = new IdleHistory();
        for (var index = 0; index < 6; index++)
        {
            history.Add(TimeSpan.FromMinutes(360 + (index % 2)));
        }

        history.ForecastMean.TotalMinutes.ShouldBe(360.5, 0.5);
        history.ForecastDeviation.TotalMinutes.ShouldBeLessThan(1.5);
    }

    [Fact]
    public void ToBytes_of_a_history_reads_back_the_same_and_anything_else_is_none()
    {
        var history = new IdleHistory();
        foreach (var minutes in new[] { 1.5, 15, 15, 239, 500, 700 })
        {
            history.Add(TimeSpan.FromMinutes(minutes));
        }

        var bytes = history.ToBytes();
        var read = IdleHistory.FromBytes(bytes)!;

        read.ToBytes().ShouldBe(bytes);
        read.CountInRange.ShouldBe(4);
        read.CountLonger.ShouldBe(2);
        read.ForecastCount.ShouldBe(6);
        IdleHistory.FromBytes(bytes.AsSpan(1)).ShouldBeNull();
        IdleHistory.FromBytes([]).ShouldBeNull();
        bytes[0]++;
        IdleHistory.FromBytes(bytes).ShouldBeNull();
        bytes[0]--;
        bytes.AsSpan(3, 4).Fill(0xff);
        IdleHistory.FromBytes(bytes).ShouldBeNull("a mean that is not a number");
    }
}

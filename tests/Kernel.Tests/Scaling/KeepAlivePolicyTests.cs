using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class KeepAlivePolicyTests
{
    private const double Megabytes = 170;

    private static readonly KeepAlivePolicy Policy = new(new KeepAliveOptions());

    [Fact]
    public void Decide_nothing_known_keeps_the_fixed_time()
    {
        var expected = KeepAliveDecision.Keep(KeepAliveBasis.Fixed, TimeSpan.FromMinutes(10));
        Policy.Decide(null, Megabytes).ShouldBe(expected);
        Policy.Decide(new IdleHistory(), Megabytes).ShouldBe(expected);
        Policy.Decide(HistoryOf(60), Megabytes).ShouldBe(expected, "one sample is too little");
        Policy.DecideFurther(null, Megabytes).ShouldBe(expected);
    }

    [Fact]
    public void Decide_any_idle_time_alike_keeps_the_fixed_time()
    {
        var history = HistoryOf([.. Enumerable.Range(0, 240).Select(minute => minute + 0.5)]);

        Policy.Decide(history, Megabytes).Basis.ShouldBe(KeepAliveBasis.Fixed);
    }

    [Fact]
    public void Decide_short_regular_idle_times_keeps_a_little_longer()
    {
        var decision = Policy.Decide(HistoryOf([.. Enumerable.Repeat(1.3, 100)]), Megabytes);

        decision.Basis.ShouldBe(KeepAliveBasis.Histogram);
        decision.PreWarmAfter.ShouldBeNull();
        decision.LetGoAfter.ShouldBe(decision.StopAfter);
        decision.StopAfter.TotalMinutes.ShouldBeInRange(1.4, 8);
    }

    [Fact]
    public void Decide_a_timer_stops_at_once_and_starts_ahead()
    {
        var decision = Policy.Decide(HistoryOf(59.9, 59.8, 59.9, 59.9), Megabytes);

        decision.Basis.ShouldBe(KeepAliveBasis.Histogram);
        decision.LetGoAfter.ShouldBe(Policy.Options.SettlingTime);
        decision.PreWarmAfter!.Value.TotalMinutes.ShouldBeInRange(50, 59.5);
        decision.StopAfter.TotalMinutes.ShouldBeInRange(60, 66);
    }

    [Fact]
    public void Decide_idle_times_beyond_the_range_goes_by_the_forecast()
    {
        var decision = Policy.Decide(HistoryOf(720, 721, 719, 720), Megabytes);

        decision.Basis.ShouldBe(KeepAliveBasis.Forecast);
        decision.PreWarmAfter!.Value.TotalMinutes.ShouldBeInRange(600, 715);
        decision.StopAfter.TotalMinutes.ShouldBeInRange(725, 840);
        Policy.Decide(HistoryOf(300, 1500, 260, 3000), Megabytes).Basis.ShouldBe(KeepAliveBasis.Fixed);
    }

    [Fact]
    public void Decide_a_small_function_is_kept_longer_than_a_large_one()
    {
        var history = HistoryOf(3, 3, 3, 3, 30, 3, 3, 30);

        var small = Policy.Decide(history, 128);
        var large = Policy.Decide(history, 4096);
        small.StopAfter.ShouldBeGreaterThan(large.StopAfter);
    }

    [Fact]
    public void DecideFurther_never_starts_ahead()
    {
        var decision = Policy.DecideFurther(HistoryOf(20, 20, 20, 20), Megabytes);

        decision.Basis.ShouldBe(KeepAliveBasis.Histogram);
        decision.PreWarmAfter.ShouldBeNull();
    }

    /// <summary>Properties over many histories: the order of the times, the bounds, the same answer.</summary>
    [Fact]
    public void Decide_any_history_is_ordered_within_its_percentiles_and_repeatable()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var history = RandomHistory(random);
            var megabytes = 64 * Math.Pow(2, random.Next(7));
            var decision = Policy.Decide(history, megabytes);

            decision.ShouldBe(Policy.Decide(IdleHistory.FromBytes(history.ToBytes()), megabytes));
            decision.LetGoAfter.ShouldBeGreaterThan(TimeSpan.Zero);
            decision.LetGoAfter.ShouldBeLessThanOrEqualTo(decision.StopAfter);
            if (decision.PreWarmAfter is { } ahead)
            {
                ahead.ShouldBeGreaterThanOrEqualTo(decision.LetGoAfter + Policy.Options.AbsenceMin);
                ahead.ShouldBeLessThan(decision.StopAfter);
            }

            if (decision.Basis != KeepAliveBasis.Histogram)
            {
                continue;
            }

            var head = IdleHistory.BinWidth * history.BinAt(Policy.Options.HeadShare);
            (decision.PreWarmAfter ?? TimeSpan.Zero).ShouldBeLessThanOrEqualTo(head);
            decision.StopAfter.ShouldBeLessThanOrEqualTo(IdleHistory.Range + Policy.Options.Margin);
        }
    }

    private static IdleHistory RandomHistory(Random random)
    {
        var history = new IdleHistory();
        var (center, width) = (random.NextDouble() * 300, random.NextDouble() * 60);
        for (var count = random.Next(1, 400); count > 0; count--)
        {
            history.Add(TimeSpan.FromMinutes(center + (width * random.NextDouble())));
        }

        return history;
    }

    private static IdleHistory HistoryOf(params double[] minutes)
    {
        var history = new IdleHistory();
        foreach (var one in minutes)
        {
            history.Add(TimeSpan.FromMinutes(one));
        }

        return history;
    }
}

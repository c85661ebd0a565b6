using Lambent.Kernel.Scaling.Control;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling.Control;

public sealed class ArrivalRateTests
{
    [Fact]
    public void Step_is_known_after_two_buckets()
    {
        var rate = Feed(default, seconds: 10, _ => 0);
        rate = Feed(rate, seconds: 1, _ => 100);

        rate.PerSecond().ShouldBe(100, 1e-6);
        rate.Trend.ShouldBe(0);
    }

    [Fact]
    public void Burst_in_one_bucket_leaves_no_trace()
    {
        var before = Feed(default, seconds: 10, _ => 20);
        var burst = before.Observe(2_010, ArrivalRate.BucketSeconds);
        var after = Feed(burst, seconds: 1, _ => 20);

        burst.PerSecond().ShouldBe(before.PerSecond(), 1e-6);
        after.PerSecond().ShouldBe(20, 0.5);
        burst.IsUpToDate.ShouldBeFalse();
        after.IsUpToDate.ShouldBeTrue();
    }

    [Fact]
    public void Ramp_is_foreseen()
    {
        var rate = Feed(default, seconds: 60, at => 100 + (2 * at));

        rate.PerSecond(5).ShouldBe(100 + (2 * 65), 8);
    }

    [Fact]
    public void Chance_hardly_moves_a_steady_rate()
    {
        var random = new Random(5);
        ArrivalRate rate = default;
        List<double> estimates = [];
        for (var bucket = 0; bucket < 400; bucket++)
        {
            rate = rate.Observe(Poisson(random, 50), 0.5);
            estimates.Add(rate.PerSecond());
        }

        estimates.Skip(40).ShouldAllBe(estimate => Math.Abs(estimate - 100) < 15);
        estimates.Skip(40).Average().ShouldBe(100, 2);
    }

    [Fact]
    public void Execution_time_follows_its_calls_and_keeps_its_tail_for_a_while()
    {
        var time = default(ExecutionTime).Observe(1, 100, totalSeconds: 20, longestSeconds: 2);
        var quiet = time.Observe(3_600, 0, 0, 0);
        var faster = quiet.Observe(1, 1_000, totalSeconds: 100, longestSeconds: 0.1);

        (time.MeanSeconds, time.TailSeconds).ShouldBe((0.2, 2));
        quiet.ShouldBe(time);
        faster.MeanSeconds.ShouldBe(0.1, 0.01);
        faster.TailSeconds.ShouldBeInRange(1.8, 2);
        default(ExecutionTime).MeanSeconds.ShouldBe(0);
    }

    private static ArrivalRate Feed(ArrivalRate rate, double seconds, Func<double, double> perSecond)
    {
        for (var at = 0.0; at < seconds; at += 0.25)
        {
            rate = rate.Observe(perSecond(at) * 0.25, 0.25);
        }

        return rate;
    }

    private static int Poisson(Random random, double mean)
    {
        var (count, product) = (0, random.NextDouble());
        for (var limit = Math.Exp(-mean); product > limit; count++)
        {
            product *= random.NextDouble();
        }

        return count;
    }
}

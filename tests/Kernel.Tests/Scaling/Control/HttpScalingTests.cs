using Lambent.Kernel.Scaling.Control;
using Lambent.Load.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling.Control;

public sealed class HttpScalingTests
{
    private static readonly FunctionUse Use = new()
    {
        ExecutionSeconds = 0.2, StartSeconds = 0.25, CallsPerEnvironment = 1,
    };

    [Theory]
    [InlineData(0.1)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(199)]
    [InlineData(201)]
    [InlineData(5_000)]
    public void Places_suffice_but_for_the_accepted_chance(double mean)
    {
        // 1 % of 200 ms against a start of 250 ms: 0.8 %.
        var places = HttpScaling.PlacesFor(mean, Use);

        var deviations = (places - mean) / Math.Sqrt(mean);
        deviations.ShouldBeGreaterThan(2.2);
        (places - mean).ShouldBeLessThan((2.7 * Math.Sqrt(mean)) + 3);
    }

    [Fact]
    public void Places_to_spare_are_fewer_when_starts_are_quick_and_none_for_calls_that_share()
    {
        var slow = HttpScaling.PlacesFor(20, Use);
        var quick = HttpScaling.PlacesFor(20, Use with { StartSeconds = 0.005 });
        var sharing = HttpScaling.PlacesFor(20, Use with { ExecutionSeconds = 0.001 });

        slow.ShouldBeInRange(30, 34);
        quick.ShouldBeInRange(20, 22);
        sharing.ShouldBe(20);
        HttpScaling.PlacesFor(0, Use).ShouldBe(0);
    }

    [Fact]
    public void Burst_is_served_one_environment_each_and_not_doubled()
    {
        var (state, before) = HttpScaling.Decide(default, Load(0, calls: 0));
        var (_, burst) = HttpScaling.Decide(state, Load(1, calls: 0, waiting: 50) with { Arrived = 50 });

        before.Environments.ShouldBe(0);
        burst.Environments.ShouldBe(50);
        burst.Reason.ShouldBe(ScalingReason.CallsInFlight);
    }

    [Fact]
    public void Growth_that_lasts_is_met_ahead()
    {
        var (first, _) = HttpScaling.Decide(default, Load(0, calls: 10));
        var (second, _) = HttpScaling.Decide(first, Load(0.1, calls: 20));
        var (_, third) = HttpScaling.Decide(second, Load(0.2, calls: 30));

        // 100 more a second, and a start takes 0.25 s.
        third.Environments.ShouldBe(55);
        third.Reason.ShouldBe(ScalingReason.GrowingCalls);
    }

    [Fact]
    public void Places_are_added_only_while_calls_find_none()
    {
        (HttpScalingState State, ScalingDecision Decision) of = default;
        for (var second = 0; second < 10; second++)
        {
            of = HttpScaling.Decide(of.State, Load(second, calls: 20) with { Arrived = 100 });
        }

        var (_, missed) = HttpScaling.Decide(of.State, Load(10, calls: 20) with { Arrived = 100, Missed = 1 });

        of.Decision.Environments.ShouldBe(20);
        missed.Environments.ShouldBe(25, "a quarter more, for chance");
    }

    [Fact]
    public void Calls_of_queues_need_none_to_spare()
    {
        (HttpScalingState State, ScalingDecision Decision) of = default;
        for (var second = 0; second < 10; second++)
        {
            of = HttpScaling.Decide(of.State, Load(second, calls: 20) with
            {
                Arrived = 100, Missed = 1, CallsOfQueues = 20,
            });
        }

        of.Decision.Environments.ShouldBe(20);
    }

    [Fact]
    public void Silence_leaves_the_environments_to_keep_alive()
    {
        HttpScalingState state = default;
        for (var second = 0; second < 30; second++)
        {
            (state, var busy) = HttpScaling.Decide(state, Load(second, calls: 2) with { Arrived = 10 });
            busy.Environments.ShouldBeGreaterThanOrEqualTo(2);
        }

        ScalingDecision decision = default;
        for (var second = 30; second < 75; second++)
        {
            (state, decision) = HttpScaling.Decide(state, Load(second, calls: 0));
        }

        decision.Environments.ShouldBe(0);
        decision.Reason.ShouldBe(ScalingReason.Idle);
    }

    /// <summary>The first calls look long, and so do those of a machine that stalls.</summary>
    [Theory]
    [InlineData(12, 8, 15)]
    [InlineData(null, 100, 1_000)]
    public void Calls_that_only_looked_long_are_not_taken_to_be_in_flight(int? most, int lowest, int highest)
    {
        HttpScalingState state = default;
        ScalingDecision decision = default;
        for (var second = 0; second < 10; second++)
        {
            (state, decision) = HttpScaling.Decide(
                state, Load(second, calls: 8) with { Arrived = 3_000, Missed = 1, CallsMost = most });
        }

        decision.Environments.ShouldBeInRange(lowest, highest);
    }

    [Fact]
    public void What_was_needed_a_moment_ago_starts_nothing()
    {
        var (state, burst) = HttpScaling.Decide(default, Load(0, calls: 0, waiting: 400));
        burst.Environments.ShouldBe(400);

        var after = Load(1, calls: 3) with { EnvironmentsReady = 15, EnvironmentsStarting = 1 };
        (state, var decision) = HttpScaling.Decide(state, after);

        decision.Reason.ShouldBe(ScalingReason.Holding);
        decision.Environments.ShouldBe(16);
        HttpScaling.Decide(state, Load(2, calls: 30)).Decision.Environments.ShouldBeGreaterThanOrEqualTo(30);
    }

    /// <summary>0 to 50 at once: p99 is a start, the call and less than 100 ms.</summary>
    [Fact]
    public void Burst_of_fifty_waits_for_one_start_at_most()
    {
        var cluster = new ScaleCluster(
            Nodes: 1, EnvironmentsPerNode: 64, StartsPerNode: 64, StartSeconds: 0.25, CallsPerEnvironment: 1);
        var load = ScaleLoads.HttpBurst;

        var outcome = new ScaleSimulation(cluster, new HttpControllerPolicy()).Run(load, seed: 1);

        outcome.WaitTailSeconds.ShouldBeLessThan(cluster.StartSeconds + 0.1);
        outcome.Messages.ShouldBe(200);
    }

    [Fact]
    public void Random_loads_never_pass_a_limit()
    {
        var random = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            HttpScalingState state = default;
            var limits = ScalingLimits.Wide with
            {
                Account = random.Next(300), NodeEnvironments = random.Next(100), NodeMegabytes = random.Next(20_000),
            };
            for (var step = 0; step < 40; step++)
            {
                (state, var decision) = HttpScaling.Decide(state, new HttpLoad
                {
                    NowSeconds = step * random.NextDouble() * 2,
                    Arrived = random.Next(2_000),
                    CallsInFlight = random.Next(400),
                    CallsWaiting = random.Next(100),
                    CallsOfQueues = random.Next(100),
                    Use = Use with { EnvironmentMegabytes = 128, CallsPerEnvironment = random.Next(20) },
                    Limits = limits,
                });
                decision.Environments.ShouldBeInRange(0, limits.NodeEnvironments);
                (decision.Environments * 128).ShouldBeLessThanOrEqualTo((int)limits.NodeMegabytes);
                decision.Concurrency.ShouldBeInRange(0, limits.Account);
            }
        }
    }

    private static HttpLoad Load(double now, int calls, int waiting = 0) => new()
    {
        NowSeconds = now, CallsInFlight = calls, CallsWaiting = waiting, Use = Use, Limits = ScalingLimits.Wide,
    };
}

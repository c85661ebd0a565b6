using Lambent.Kernel.Scaling.Control;
using Lambent.Load.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling.Control;

public sealed class QueueScalingTests
{
    private static readonly ScaleCluster Large = new(Nodes: 1_000, EnvironmentsPerNode: 100);

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Two_thousand_messages_at_once_get_length_over_target_at_once(double executionSeconds)
    {
        var target = QueueScaling.DrainSecondsDefault / executionSeconds;

        var (_, decision) = QueueScaling.Decide(default, Load(2_000, executionSeconds));

        decision.Concurrency.ShouldBe((int)Math.Ceiling(2_000 / target));
        decision.MessagesPerPlace.ShouldBe(target, 1e-9);
        decision.Reason.ShouldBe(ScalingReason.Backlog);
    }

    [Fact]
    public void Function_of_which_nothing_is_known_begins_with_a_few_environments_for_each_processor()
    {
        var load = Load(2_000, 0);
        load = load with { Limits = load.Limits with { NodeCores = 2 } };

        QueueScaling.Decide(default, load).Decision.Concurrency.ShouldBe(8);
        QueueScaling.Decide(default, load with { Use = load.Use with { CallsPerEnvironment = 16 } })
            .Decision.Concurrency.ShouldBe(128);
    }

    [Theory]
    [InlineData(0, false, 8)]
    [InlineData(20, false, 40)]
    [InlineData(20, true, 25)]
    [InlineData(1_000, false, 667)] // No more than the work asks for.
    public void Environments_become_more_step_by_step_and_slowly_where_processors_are_full(
        int ready, bool isBusy, int expected)
    {
        var load = Load(2_000, 1);
        load = load with
        {
            EnvironmentsReady = ready, Limits = load.Limits with { NodeCores = 2, IsBusy = isBusy },
        };

        QueueScaling.Decide(default, load).Decision.Concurrency.ShouldBe(expected);
    }

    [Fact]
    public void Short_calls_keep_to_the_processors_where_those_are_full()
    {
        var load = Load(10_000, 0.05);
        load = load with
        {
            EnvironmentsReady = 100,
            Use = load.Use with { TypicalSeconds = 0.001 },
            Limits = load.Limits with { NodeCores = 2, IsBusy = true },
        };

        QueueScaling.Decide(default, load).Decision.Concurrency.ShouldBe(8);
        QueueScaling.Decide(default, load with { Limits = load.Limits with { IsBusy = false } })
            .Decision.Concurrency.ShouldBe(167);
    }

    [Fact]
    public void Calls_longer_than_the_drain_time_get_one_each_and_never_more()
    {
        var (state, first) = QueueScaling.Decide(default, Load(10, 60));
        var (_, then) = QueueScaling.Decide(
            state, Load(1, 60) with { NowSeconds = 1, Arrived = 1, CallsInFlight = 10 });

        first.Concurrency.ShouldBe(10);
        then.Concurrency.ShouldBe(11, "the ten are busy for long");
    }

    [Fact]
    public void Batches_count_as_one_call()
    {
        var (_, decision) = QueueScaling.Decide(default, Load(2_000, 0.5) with { MessagesPerCall = 10 });

        decision.Concurrency.ShouldBe((int)Math.Ceiling(2_000 / (10 * QueueScaling.DrainSecondsDefault / 0.5)));
    }

    [Fact]
    public void What_has_waited_longer_gets_more()
    {
        var (_, fresh) = QueueScaling.Decide(default, Load(1_000, 0.2));
        var (_, late) = QueueScaling.Decide(default, Load(1_000, 0.2) with { OldestSeconds = 2 });

        late.Concurrency.ShouldBeGreaterThan(2 * fresh.Concurrency);
    }

    /// <summary>Rate x service time / concurrency, rounded up, one more or less.</summary>
    [Theory]
    [InlineData(10, 0.2, 1)]
    [InlineData(50, 0.2, 1)]
    [InlineData(100, 0.2, 1)]
    [InlineData(100, 0.05, 1)]
    [InlineData(100, 1.5, 1)]
    [InlineData(300, 0.2, 1)]
    [InlineData(300, 0.2, 16)]
    [InlineData(2_000, 0.1, 8)]
    [InlineData(1_000, 0.05, 10)]
    public void Step_load_settles_within_ten_seconds_and_turns_at_most_once(
        double rate, double executionSeconds, int callsPerEnvironment)
    {
        var load = new ScaleLoad
        {
            Name = "step",
            EndSeconds = 180,
            RatePerSecond = at => at < 5 ? 0 : at < 90 ? rate : 0,
            RateMax = rate,
            IsEven = true,
            MeanExecutionSeconds = executionSeconds,
        };

        var policy = new ControllerPolicy();
        new ScaleSimulation(Large with { CallsPerEnvironment = callsPerEnvironment }, policy).Run(load, seed: 1);

        var needed = Math.Ceiling((rate * executionSeconds / callsPerEnvironment) - 1e-9);
        var settled = policy.Decisions.Where(one => one.AtSeconds is > 15 and < 89).ToList();
        settled.Min(one => one.Decision.Environments).ShouldBeGreaterThanOrEqualTo((int)needed - 1);
        settled.Max(one => one.Decision.Environments).ShouldBeLessThanOrEqualTo((int)needed + 1);
        Turns(policy, 0, 90).ShouldBeLessThanOrEqualTo(1);
        Turns(policy, 80, 180).ShouldBe(0, "from the plateau down to zero");
        policy.Decisions[^1].Decision.Environments.ShouldBe(0);
    }

    [Fact]
    public void Step_load_by_chance_turns_hardly_more()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var policy = new ControllerPolicy();
            new ScaleSimulation(Large with { CallsPerEnvironment = 16 }, policy)
                .Run(ScaleLoads.Step.Times(4), seed);

            // 160 calls fill ten environments to the last place: chance needs one more or two.
            var settled = policy.Decisions.Where(one => one.AtSeconds is > 22 and < 159).ToList();
            settled.Min(one => one.Decision.Environments).ShouldBeGreaterThanOrEqualTo(9, $"seed {seed}");
            settled.Max(one => one.Decision.Environments).ShouldBeLessThanOrEqualTo(12, $"seed {seed}");
            Turns(policy, 25, 159).ShouldBeLessThanOrEqualTo(2, $"seed {seed}");
        }
    }

    [Fact]
    public void Scale_in_is_slower_than_out()
    {
        var policy = new ControllerPolicy();
        var load = ScaleLoads.Step with { IsEven = true, ExecutionLogDeviation = 0 };
        var halves = load with { RatePerSecond = at => at < 10 ? 0 : at < 60 ? 200 : 100 };
        new ScaleSimulation(Large with { CallsPerEnvironment = 1 }, policy).Run(halves, seed: 1);

        var outAfter = policy.Decisions.First(one => one.Decision.Wanted >= 40).AtSeconds - 10;
        var inAfter = policy.Decisions.First(one => one.AtSeconds > 60 && one.Decision.Wanted <= 21).AtSeconds - 60;
        outAfter.ShouldBeLessThan(2);
        inAfter.ShouldBeGreaterThan(QueueScaling.HoldSeconds);
        inAfter.ShouldBeLessThan(10);
    }

    [Fact]
    public void Bursts_leave_no_rate_behind()
    {
        var policy = new ControllerPolicy();
        new ScaleSimulation(Large with { CallsPerEnvironment = 1 }, policy).Run(ScaleLoads.Burst, seed: 3);

        policy.Decisions.ShouldAllBe(one => one.Decision.RatePerSecond < 1);
        ScaleSimulation.CountTurns(policy.Decisions.Select(one => (one.AtSeconds, one.Decision.Wanted)))
            .ShouldBe(3, "out and in, twice");
    }

    [Fact]
    public void Random_loads_never_pass_a_limit_and_more_backlog_never_gives_less()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            QueueScalingState state = default;
            var limits = Limits(random);
            for (var step = 0; step < 40; step++)
            {
                var load = Load(Scaled(random, 5_000), random.NextDouble() * 5) with
                {
                    NowSeconds = step * random.NextDouble() * 3,
                    OldestSeconds = random.NextDouble() * 20,
                    Arrived = Scaled(random, 2_000),
                    MessagesPerCall = 1 + random.Next(10),
                    CallsInFlight = Scaled(random, 500),
                    Limits = limits,
                };
                var (next, decision) = QueueScaling.Decide(state, load);
                var (_, more) = QueueScaling.Decide(state, load with { Backlog = load.Backlog + Scaled(random, 999) });

                decision.Concurrency.ShouldBeInRange(0, Most(limits));
                decision.Environments.ShouldBeInRange(0, limits.NodeEnvironments);
                (decision.Concurrency < decision.Wanted).ShouldBe(decision.Limit != ScalingLimit.None);
                more.Wanted.ShouldBeGreaterThanOrEqualTo(decision.Wanted);
                state = next;
            }
        }
    }

    [Fact]
    public void Limits_are_named()
    {
        var load = Load(2_000, 1);
        var wide = load.Limits;

        Name(wide with { Reserved = 3 }).ShouldBe((ScalingLimit.Reserved, 3));
        Name(wide with { Account = 4 }).ShouldBe((ScalingLimit.Account, 4));
        Name(wide with { Source = 2 }).ShouldBe((ScalingLimit.Source, 2));
        Name(wide with { NodeEnvironments = 5 }).ShouldBe((ScalingLimit.NodeEnvironments, 10));
        Name(wide with { NodeMegabytes = 640 }).ShouldBe((ScalingLimit.NodeMemory, 10));
        Name(wide with { NodeCores = 2 }).ShouldBe((ScalingLimit.NodeProcessor, 5));

        (ScalingLimit Limit, int Calls) Name(ScalingLimits limits)
        {
            var use = load.Use with { CallsPerEnvironment = 2, EnvironmentMegabytes = 128, CoresPerCall = 0.5 };
            var (_, decision) = QueueScaling.Decide(default, load with { Limits = limits, Use = use });
            decision.LimitedTo.ShouldBe(decision.Concurrency);
            return (decision.Limit, decision.Concurrency);
        }
    }

    private static int Turns(ControllerPolicy policy, double from, double to) => ScaleSimulation.CountTurns(
        policy.Decisions
            .Where(one => one.AtSeconds >= from && one.AtSeconds < to)
            .Select(one => (one.AtSeconds, one.Decision.Environments)));

    private static QueueLoad Load(int backlog, double executionSeconds) => new()
    {
        Backlog = backlog,
        Arrived = backlog,
        MessagesPerCall = 1,
        Use = new FunctionUse { ExecutionSeconds = executionSeconds, StartSeconds = 0.25, CallsPerEnvironment = 1 },
        Limits = ScalingLimits.Wide,
    };

    private static ScalingLimits Limits(Random random) => new()
    {
        Reserved = random.Next(3) == 0 ? random.Next(100) : null,
        Source = random.Next(3) == 0 ? random.Next(1, 100) : null,
        Account = random.Next(1_000),
        NodeEnvironments = random.Next(200),
        NodeMegabytes = random.Next(100_000),
        NodeCores = 1 + random.Next(64),
    };

    private static int Most(ScalingLimits limits) => Math.Min(
        Math.Min(limits.Reserved ?? int.MaxValue, limits.Source ?? int.MaxValue),
        Math.Min(limits.Account, limits.NodeEnvironments));

    private static int Scaled(Random random, int most) => (int)(most * Math.Pow(random.NextDouble(), 4));
}

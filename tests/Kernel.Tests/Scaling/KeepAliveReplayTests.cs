using Lambent.Kernel.Scaling;
using Lambent.Load.KeepAlive;
using Lambent.Load.Scenarios;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

/// <summary>The policy on generated days, smaller than those of the bench, and the generator itself.</summary>
public sealed class KeepAliveReplayTests
{
    private const double Day = TraceGenerator.DaySeconds;

    private static readonly KeepAliveReplay Predicted = new(new KeepAlivePolicy(new KeepAliveOptions()), true);

    /// <summary>Sums of several days, because one small day is mostly chance.</summary>
    [Fact]
    public void Replay_predicting_costs_less_of_both_than_fixed_times()
    {
        var (ours, ten, twenty) = (new ReplayCost(), new ReplayCost(), new ReplayCost());
        for (var seed = 101; seed <= 105; seed++)
        {
            var costs = KeepAliveScenario.Replay(
                [
                    Predicted,
                    KeepAliveReplay.Fixed(TimeSpan.FromMinutes(10)),
                    KeepAliveReplay.Fixed(TimeSpan.FromMinutes(20)),
                ],
                seed,
                functions: 200);
            (ours, ten, twenty) = (ours + costs[0], ten + costs[1], twenty + costs[2]);
        }

        ours.Calls.ShouldBe(ten.Calls);
        ours.ColdStarts.ShouldBeLessThan((long)(0.65 * ten.ColdStarts));
        ours.IdleMegabyteSeconds.ShouldBeLessThan(ten.IdleMegabyteSeconds);
        ours.ColdStarts.ShouldBeLessThan(twenty.ColdStarts);
        ours.IdleMegabyteSeconds.ShouldBeLessThan(0.9 * twenty.IdleMegabyteSeconds);
    }

    [Fact]
    public void Replay_fixed_time_counts_by_hand()
    {
        // Two calls at once, one a minute later, one half an hour later.
        var function = new TraceFunction(
            ArrivalShape.Bursts, 100, [new(0, 10), new(5, 10), new(75, 10), new(1885, 10)]);

        var cost = KeepAliveReplay.Fixed(TimeSpan.FromMinutes(10)).Run(function, 2000);

        cost.Calls.ShouldBe(4);
        cost.ColdStarts.ShouldBe(3);
        cost.Starts.ShouldBe(3);

        // Idle: 60 s of the second until it is used again and 600 s after that, 600 s of the first, 105 s at the end.
        cost.IdleMegabyteSeconds.ShouldBe(100 * (60 + 600 + 600 + 105), 1e-6);
    }

    [Fact]
    public void Replay_hourly_timer_is_warm_once_it_is_known()
    {
        var function = new TraceFunction(
            ArrivalShape.Timer, 128, [.. Enumerable.Range(0, 24).Select(hour => new TraceCall(hour * 3600, 1))]);

        var predicted = Predicted.Run(function, Day);
        var fixedTime = KeepAliveReplay.Fixed(TimeSpan.FromMinutes(10)).Run(function, Day);

        fixedTime.ColdStarts.ShouldBe(24);
        predicted.ColdStarts.ShouldBeLessThanOrEqualTo(4);
        predicted.IdleMegabyteSeconds.ShouldBeLessThan(fixedTime.IdleMegabyteSeconds);
    }

    [Fact]
    public void Generate_same_seed_gives_the_same_day_and_another_seed_another()
    {
        Fingerprint(7).ShouldBe(Fingerprint(7));
        Fingerprint(7).ShouldNotBe(Fingerprint(8));

        static double Fingerprint(int seed) => new TraceGenerator(seed).Generate(50)
            .Sum(function => function.MemoryMegabytes + function.Calls.Sum(call => call.StartSeconds));
    }

    [Fact]
    public void Generate_has_the_published_shape()
    {
        var functions = new TraceGenerator(3).Generate(1_000).ToList();
        var durations = functions.SelectMany(function => function.Calls.Take(1)).Select(call => call.DurationSeconds);

        Share(functions, function => function.Calls.Count <= 24).ShouldBe(0.45, 0.06);
        Share(functions, function => function.Calls.Count <= 1_440).ShouldBe(0.81, 0.08);
        Share(functions, function => function.Shape == ArrivalShape.Timer).ShouldBe(0.2, 0.05);
        durations.Order().ElementAt(functions.Count(function => function.Calls.Count > 0) / 2).ShouldBe(0.68, 0.3);
        functions.ShouldAllBe(function => function.Calls.All(call => call.StartSeconds < Day));
        functions.ShouldAllBe(function => function.Calls.Zip(function.Calls.Skip(1))
            .All(pair => pair.First.StartSeconds <= pair.Second.StartSeconds));
    }

    private static double Share(List<TraceFunction> functions, Func<TraceFunction, bool> has) =>
        functions.Count(has) / (double)functions.Count;
}

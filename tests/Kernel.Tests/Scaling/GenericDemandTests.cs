using Lambent.Kernel.Scaling;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Scaling;

public sealed class GenericDemandTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void New_kind_is_ready_for_a_first_burst() =>
        GenericDemand.Begin(Start).Forecast(Start).ShouldBe(GenericDemand.Initial);

    [Fact]
    public void Kind_that_nobody_asks_for_keeps_the_least() =>
        GenericDemand.Begin(Start).Forecast(Start.AddHours(6)).ShouldBe(GenericDemand.Least);

    [Fact]
    public void Demand_halves_with_the_half_life() =>
        GenericDemand.Begin(Start).Forecast(Start + GenericDemand.HalfLife).ShouldBe(GenericDemand.Initial / 2);

    [Fact]
    public void Burst_is_expected_again()
    {
        var demand = new GenericDemand(1, 0, Start);
        for (var taken = 0; taken < 100; taken++)
        {
            demand = demand.Take(Start.AddMilliseconds(taken));
        }

        demand.Forecast(Start.AddSeconds(1)).ShouldBe(100);
        demand.Forecast(Start + GenericDemand.Window).ShouldBe(100);
        demand.Forecast(Start + GenericDemand.HalfLife).ShouldBe(50);
    }

    [Fact]
    public void Guess_gives_way_to_a_newer_kind_and_what_was_counted_does_not()
    {
        var guessed = GenericDemand.Begin(Start).GiveWay(Start);
        guessed.Forecast(Start).ShouldBe(GenericDemand.Initial / 2);

        var counted = GenericDemand.Begin(Start);
        for (var taken = 0; taken < 40; taken++)
        {
            counted = counted.Take(Start);
        }

        var later = Start + GenericDemand.Window;
        counted.GiveWay(later).GiveWay(later).Forecast(later).ShouldBe(40);
    }

    [Fact]
    public void Steady_demand_is_counted_by_the_window()
    {
        var demand = new GenericDemand(1, 0, Start);
        for (var second = 0; second < 600; second++)
        {
            demand = demand.Take(Start.AddSeconds(second));
        }

        demand.Forecast(Start.AddSeconds(600)).ShouldBe(5);
    }

    [Fact]
    public void Everything_wanted_fits_where_there_is_memory() =>
        GenericShare.Divide([new(10, 100), new(20, 10)], 1_200).ShouldBe([10, 20]);

    [Fact]
    public void Scarce_memory_is_divided_by_what_is_wanted() =>
        GenericShare.Divide([new(10, 100), new(20, 10)], 600).ShouldBe([5, 10]);

    [Fact]
    public void Each_kind_gets_one_while_one_fits() =>
        GenericShare.Divide([new(1, 100), new(1_000, 1), new(1, 500)], 700).ShouldBe([1, 437, 0]);

    [Fact]
    public void Memory_is_never_exceeded()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var shares = Enumerable.Range(0, random.Next(1, 12))
                .Select(_ => new GenericShare(random.Next(0, 100), random.Next(1, 50_000)))
                .ToList();
            var budget = random.Next(0, 1_000_000);
            GenericShare.Divide(shares, budget).Select((count, index) => count * shares[index].Bytes).Sum()
                .ShouldBeLessThanOrEqualTo(budget, $"seed {seed}");
        }
    }
}

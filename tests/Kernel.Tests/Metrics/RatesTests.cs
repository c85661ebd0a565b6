using System.Globalization;
using System.Numerics;
using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Metrics;

public sealed class RatesTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Rates Usual = new(Start, 0.0000166667m, 0.20m, "USD");

    [Fact]
    public void Cost_is_exact_to_the_last_decimal()
    {
        // One GB for one second and a million requests.
        Money.Of(1_024_000, 1_000_000, Usual).ToString().ShouldBe("0.2000166667");
        Money.Of(128, 1, Usual).ToString().ShouldBe("0.0000002020833375");
        Money.Zero.ToString().ShouldBe("0");
    }

    [Fact]
    public void Sums_of_parts_are_the_whole_whatever_the_parts()
    {
        var random = new Random(11);
        for (var round = 0; round < 200; round++)
        {
            var rates = Usual with
            {
                PerGigabyteSecond = random.NextInt64(1, 1_000_000_000_000) / 10_000_000_000m,
                PerMillionRequests = random.NextInt64(1, 1_000_000_000_000) / 10_000_000_000m,
            };
            var parts = Enumerable.Range(0, random.Next(1, 50))
                .Select(_ => (Memory: random.NextInt64(1_000_000_000_000), Calls: random.NextInt64(1_000_000_000)))
                .ToList();
            var sum = parts.Aggregate(Money.Zero, (total, part) => total + Money.Of(part.Memory, part.Calls, rates));

            sum.ShouldBe(Money.Of(parts.Sum(part => part.Memory), parts.Sum(part => part.Calls), rates));
            parts.Aggregate(BigInteger.Zero, (total, part) => total + Scaled(Money.Of(part.Memory, part.Calls, rates)))
                .ShouldBe(Scaled(sum));
        }
    }

    [Fact]
    public void Change_of_rates_counts_from_its_minute_on()
    {
        var history = RateHistory.Empty.With(Usual).Value
            .With(Usual with { From = Start.AddDays(3).AddSeconds(20), PerMillionRequests = 1 }).Value;

        history.At(Start.AddTicks(-1)).ShouldBeNull();
        history.At(Start.AddDays(3).AddTicks(-1))!.PerMillionRequests.ShouldBe(0.20m);
        history.At(Start.AddDays(3))!.PerMillionRequests.ShouldBe(1);
        history.Split(Start.AddDays(-1), Start.AddDays(5)).Select(part => (part.From, part.Rates?.PerMillionRequests))
            .ShouldBe([(Start.AddDays(-1), null), (Start, 0.20m), (Start.AddDays(3), 1m)]);
    }

    [Theory]
    [InlineData(-1, 1, "USD", "perGigabyteSecond")]
    [InlineData(1, 1e-11, "USD", "perMillionRequests")]
    [InlineData(1, 1, "usd", "currency")]
    public void Wrong_rates_name_the_field(double second, double million, string currency, string field) =>
        RateHistory.Empty.With(new Rates(Start, (decimal)second, (decimal)million, currency))
            .Error!.Field.ShouldBe(field);

    private static BigInteger Scaled(Money money)
    {
        var parts = money.ToString().Split('.');
        return BigInteger.Parse(
            parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(Money.Decimals, '0'), CultureInfo.InvariantCulture);
    }
}

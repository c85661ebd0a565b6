using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Metrics;

public sealed class MetricHistogramTests
{
    private static readonly double[] Percents = [0, 1, 25, 50, 75, 90, 95, 99, 99.9, 100];

    [Fact]
    public void Percentile_of_generated_values_is_within_one_percent_of_the_exact_one()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var values = Generate(random, 1 + random.Next(2_000));
            var histogram = new MetricHistogram();
            values.ForEach(value => histogram.Add(value));
            values.Sort();
            foreach (var percent in Percents)
            {
                var rank = Math.Max(1, (int)Math.Ceiling(percent / 100 * values.Count));
                var exact = values[rank - 1];
                var error = Math.Abs(histogram.Percentile(percent) - exact) / Math.Max(Math.Abs(exact), double.Epsilon);
                error.ShouldBeLessThanOrEqualTo(
                    MetricHistogram.RelativeErrorMax, $"seed {seed}, p{percent} of {values.Count} values");
            }
        }

        MetricHistogram.RelativeErrorMax.ShouldBeLessThan(0.01);
    }

    [Fact]
    public void Histograms_that_are_added_are_the_same_in_any_order_and_as_one()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var parts = Enumerable.Range(0, 3).Select(_ => Generate(random, random.Next(300))).ToList();
            var whole = Of([.. parts.SelectMany(part => part)]);
            var left = Of(parts[0]);
            left.Add(Of(parts[1]));
            left.Add(Of(parts[2]));
            var right = Of(parts[2]);
            right.Add(Of(parts[1]));
            var outer = Of(parts[0]);
            right.Add(outer);

            left.Buckets().ShouldBe(whole.Buckets());
            right.Buckets().ShouldBe(whole.Buckets());
            left.Count.ShouldBe(whole.Count);
        }
    }

    [Fact]
    public void Values_of_both_signs_and_zero_are_in_order()
    {
        var histogram = Of([-1_000, -10, 0, 0, 10, 1_000]);

        histogram.Percentile(1).ShouldBe(-1_000, 10);
        histogram.Percentile(20).ShouldBe(-10, 0.1);
        histogram.Percentile(50).ShouldBe(0);
        histogram.Percentile(100).ShouldBe(1_000, 10);
        histogram.CountUpTo(0).ShouldBe(4);
    }

    [Fact]
    public void What_is_no_finite_number_is_left_out()
    {
        var histogram = Of([double.NaN, double.PositiveInfinity, 1]);

        histogram.Count.ShouldBe(1);
        new MetricHistogram().Percentile(50).ShouldBe(0);
    }

    private static MetricHistogram Of(List<double> values)
    {
        var histogram = new MetricHistogram();
        values.ForEach(value => histogram.Add(value));
        return histogram;
    }

    /// <summary>Over sixteen powers of ten, now and then the same value, a zero or a negative one.</summary>
    private static List<double> Generate(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ => random.Next(20) switch
        {
            0 => 0,
            1 => 1_000,
            2 => -Math.Pow(10, random.NextDouble() * 6),
            _ => Math.Pow(10, (random.NextDouble() * 16) - 4),
        }),
    ];
}

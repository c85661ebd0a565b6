using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Metrics;

public sealed class ExponentialBucketsTests
{
    [Theory]
    [InlineData(1, 1.5)]
    [InlineData(1, 1_000)]
    [InlineData(1e-3, 1e9)]
    public void Values_are_in_their_bucket_or_the_next_and_none_is_lost(double smallest, double largest)
    {
        var random = new Random(7);
        var histogram = new MetricHistogram();
        var values = Enumerable.Range(0, 5_000)
            .Select(_ => smallest * Math.Pow(largest / smallest, random.NextDouble())).Order().ToList();
        values.ForEach(value => histogram.Add(value));
        histogram.Add(0, 3);

        var buckets = ExponentialBuckets.Of(histogram, 1e-6);

        buckets.ZeroCount.ShouldBe(3);
        buckets.Counts.Sum().ShouldBe(5_000);
        buckets.Counts.Count.ShouldBeLessThanOrEqualTo(ExponentialBuckets.CountMax);
        var growth = Math.Pow(2, Math.Pow(2, -buckets.Scale));
        var passed = 0L;
        for (var index = 0; index < buckets.Counts.Count; index++)
        {
            passed += buckets.Counts[index];
            var bound = Math.Pow(growth, buckets.Offset + index + 1) * 1e6;
            var upTo = values.Count(value => value <= bound * (1 - (2 * MetricHistogram.RelativeErrorMax)));
            var atMost = values.Count(value => value <= bound * (1 + (2 * MetricHistogram.RelativeErrorMax)));
            passed.ShouldBeInRange(upTo, atMost);
        }
    }

    [Fact]
    public void Nothing_and_zeroes_have_no_buckets()
    {
        var histogram = new MetricHistogram();
        ExponentialBuckets.Of(histogram, 1).Counts.ShouldBeEmpty();
        histogram.Add(0, 2);
        var buckets = ExponentialBuckets.Of(histogram, 1);
        (buckets.ZeroCount, buckets.Counts.Count).ShouldBe((2L, 0));
    }
}

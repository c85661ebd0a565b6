using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Metrics;

public sealed class MetricCellTests
{
    [Fact]
    public void Cell_that_was_written_reads_the_same()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var cell = Generate(new Random(seed));
            var bytes = cell.ToBytes();
            var read = MetricCell.Read(bytes).ShouldNotBeNull();

            read.ToBytes().ShouldBe(bytes);
            read[MetricMeasure.Duration]!.Percentile(99).ShouldBe(cell[MetricMeasure.Duration]!.Percentile(99));
        }
    }

    [Fact]
    public void Adding_cells_does_not_depend_on_the_order()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var bytes = Enumerable.Range(0, 4).Select(_ => Generate(random).ToBytes()).ToList();

            Sum(bytes).ShouldBe(Sum(Enumerable.Reverse(bytes)));
            var halves = (byte[][])[Sum(bytes.Take(2)), Sum(bytes.Skip(2))];
            Sum(halves).ShouldBe(Sum(bytes));
        }
    }

    [Fact]
    public void Damaged_bytes_are_refused_without_an_exception()
    {
        var random = new Random(7);
        var bytes = Generate(random).ToBytes();
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = bytes[..random.Next(bytes.Length)];
            for (var change = random.Next(4); change > 0 && damaged.Length > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            Should.NotThrow(() => MetricCell.Read(damaged));
        }

        MetricCell.Read([]).ShouldBeNull();
        MetricCell.Read([99, 0]).ShouldBeNull();
    }

    [Fact]
    public void Minute_of_ten_thousand_calls_takes_less_than_a_kilobyte()
    {
        var random = new Random(1);
        var cell = new MetricCell();
        for (var call = 0; call < 10_000; call++)
        {
            cell.Count(MetricCounter.Invocations);
            cell.Measure(MetricMeasure.Duration, Math.Floor(2_000 * Math.Exp(random.NextDouble() * 3)));
        }

        cell.ToBytes().Length.ShouldBeLessThan(1_024);
    }

    private static byte[] Sum(IEnumerable<byte[]> cells)
    {
        var sum = new MetricCell();
        foreach (var bytes in cells)
        {
            sum.Add(MetricCell.Read(bytes)!);
        }

        return sum.ToBytes();
    }

    private static MetricCell Generate(Random random)
    {
        var cell = new MetricCell();
        foreach (var counter in Enum.GetValues<MetricCounter>())
        {
            cell.Count(counter, random.Next(3) == 0 ? random.NextInt64(-5, long.MaxValue / 1_000) : 0);
        }

        // Whole microseconds, as they are measured: sums of them are exact.
        for (var value = random.Next(1, 200); value > 0; value--)
        {
            cell.Measure(MetricMeasure.Duration, random.NextInt64(900_000_000));
            cell.Measure(MetricMeasure.MessagesVisible, random.Next(10));
        }

        return cell;
    }
}

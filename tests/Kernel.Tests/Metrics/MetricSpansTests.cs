using Lambent.Kernel.Metrics;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Metrics;

public sealed class MetricSpansTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 34, 0, TimeSpan.Zero);

    [Fact]
    public void Stretch_is_put_together_of_days_hours_and_minutes_without_gaps()
    {
        var random = new Random(3);
        for (var round = 0; round < 200; round++)
        {
            var from = Now - TimeSpan.FromMinutes(random.Next(1, 20_000));
            var to = from + TimeSpan.FromMinutes(random.Next(1, 20_000));
            var spans = MetricSpans.Cover(from, to, MetricResolution.Day, Now);

            spans[0].From.ShouldBe(from);
            spans[^1].To.ShouldBe(to);
            foreach (var (one, next) in spans.Zip(spans.Skip(1)))
            {
                next.From.ShouldBe(one.To);
            }

            spans.Sum(span => (span.To - span.From) / MetricSpans.Length(span.Resolution))
                .ShouldBeLessThan((2 * (60 + 24)) + 20);
        }
    }

    [Fact]
    public void What_is_too_old_for_minutes_is_read_from_hours()
    {
        var from = Now - TimeSpan.FromDays(20);
        var spans = MetricSpans.Cover(from, from + TimeSpan.FromMinutes(90), MetricResolution.Minute, Now);

        spans.ShouldHaveSingleItem().ShouldBe(new MetricSpan(
            MetricResolution.Hour, MetricSpans.Floor(from, TimeSpan.FromHours(1)),
            MetricSpans.Floor(from, TimeSpan.FromHours(1)) + TimeSpan.FromHours(3)));
    }
}

using Lambent.Kernel.Traces;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Traces;

/// <summary>
/// Releases with latencies as functions have them: skewed (log-normal), with now and then a burst in which a neighbour
/// makes everything slower for some calls in a row.
/// </summary>
public sealed class RegressionsTests
{
    private const int Controls = 400;

    [Fact]
    public void Release_that_adds_30_ms_in_one_span_is_named()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var report = Regressions.Find(
                [.. Enumerable.Range(1, 4).Select(number => Release(random, number, slower: number >= 3 ? 30 : 0))]);
            report.Culprit.ShouldNotBeNull($"seed {seed}");
            report.Culprit.Release.ShouldBe("r3", $"seed {seed}");
            report.Culprit.Span.ShouldBe("query", $"seed {seed}");
            report.Culprit.Shift.ShouldBeInRange(20, 40);
            report.Culprit.P.ShouldBeLessThan(Regressions.Significance);
            report.Culprit.ShiftLow.ShouldBeLessThan(report.Culprit.Shift);
            report.Changes.Where(change => change.Release != "r3")
                .ShouldAllBe(change => change.Verdict != SpanVerdict.Slower);
        }
    }

    [Fact]
    public void Release_that_becomes_faster_is_no_culprit()
    {
        var random = new Random(5);
        var report = Regressions.Find([Release(random, 1, 30), Release(random, 2, 0)]);
        report.Culprit.ShouldBeNull();
        report.Changes.ShouldContain(change => change.Span == "query" && change.Verdict == SpanVerdict.Faster);
    }

    [Fact]
    public void Controls_without_a_change_name_nothing_in_99_of_100()
    {
        var alarms = 0;
        for (var seed = 0; seed < Controls; seed++)
        {
            var random = new Random(10_000 + seed);
            var calls = new[] { Regressions.CallsMin, 150, 300, 600 }[seed % 4];
            var report = Regressions.Find(
                [.. Enumerable.Range(1, 4).Select(number => Release(random, number, 0, calls))]);
            alarms += report.Changes.Any(change => change.Verdict is SpanVerdict.Slower or SpanVerdict.Faster) ? 1 : 0;
        }

        alarms.ShouldBeLessThan(Controls / 100);
    }

    [Fact]
    public void Few_calls_say_nothing()
    {
        var random = new Random(3);
        var report = Regressions.Find(
            [Release(random, 1, 0, Regressions.CallsMin - 1), Release(random, 2, 500)]);
        report.IsConclusive.ShouldBeFalse();
        report.Culprit.ShouldBeNull();
        report.Changes.ShouldAllBe(change => change.Verdict == SpanVerdict.TooFewCalls);
    }

    [Fact]
    public void Shift_that_does_not_matter_is_no_change()
    {
        var steady = Enumerable.Range(0, 200).Select(number => 100 + (number % 7 * 0.01)).ToList();
        var report = Regressions.Find(
        [
            new ReleaseTimes("r1", [new SpanTimes("handler", false, false, steady)]),
            new ReleaseTimes("r2", [new SpanTimes("handler", false, false, [.. steady.Select(value => value + 2)])]),
        ]);
        report.Changes.ShouldHaveSingleItem().Verdict.ShouldBe(SpanVerdict.NoChange);
        report.Changes[0].P.ShouldBeLessThan(0.001);
    }

    [Fact]
    public void Values_that_are_all_the_same_have_no_probability_of_change() =>
        RankTest.Compare([.. Enumerable.Repeat(5.0, 50)], [.. Enumerable.Repeat(5.0, 50)]).P.ShouldBe(1);

    [Fact]
    public void Test_agrees_with_a_worked_example()
    {
        // U = 1 of 25: the exact p is 0.0159, the normal one with continuity correction 0.0216. Five values of which
        // nobody knows whether they are independent tell less.
        var result = RankTest.Compare([1, 5, 2, 4, 6], [7, 9, 5.5, 10, 8]);
        result.P.ShouldBeInRange(0.015, 0.06);
        result.Shift.ShouldBe(4, 0.6);
    }

    private static ReleaseTimes Release(Random random, int number, double slower, int calls = 300)
    {
        var (query, render, handler) = (new List<double>(), new List<double>(), new List<double>());
        var inBurst = false;
        for (var call = 0; call < calls; call++)
        {
            inBurst = random.NextDouble() < (inBurst ? 0.9 : 0.02);
            var pace = inBurst ? 1.8 : 1;
            query.Add((40 * LogNormal(random, 0.35) * pace) + slower);
            render.Add(8 * LogNormal(random, 0.5) * pace);
            handler.Add(query[^1] + render[^1] + (3 * LogNormal(random, 0.6)));
        }

        return new ReleaseTimes(
            $"r{number}",
            [
                new SpanTimes("handler", false, false, handler),
                new SpanTimes("query", false, true, query),
                new SpanTimes("render", false, true, render),
                new SpanTimes("init", true, false, [.. handler.Where((_, index) => index % 8 == 0)]),
            ]);
    }

    private static double LogNormal(Random random, double sigma)
    {
        var (one, other) = (1 - random.NextDouble(), random.NextDouble());
        return Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(one)) * Math.Cos(2 * Math.PI * other));
    }
}

using Lambent.Kernel.Errors;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Errors;

public sealed class ErrorGroupStateTests
{
    private static readonly DateTimeOffset Resolved = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("f", "6", -5, true)]
    [InlineData("f", "5", 5, false)]
    [InlineData("f", "4", 5, false)]
    [InlineData("f", "$LATEST", -5, false)]
    [InlineData("f", "$LATEST", 5, true)]
    [InlineData("g", "9", -5, false)]
    [InlineData("g", "1", 5, true)]
    public void ResolvedInAVersion_isReopenedByALaterReleaseOnly(
        string function, string version, int releasedMinutes, bool reopened) =>
        new ErrorGroupState(ErrorGroupStatus.Resolved, Resolved, "f", 5)
            .IsReopenedBy(function, version, Resolved.AddMinutes(releasedMinutes)).ShouldBe(reopened);

    [Fact]
    public void ResolvedNow_isReopenedByWhatIsReleasedLater()
    {
        var state = new ErrorGroupState(ErrorGroupStatus.Resolved, Resolved);
        state.IsReopenedBy("f", "7", Resolved.AddSeconds(-1)).ShouldBeFalse();
        state.IsReopenedBy("f", "7", Resolved.AddSeconds(1)).ShouldBeTrue();
        state.IsReopenedBy("f", "7", default).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ErrorGroupStatus.Open)]
    [InlineData(ErrorGroupStatus.Ignored)]
    public void NotResolved_isNeverReopened(ErrorGroupStatus status) =>
        new ErrorGroupState(status, Resolved).IsReopenedBy("f", "9", Resolved.AddDays(1)).ShouldBeFalse();

    [Fact]
    public void Samples_areTheFirstTheNewestAndSomeBetween()
    {
        for (var count = 1L; count < 3_000; count++)
        {
            var kept = Enumerable.Range(1, (int)count).Count(number => SampleRule.IsKept(number, count));
            kept.ShouldBeLessThanOrEqualTo(SampleRule.SamplesMax);
            SampleRule.IsKept(1, count).ShouldBeTrue();
            SampleRule.IsKept(count, count).ShouldBeTrue();
        }
    }
}
